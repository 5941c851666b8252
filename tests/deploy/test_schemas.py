"""The manifests are what Kubernetes reads, and kustomize finds all of them."""

from __future__ import annotations

import copy
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.deploy.manifests import BASE, EXAMPLE, KUSTOMIZATION, Manifest, files, read, rendered

OLDEST, NEWEST = "1.31", "1.37"
FOLDERS = pytest.mark.parametrize("folder", [BASE, EXAMPLE], ids=["base", "example"])
MANIFESTS = [*files(BASE), *files(EXAMPLE)]


def check(manifest: Manifest, version: str = NEWEST) -> None:
    """Raise `ValidationError` for what is no manifest of a version of Kubernetes."""
    assert kubernetes_validate.validate(manifest, version, strict=True) == version


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("file", MANIFESTS, ids=[file.stem for file in MANIFESTS])
def test_each_manifest_is_of_its_schema(file: Path, version: str) -> None:
    """Of all versions that the docs name, with no field that there is not."""
    check(read(file), version)


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ("replica", 2),
        ("minReadySeconds", "ten"),
        ("strategy", {"rollingUpdate": {"maxSurge": [1]}}),
        ("template", {"spec": {"container": []}}),
    ],
)
def test_what_is_no_manifest_is_refused(deployment: Manifest, place: str, wrong: Any) -> None:
    """A misspelt field would be ignored by a cluster, and the default be in force."""
    mistaken = copy.deepcopy(deployment)
    mistaken["spec"][place] = wrong

    with pytest.raises(kubernetes_validate.ValidationError):
        check(mistaken)


@FOLDERS
def test_each_manifest_is_a_resource(folder: Path) -> None:
    """A file that no kustomization names would reach no cluster."""
    named = read(folder / KUSTOMIZATION)["resources"]

    assert [each for each in named if each.endswith(".yaml")] == [f.name for f in files(folder)]


@FOLDERS
def test_kustomize_makes_manifests_of_it(folder: Path) -> None:
    """Of all files, and of the settings, which are in none."""
    manifests = rendered(folder)

    for manifest in manifests:
        check(manifest)
    kinds = {manifest["kind"] for manifest in manifests}
    assert kinds >= {read(file)["kind"] for file in files(folder)} | {"ConfigMap"}


def test_the_pods_of_the_example_find_what_they_name() -> None:
    """Settings and secrets end in a digest, in each place alike, and the image is a release."""
    manifests = rendered(EXAMPLE)

    names = {(each["kind"], each["metadata"]["name"]) for each in manifests}
    makers = [each for each in manifests if each["kind"] in {"Deployment", "Job"}]
    assert len(makers) == 2
    for maker in makers:
        (container,) = maker["spec"]["template"]["spec"]["containers"]
        config, *secrets = container["envFrom"]
        assert ("ConfigMap", config["configMapRef"]["name"]) in names
        assert {("Secret", each["secretRef"]["name"]) for each in secrets} <= names
        assert config["configMapRef"]["name"].startswith("inkwell-")
        name, tag = container["image"].split(":")
        assert name != "inkwell" and tag != "latest"
    assert {each["metadata"]["namespace"] for each in manifests if each["kind"] != "Namespace"} == {
        "inkwell"
    }


def test_a_kustomization_that_names_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    """So that the tests above have something to say."""
    (tmp_path / KUSTOMIZATION).write_text(yaml.safe_dump({"resources": ["missing.yaml"]}))

    with pytest.raises(CalledProcessError) as error:
        rendered(tmp_path)

    assert "missing.yaml" in error.value.stderr
