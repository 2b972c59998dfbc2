"""A misspelt variable is noted, once; what means something is not."""

import json

import pytest

from service.cli.environment import unknown_variables

KNOWN = (
    "RACKRATE_PUE",
    "RACKRATE_ACCELERATOR",
    "RACKRATE_MAX_SECONDS",
    "RACKRATE_BACKEND",
    "RACKRATE_DEBUG",
    "RACK",
    "PUE",
)


def test_fields_settings_and_others_are_known():
    assert unknown_variables(dict.fromkeys(KNOWN, "1")) == {}


def test_what_means_nothing_gets_near_matches():
    found = unknown_variables(
        {"RACKRATE_UTILSATION": "0.5", "RACKRATE_WORKER": "2", "RACKRATE_QQQQQQ": "1"}
    )
    assert list(found) == ["RACKRATE_QQQQQQ", "RACKRATE_UTILSATION", "RACKRATE_WORKER"]
    assert found["RACKRATE_UTILSATION"] == "sets nothing; did you mean RACKRATE_UTILISATION?"
    assert found["RACKRATE_WORKER"].startswith("sets nothing; did you mean RACKRATE_WORKERS")
    assert found["RACKRATE_QQQQQQ"] == "sets nothing"


@pytest.mark.parametrize(
    "arguments",
    [("quote", "hgx-h100"), ("sweep", "hgx-h100", "--sweep", "pue=1.2,1.3", "--dry-run")],
)
def test_one_note_stands_on_standard_error(rackrate, monkeypatch, arguments):
    plain = rackrate(*arguments)
    monkeypatch.setenv("RACKRATE_UTILSATION", "0.5")
    monkeypatch.setenv("RACKRATE_WORKERS", "2")
    said = rackrate(*arguments)
    assert (said.code, said.out) == (0, plain.out)
    assert (plain.err, said.one_line()) == (
        "",
        "note: RACKRATE_UTILSATION sets nothing; did you mean RACKRATE_UTILISATION?",
    )


def test_doctor_finds_the_same_and_no_fault_in_settings(rackrate, monkeypatch):
    for name in ("RACKRATE_UTILSATION", "RACKRATE_WORKERS", "RACKRATE_PUE", "RACKRATE_DEBUG"):
        monkeypatch.setenv(name, "2")
    said = rackrate("doctor", "--json")
    found = json.loads(said.out)
    assert said.err == ""
    assert list(found["other variables"]) == ["RACKRATE_UTILSATION"]
    assert found["settings"]["workers"] == "2 (environment)"
