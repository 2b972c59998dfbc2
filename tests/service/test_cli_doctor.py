"""`doctor` says what there is, and why the rest is not; it never fails for that."""

import json
from dataclasses import replace

from kernels.grids.engine_choice import NAMES
from kernels.grids.engine_table import CUDA, JIT, NUMPY
from service.cli import doctor


def test_doctor_names_versions_engines_and_the_environment(rackrate, monkeypatch):
    monkeypatch.setenv("RACKRATE_PUE", "1.2")
    monkeypatch.setenv("RACKRATE_PUEE", "1.2")
    found = json.loads(rackrate("doctor", "--json").out)
    assert found["packages"]["numpy"].split(".")[0].isdigit()
    assert found["engines"]["floats"] == "ok"
    assert set(found["engines"]) == {"floats", *NAMES} - {"auto"}
    assert found["fields set by the environment"] == {"RACKRATE_PUE": "1.2"}
    assert list(found["other variables"]) == ["RACKRATE_PUEE"]
    said = rackrate("doctor")
    assert (said.code, said.err) == (0, "")
    heads = [line for line in said.out.splitlines() if not line.startswith("  ")]
    assert [line.partition(":")[0] for line in heads] == list(found)
    assert "  jit: " in said.out
    assert "  RACKRATE_PUE: 1.2\n" in said.out


def test_an_engine_that_cannot_run_here_says_why():
    jit = replace(JIT, missing=lambda: "llvmlite is not installed")
    cuda = replace(CUDA, missing=lambda: "no device")
    assert doctor.engines([NUMPY, jit, cuda]) == {
        "floats": "ok",
        "numpy": "ok",
        "jit": "llvmlite is not installed",
        "cuda": "no device",
    }
