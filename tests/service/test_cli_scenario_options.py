"""What a command asks about, and what stands above its file."""

from argparse import Namespace

import pytest

from economics import Problem
from service.cli.scenario_options import scenario_of, scenarios_of, spec_of

SOURCED = {"value": 0.5, "source": "command line: --set"}


def options(scenario="hgx-h100", *settings, backend=None):
    return Namespace(scenario=scenario, set=list(settings), backend=backend, server=None)


def test_settings_stand_above_the_file_and_the_environment(monkeypatch):
    monkeypatch.setenv("RACKRATE_UTILISATION", "0.4")
    monkeypatch.setenv("RACKRATE_PUE", "1.3")
    tables = scenario_of(options("hgx-h100", "utilisation=0.5"))
    assert tables["revenue"]["utilisation"] == SOURCED
    assert tables["facility"]["pue"] == {"value": 1.3, "source": "environment: RACKRATE_PUE"}
    assert tables["name"] == "hgx-h100"


def test_each_scenario_has_its_own_settings_and_strange_variables_are_noted_once(
    monkeypatch, capsys
):
    monkeypatch.setenv("RACKRATE_UTILIZATION", "0.4")
    found = scenarios_of([("hgx-h100", []), ("hgx-h200", ["utilisation=0.5"])])
    assert [one["name"] for one in found] == ["hgx-h100", "hgx-h200"]
    assert found[0]["revenue"].get("utilisation") != SOURCED == found[1]["revenue"]["utilisation"]
    assert capsys.readouterr().err.count("did you mean RACKRATE_UTILISATION?") == 1


def test_the_engine_is_the_options_or_the_files_or_the_environments(monkeypatch, tmp_path):
    monkeypatch.setenv("RACKRATE_BACKEND", "jit")
    assert spec_of(options())["backend"] == "jit"
    assert spec_of(options(backend="numpy"))["backend"] == "numpy"
    (tmp_path / "grid.toml").write_text('scenario = "hgx-h100"\nbackend = "numpy"')
    found = spec_of(options(str(tmp_path / "grid.toml"), "utilisation=0.5"))
    assert found["backend"] == "numpy"
    assert found["scenario"]["revenue"]["utilisation"] == SOURCED
    monkeypatch.setenv("RACKRATE_BACKEND", "gpu")
    with pytest.raises(Problem, match="RACKRATE_BACKEND"):
        spec_of(options())
