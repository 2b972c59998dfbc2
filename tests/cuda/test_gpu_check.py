"""`rackrate gpu-check` on devices that are executors of PTX: PASS, and FAIL by the name of what is
wrong; without a device the reason.
"""

import json
import sys
from functools import partial

import pytest
from laws import sample

from kernels.engines.cuda import device, source
from kernels.gpu_check import clock, known
from service.__main__ import main
from service.cli import gpu_check, gpu_trials

LENGTHS = {
    "cost": (2, 2, 2, 2, 2, 2, 2, 40),
    "present-value": (2, 2, 2, 2, 3, 20),
    "yearly-flows": (2, 2, 2, 2, 8),
}
TICK = 0.25  # milliseconds that everything takes


def short(folder, name):
    """The tables of a trial with fewer cells."""
    tables = trials_tables(folder, name)
    for axis, length in zip(tables["axes"], LENGTHS[name], strict=True):
        axis["count"] = length
    return tables


trials_tables = gpu_trials.shipped_tables


@pytest.fixture
def checked(machine, monkeypatch, capsys):
    """Runs gpu-check on a machine: exit code, standard output, standard error."""
    monkeypatch.setattr(gpu_trials, "shipped_tables", short)
    monkeypatch.setattr(clock, "rates", partial(clock.rates, most=1000))

    def run(*arguments, **stated):
        machine(**stated)
        monkeypatch.setattr(
            sys.modules["cupy"].cuda, "get_elapsed_time", lambda *_: TICK, raising=False
        )
        capsys.readouterr()
        return main(["gpu-check", *arguments]), *capsys.readouterr()

    return run


def test_a_device_that_computes_what_numpy_computes_passes(checked):
    code, out, err = checked("--json")
    assert err == ""
    said = json.loads(out)
    assert (code, said["verdict"], said["fault"]) == (0, "PASS", None)
    (one,) = said["devices"]
    assert {
        "number",
        "device",
        "compute_capability",
        "driver",
        "nvrtc",
        "cupy",
        "memory_bytes",
        "free_bytes",
    } <= set(one)
    assert one["rates"]["stored"] == 8 * 1000 / (TICK / 1000)
    lines = {line["name"]: line for line in one["lines"]}
    assert {f"known: {plan.name}" for plan in known.KNOWN} <= set(lines)
    assert {"cost", "present-value", "yearly-flows"} <= set(lines)
    for name in ("present-value", "yearly-flows"):
        assert {
            f"{name}: {what}" for what in ("summary", "histogram", "share", "top", "bottom")
        } <= set(lines)
    assert all(line["fault"] is None and line["kernel_seconds"] > 0.0 for line in lines.values())
    assert all(
        lines[name]["first_seconds"] > 0.0 for name in ("cost", "known: folds", "yearly-flows")
    )
    assert lines["cost"]["cells"] == 5120
    stored = 8 * 5120  # of each cell a value; why one might have none is computed apart
    assert lines["cost"]["of_floor"] == pytest.approx(
        stored / one["rates"]["stored"] / lines["cost"]["kernel_seconds"]
    )
    assert [line["name"] for line in said["together"]] == ["cost, whole", "yearly-flows, whole"]


@pytest.mark.slow
def test_people_read_the_same_and_the_verdict_last(checked):
    code, out, err = checked("--device", "1", devices=2)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "PASS"
    assert "device 1: executor of PTX 1, compute capability 9.0" in out
    assert "device 0" not in out
    assert "GB/s stored" in out


FAULTS = {
    "fill": ("= value;", "= at == 77 ? -value : value;", "known: arithmetic: the hash is"),
    "share": (
        "value RELATION level",
        "!(value RELATION level)",
        "present-value: share: 1 counts differ",
    ),
    "bins": ("own + bin, 1u", "own + bin, 2u", "present-value: histogram: "),
    "moments": (
        "b.greatest > a",
        "b.greatest < a",
        "present-value: summary: count, least, greatest and missing are",
    ),
}


@pytest.mark.parametrize("kernel", sample([(kernel,) for kernel in FAULTS], 4))
def test_a_planted_fault_is_named(checked, monkeypatch, kernel):
    right, wrong, said = FAULTS[kernel]
    whole = source._text
    assert right in whole(kernel)
    monkeypatch.setattr(gpu_trials, "shipped_names", lambda folder: ("present-value",))
    monkeypatch.setattr(
        source,
        "_text",
        lambda name: whole(name).replace(right, wrong) if name == kernel else whole(name),
    )
    code, out, err = checked("--device", "0")
    assert (code, err) == (1, "")
    assert out.splitlines()[-1].startswith(f"FAIL: {said}")


@pytest.mark.slow
def test_a_device_that_fails_is_a_failed_check(checked, monkeypatch):
    def fails(*_):
        raise device.OutOfMemory("no room")

    monkeypatch.setattr(gpu_check.comparison, "cells", fails)
    code, out, _ = checked("--device", "0", "--json")
    said = json.loads(out)
    assert (code, said["verdict"]) == (1, "FAIL: device: no room")
    assert len(said["devices"][0]["lines"]) == len(known.KNOWN) + 1


def test_without_a_device_the_reason_is_said(checked, capsys):
    assert checked(devices=0) == (2, "", "rackrate: there is no CUDA device\n")


def test_a_device_that_is_not_there(checked):
    code, out, err = checked("--device", "2", devices=2)
    assert (code, out) == (2, "")
    assert err.startswith("rackrate: --device 2: expected a whole number below 2")
