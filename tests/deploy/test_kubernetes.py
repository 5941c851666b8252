"""The manifests fit the server: its ports and probes, its memory, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping

import typer
from argon2.profiles import RFC_9106_LOW_MEMORY

from server.app import create_app
from server.cli.commands import commands
from server.operations.documents import KEPT_BYTES
from server.passwords import MAX_THREADS
from server.settings import Settings
from tests.deploy.manifests import BASE, EXAMPLE, ROOT, Manifest, read

MIB = 1024 * 1024
AT_REST_BYTES = 120 * MIB
MAX_CONNECTIONS = 100  # PostgreSQL's default
OTHER_CONNECTIONS = 10  # of migrations, monitoring and operators, as docs/scaling.md has it
PROBES = ["startupProbe", "livenessProbe", "readinessProbe"]


def mebibytes(quantity: str) -> int:
    """Read an amount of memory; raises `ValueError` for one that is in another unit."""
    return int(quantity.removesuffix("Mi")) * MIB


def selects(selector: Mapping[str, str], maker: Manifest) -> bool:
    """Tell whether a selector finds the pods of a Deployment or a Job."""
    labels: Mapping[str, str] = maker["spec"]["template"]["metadata"]["labels"]
    return selector.items() <= labels.items()


def test_ports_and_probes_are_the_servers(
    container: Manifest, image: dict[str, str], settings: Settings
) -> None:
    """A probe that asks elsewhere would have good pods restarted."""
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    paths = {getattr(route, "path", None) for route in create_app(settings).routes}

    assert ports["http"] == int(image["PORT"])
    for probe in PROBES:
        assert container[probe]["httpGet"]["port"] == "http"
        assert container[probe]["httpGet"]["path"] in paths
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    (service,) = read(BASE / "service.yaml")["spec"]["ports"]
    assert service["targetPort"] == "http"


def test_prometheus_finds_the_metrics(
    deployment: Manifest, container: Manifest, environment: dict[str, str]
) -> None:
    """At a port of their own, which neither the Service nor the Ingress leads to."""
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    annotations = deployment["spec"]["template"]["metadata"]["annotations"]
    rules = read(EXAMPLE / "network-policy.yaml")["spec"]["ingress"]

    assert str(ports["metrics"]) == environment["METRICS_PORT"] == annotations["prometheus.io/port"]
    assert [port["port"] for rule in rules for port in rule["ports"]] == ["http", "metrics"]


def test_a_pod_has_the_time_to_end(
    deployment: Manifest, pod: Manifest, container: Manifest, settings: Settings
) -> None:
    """Until whoever sends requests has taken note, and requests in flight have ended.

    The server does by itself what a `preStop` hook is for, and a hook would take of its time.
    """
    probe = container["readinessProbe"]
    noticed = probe["periodSeconds"] * probe["failureThreshold"] + probe["timeoutSeconds"]

    assert "lifecycle" not in container
    assert pod["terminationGracePeriodSeconds"] > settings.drain_seconds + settings.grace_seconds
    assert noticed < settings.drain_seconds
    assert deployment["spec"]["minReadySeconds"] >= settings.drain_seconds


def test_all_pools_fit_the_database(
    deployment: Manifest, autoscaler: Manifest, settings: Settings
) -> None:
    """At the busiest, while a release rolls out: one pod more, and one that drains."""
    rolling = deployment["spec"]["strategy"]["rollingUpdate"]
    pods = autoscaler["maxReplicas"] + rolling["maxSurge"] + 1
    pool = settings.workers * (settings.db_pool_size + settings.db_max_overflow)

    assert rolling["maxUnavailable"] == 0
    assert pods * pool <= MAX_CONNECTIONS - OTHER_CONNECTIONS


def test_a_worker_has_the_memory_it_may_take(
    pod: Manifest, container: Manifest, settings: Settings
) -> None:
    """Or it is killed while passwords are hashed; /tmp counts, as it is in memory."""
    passwords = MAX_THREADS * RFC_9106_LOW_MEMORY.memory_cost * 1024
    (volume,) = pod["volumes"]
    needed = settings.workers * (AT_REST_BYTES + passwords + KEPT_BYTES)
    resources = container["resources"]

    assert mebibytes(resources["limits"]["memory"]) > needed + mebibytes(
        volume["emptyDir"]["sizeLimit"]
    )
    assert resources["requests"]["memory"] == resources["limits"]["memory"]
    assert "cpu" in resources["requests"] and "cpu" not in resources["limits"]


def test_nodes_can_be_emptied(autoscaler: Manifest) -> None:
    """One pod goes at a time, and there are others."""
    budget = read(BASE / "pod-disruption-budget.yaml")["spec"]

    assert 0 < budget["maxUnavailable"] < autoscaler["minReplicas"]


def test_selectors_find_the_pods_that_serve(
    deployment: Manifest, autoscaler: Manifest, job: Manifest
) -> None:
    """And not the one that migrates, which would be sent requests."""
    target = autoscaler["scaleTargetRef"]
    selectors = [
        deployment["spec"]["selector"]["matchLabels"],
        read(BASE / "pod-disruption-budget.yaml")["spec"]["selector"]["matchLabels"],
        read(BASE / "service.yaml")["spec"]["selector"],
    ]

    assert (target["kind"], target["name"]) == ("Deployment", deployment["metadata"]["name"])
    assert "replicas" not in deployment["spec"]
    for selector in selectors:
        assert selects(selector, deployment) and not selects(selector, job)
    policy = read(EXAMPLE / "network-policy.yaml")["spec"]["podSelector"]["matchLabels"]
    assert selects(policy, deployment) and selects(policy, job)


def test_pods_are_confined(deployment: Manifest, job: Manifest) -> None:
    """As the level `restricted` of the example's namespace asks, and as the image's user."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    for maker in (deployment, job):
        pod = maker["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        user, group = (pod["securityContext"][key] for key in ("runAsUser", "runAsGroup"))

        assert f"\nUSER {user}:{group}\n" in dockerfile
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert pod["enableServiceLinks"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_the_job_migrates_the_database_of_the_pods(job: Manifest, container: Manifest) -> None:
    """By a command that there is, with options that it has."""
    (migrating,) = job["spec"]["template"]["spec"]["containers"]
    group = typer.main.get_group(commands)
    name, *options = migrating["args"]

    group.commands[name].make_context(name, options)  # or raises `UsageError`

    assert name == "migrate"
    assert migrating["envFrom"][:-1] == container["envFrom"]
    assert migrating["image"] == container["image"]
