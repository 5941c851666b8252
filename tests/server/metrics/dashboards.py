"""The dashboard and the alerts, as they are deployed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
ALERTS_FILE = ROOT / "deploy/prometheus/alerts.yaml"
ALERTS: dict[str, Any] = yaml.safe_load(ALERTS_FILE.read_text())
RULES: list[dict[str, Any]] = [rule for group in ALERTS["groups"] for rule in group["rules"]]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/inkwell.json").read_text())
TARGETS = [target for panel in DASHBOARD["panels"] for target in panel.get("targets", ())]


def filled_in(expression: str) -> str:
    """Put values in the place of the dashboard's variables."""
    expression = expression.replace("$__rate_interval", "5m")
    return expression.replace("$job", "inkwell").replace("$instance", ".+")
