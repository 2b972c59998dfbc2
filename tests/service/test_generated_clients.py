"""Clients that others generate from the kept document: in Python, where it asks for a quote and a
sweep, and in TypeScript, where a program is type-checked.
"""

import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import msgspec
import pytest
import web

HERE = Path(__file__).parent
KEPT = HERE / "openapi.json"
PACKAGES = ("openapi-typescript@7.13.0", "typescript@5.9.3")
SCENARIO, COST, NPV = "nvl72-neocloud", "cost_usd_per_gpu_hour", "npv_usd_per_rack"


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """What openapi-python-client makes of the document, without a warning."""
    folder = tmp_path_factory.mktemp("generated")
    config = folder / "config.yaml"
    config.write_text("post_hooks: []\n")
    subprocess.run(
        [
            *(Path(sys.executable).with_name("openapi-python-client"), "generate"),
            *("--path", KEPT, "--output-path", folder / "rackrate_client", "--meta", "none"),
            *("--config", config, "--fail-on-warning"),
        ],
        check=True,
        timeout=120,
    )
    sys.path.insert(0, str(folder))
    yield lambda name: import_module(f"rackrate_client.{name}")
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def ask(generated):
    """The answer that the generated client reads, from the service in process."""
    with web.client(workers=1) as service:
        client = generated("client").Client(base_url="", raise_on_unexpected_status=True)
        client.set_httpx_client(service)
        yield lambda operation, body: generated(f"api.{operation}").sync(client=client, body=body)


def test_a_python_client_asks_for_a_quote(generated, ask):
    models = generated("models")
    body = models.QuoteRequest(scenario=models.ScenarioName(SCENARIO), targets=[COST])
    found = ask("quotes.quote", body)
    assert isinstance(found, models.Quote)
    assert found.quantities[COST].status is models.Status.OK
    assert found.quantities[COST].value > 0.0
    assert found.scenario.hardware.gpu_per_rack == 72


def test_a_python_client_asks_for_a_sweep(generated, ask):
    models = generated("models")
    use = models.ScenarioField.UTILISATION
    axis = models.Linspace(kind="linspace", field=use, start=0.5, stop=1.0, count=3)
    asked = {"scenario": models.ScenarioName(SCENARIO), "axes": [axis], "targets": [NPV]}
    whole = ask("sweeps.sweep", models.SweepRequest(**asked))
    assert isinstance(whole, models.CellTable)
    values = whole.columns[NPV].values
    assert values == sorted(values)
    assert len(values) == 3
    summary = models.Summarise(kind="summary")
    reduced = ask("sweeps.sweep", models.SweepRequest(**asked, reduce=summary))
    assert isinstance(reduced, models.Reduced)
    assert reduced.targets[NPV].greatest == values[-1]


def test_a_python_client_reads_a_problem(generated, ask):
    models = generated("models")
    own = models.StatedScenario.from_dict({"hardware": {"gpu_per_rack": 8}})
    found = ask("quotes.quote", models.QuoteRequest(scenario=own, targets=[NPV]))
    assert isinstance(found, models.ProblemDetails)
    assert found.status == 422
    assert [one.path for one in found.errors] == ["hardware.gpu_price_usd_per_gpu"]


def test_no_operation_is_left_out_of_the_python_client(generated):
    folder = Path(generated("client").__file__).parent / "api"
    names = {path.stem.replace("_", "") for path in folder.glob("*/*.py")} - {"init"}
    paths = msgspec.json.decode(KEPT.read_bytes())["paths"].values()
    assert names == {one["operationId"].lower() for item in paths for one in item.values()}


@pytest.fixture
def node(tmp_path, capsys):
    """Runs a program of Node's in a folder with the packages; says loudly where that cannot be."""

    def run(*command):
        return subprocess.run(
            command, cwd=tmp_path, timeout=300, capture_output=True, text=True, check=False
        )

    why = None
    if not shutil.which("npm"):
        why = "npm is not installed"
    elif (done := run("npm", "install", "--no-audit", "--no-fund", *PACKAGES)).returncode:
        why = f"npm cannot install {' '.join(PACKAGES)}: {done.stderr.strip()[-200:]}"
    if why:
        with capsys.disabled():
            print(f"\nNOT TESTED, whether TypeScript clients can be generated: {why}")
        pytest.skip(why)
    return run


@pytest.mark.slow
def test_a_typescript_program_type_checks(node, tmp_path):
    made = node("npx", "--no-install", "openapi-typescript", str(KEPT), "-o", "api.ts")
    assert made.returncode == 0, made.stderr
    shutil.copy(HERE / "client.ts", tmp_path)
    strict = ("--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess")
    checked = node("npx", "--no-install", "tsc", "--noEmit", *strict, "client.ts")
    assert checked.returncode == 0, checked.stdout
    (tmp_path / "client.ts").write_text((HERE / "client.ts").read_text().replace('"ok"', '"oh"'))
    assert node("npx", "--no-install", "tsc", "--noEmit", *strict, "client.ts").returncode
