"""The manifests of `deploy/kubernetes/`: their files, and what kubectl makes of them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

Manifest = dict[str, Any]

ROOT = Path(__file__).parents[2]
BASE = ROOT / "deploy/kubernetes/base"
EXAMPLE = ROOT / "deploy/kubernetes/overlays/example"
KUSTOMIZATION = "kustomization.yaml"


def read(file: Path) -> Manifest:
    """Read a file of one manifest; raises `ValueError` for another number."""
    (manifest,) = yaml.safe_load_all(file.read_text())
    return dict(manifest)


def files(folder: Path) -> list[Path]:
    """List the manifests of a folder."""
    return sorted(file for file in folder.glob("*.yaml") if file.name != KUSTOMIZATION)


def variables(file: Path) -> dict[str, str]:
    """Read a file of settings, as kustomize does: a line each, and comments."""
    lines = (line for line in file.read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def rendered(folder: Path) -> list[Manifest]:
    """Have kubectl put an overlay together; raises `CalledProcessError`, and skips without it."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("NOT TESTED: what kustomize makes of the manifests; it takes kubectl.")
    command = [kubectl, "kustomize", str(folder)]
    told = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 (ours)
    return [*yaml.safe_load_all(told.stdout)]
