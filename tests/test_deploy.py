"""The files by which the image is run: manifests are what Kubernetes takes, settings and commands
in them are ours, and every container is bound as the image promises.
"""

import copy
import re
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from economics.sweeps.spec import sweep_spec
from service.cli.commands import parser
from service.cli.environment import unknown_variables
from service.cli.sweep import asked_sweep
from service.jobs.specs import outline, packed, question, resolved
from service.settings import Settings, read_settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "examples" / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OLDEST, NEWEST = "1.29", "1.37"  # the first one whose Indexed Jobs count failures by index
DATA = "/var/lib/rackrate"


@cache
def resources(path):
    """The resources of a manifest."""
    return list(yaml.safe_load_all(path.read_text()))


def of_kind(kind):
    return [one for path in MANIFESTS for one in resources(path) if one["kind"] == kind]


def pods():
    """(name of its resource, pod) of everything that runs."""
    return [
        (one["metadata"]["name"], one["spec"]["template"])
        for kind in ("Deployment", "Job")
        for one in of_kind(kind)
    ]


def services():
    """(file, name, service) of each compose file."""
    for path in COMPOSE:
        for name, one in yaml.safe_load(path.read_text())["services"].items():
            yield path.name, name, one


PODS = [pytest.param(pod, id=name) for name, pod in pods()]
SERVICES = [pytest.param(one, id=f"{path}-{name}") for path, name, one in services()]


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.stem)
def test_kubernetes_takes_every_manifest(path, version):
    for one in resources(path):
        kubernetes_validate.validate(one, version, strict=True)


def test_a_misspelt_name_of_a_manifest_is_found():
    wrong = copy.deepcopy(of_kind("Job")[0])
    wrong["spec"]["backofLimitPerIndex"] = 3
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, NEWEST, strict=True)


def configured():
    """The variables of each ConfigMap, by its name."""
    return {one["metadata"]["name"]: one["data"] for one in of_kind("ConfigMap")}


def environments():
    """The variables that the files state, of each container."""
    for name, pod in pods():
        for box in pod["spec"]["containers"]:
            stated = {one["name"]: one.get("value", "1") for one in box.get("env", ())}
            for one in box.get("envFrom", ()):
                stated |= configured().get(one.get("configMapRef", {}).get("name"), {})
            yield name, stated
    for path, name, one in services():
        yield f"{path}-{name}", one.get("environment", {})
    named = re.findall(
        r"RACKRATE_\w+", "".join(path.read_text() for path in (*MANIFESTS, *COMPOSE))
    )
    yield "all", dict.fromkeys(named, "")
    yield "image", dict(re.findall(r"(RACKRATE_\w+)=(\S+)", DOCKERFILE))


@pytest.mark.parametrize(("name", "stated"), list(environments()))
def test_every_variable_is_one_of_ours_and_has_a_value_that_it_can_have(name, stated):
    assert unknown_variables(stated) == {}
    read_settings(stated)


def test_every_variable_of_dask_is_one_of_its_own():
    (folder,) = find_spec("distributed").submodule_search_locations
    known = yaml.safe_load((Path(folder) / "distributed.yaml").read_text())
    stated = [name for _, found in environments() for name in found if name.startswith("DASK_")]
    assert stated
    for name in stated:
        place = known
        for part in name.removeprefix("DASK_").lower().split("__"):
            place = place[part.replace("_", "-")]


def commands():
    """What is run, by whom; the image's own command where nothing is stated."""
    for name, pod in pods():
        for box in pod["spec"]["containers"]:
            yield name, box.get("args", [])
    for path, name, one in services():
        yield f"{path}-{name}", one.get("command", [])


@pytest.mark.parametrize(
    ("name", "words"), [one for one in commands() if one[1][:1] not in ([], ["dask"])]
)
def test_every_command_is_understood(name, words):
    assert words[0] == "rackrate"
    parser()[0].parse_args(words[1:])


def test_a_scheduler_has_only_options_that_there_are():
    stated = [words for _, words in commands() if words[:2] == ["dask", "scheduler"]]
    asked = "".join(f"main.make_context('scheduler', {words[2:]})\n" for words in stated)
    program = f"from distributed.cli.dask_scheduler import main\n{asked}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert stated


@pytest.mark.parametrize("pod", PODS)
def test_a_pod_has_no_more_rights_than_it_needs(pod):
    spec = pod["spec"]
    assert spec["securityContext"]["runAsNonRoot"]
    user, group = re.search(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE).groups()
    assert [str(spec["securityContext"][f"runAs{one}"]) for one in ("User", "Group")] == [
        user,
        group,
    ]
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False
    for box in spec["containers"]:
        assert box["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert box["resources"]["requests"]
        assert box["resources"]["limits"]["memory"]


@pytest.mark.parametrize("pod", PODS)
def test_a_pod_mounts_what_it_names_and_is_found_by_its_label(pod):
    named = {one["name"] for one in pod["spec"].get("volumes", ())}
    boxes = pod["spec"]["containers"]
    assert {one["name"] for box in boxes for one in box.get("volumeMounts", ())} == named
    claims = {one["metadata"]["name"] for one in of_kind("PersistentVolumeClaim")}
    for one in pod["spec"].get("volumes", ()):
        if "persistentVolumeClaim" in one:
            assert one["persistentVolumeClaim"]["claimName"] in claims


def test_selectors_find_pods_and_addresses_name_services():
    labels = [pod["metadata"]["labels"] for _, pod in pods()]
    for one in of_kind("Deployment"):
        assert (
            one["spec"]["selector"]["matchLabels"] == one["spec"]["template"]["metadata"]["labels"]
        )
    for one in of_kind("Service"):
        assert one["spec"]["selector"] in labels
    (policy,) = of_kind("NetworkPolicy")
    rule = policy["spec"]["ingress"][0]["from"][0]["podSelector"]
    for chosen in (policy["spec"]["podSelector"], rule):
        assert all({"app": name} in labels for name in chosen["matchExpressions"][0]["values"])
    known = {
        f"tls://{one['metadata']['name']}:{port['port']}"
        for one in of_kind("Service")
        for port in one["spec"]["ports"]
    }
    found = re.findall(r"tls://[\w.-]+:\d+", "".join(path.read_text() for path in MANIFESTS))
    assert found
    assert set(found) <= known


def test_the_sweep_in_shares_is_one_and_every_share_has_parts(tmp_path):
    (job,) = [one["spec"] for one in of_kind("Job") if "completions" in one["spec"]]
    words = job["template"]["spec"]["containers"][0]["args"]
    assert job["completions"] == job["parallelism"] == int(words[words.index("--of") + 1])
    (name, text), *more = configured()["rackrate-grid"].items()
    assert (name, more) == (Path(words[2]).name, [])
    (tmp_path / name).write_text(text)
    asked = asked_sweep(parser()[0].parse_args(["sweep", str(tmp_path / name)]))
    known = outline(packed(resolved(question(sweep_spec(asked)))))
    assert known.is_table
    assert known.shards >= job["completions"]


def test_the_service_has_one_pod_and_its_time_to_end():
    (service,) = [one for one in of_kind("Deployment") if one["metadata"]["name"] == "rackrate"]
    assert service["spec"]["replicas"] == 1
    assert service["spec"]["strategy"] == {"type": "Recreate"}
    spec, needed = service["spec"]["template"]["spec"], Settings()
    assert spec["terminationGracePeriodSeconds"] > needed.drain_seconds + needed.grace_seconds
    (box,) = spec["containers"]
    assert DATA in [one["mountPath"] for one in box["volumeMounts"]]
    assert f"RACKRATE_DATA={DATA}" in DOCKERFILE


@pytest.mark.parametrize("one", SERVICES)
def test_a_container_of_compose_is_of_a_target_and_bound(one):
    if "image" in one:
        target = one["image"].removeprefix("rackrate:")
        assert f" AS {target}\n" in DOCKERFILE
        assert one.get("build", {}).get("target", target) == target
        for volume in one.get("volumes", ()):
            assert volume == f"data:{DATA}"
    if one.get("image") == "rackrate:cpu":
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]


def test_what_the_files_and_pages_name_is_there():
    pages = [ROOT / "docs" / "docker.md", *COMPOSE, *MANIFESTS]
    text = "".join(path.read_text() for path in pages)
    named = set(re.findall(r"(?:--file|--filename) (examples/\S+)", text))
    assert {ROOT / one for one in named if one.endswith(".yaml")} == {*COMPOSE, *MANIFESTS}
