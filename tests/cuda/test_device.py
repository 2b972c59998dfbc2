"""Whether there is a device, and why not; sessions: memory by name, copies in pieces, what goes
wrong said in our words.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kernels.engines.cuda import device
from kernels.engines.cuda.device import NO_DEVICE, OLD_DRIVER, OutOfMemory, Session
from kernels.grids.engine_table import CUDA
from kernels.language.verbs import BackendError


def test_without_cupy_the_extra_is_named(forgetful, monkeypatch):
    monkeypatch.setattr(device, "find_spec", lambda name: None)
    assert "cupy is not installed: pip install 'rackrate[cuda]'" in device.missing()
    assert device.devices() == 0
    with pytest.raises(BackendError, match="backend = 'cuda': cupy is not installed"):
        Session()


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ({"driver": 0}, "there is no NVIDIA driver"),
        ({"status": OLD_DRIVER}, "the NVIDIA driver is absent or older than this CUDA needs"),
        ({"status": NO_DEVICE}, "there is no CUDA device"),
        ({"status": 999}, "CUDA says: status 999"),
        ({"devices": 0}, "there is no CUDA device"),
        ({}, None),
    ],
)
def test_why_no_device_can_be_used(machine, stated, why):
    machine(**stated)
    assert device.missing() == CUDA.missing() == why


def test_a_library_that_cannot_be_loaded_is_said(machine, monkeypatch):
    machine()

    def broken(name):
        raise ImportError("libcublas.so.12: cannot open shared object file")

    monkeypatch.setattr(device.importlib, "import_module", broken)
    assert (
        device.missing()
        == "cupy cannot be imported: libcublas.so.12: cannot open shared object file"
    )


def test_a_home_that_cannot_be_written_is_done_without(machine, tmp_path, monkeypatch):
    machine()
    (tmp_path / "file").write_text("no folder")
    monkeypatch.delenv("CUPY_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    assert device.missing() is None
    assert Path(os.environ["CUPY_CACHE_DIR"]).is_dir()
    Path(os.environ["CUPY_CACHE_DIR"]).rmdir()
    monkeypatch.delenv("CUPY_CACHE_DIR")


def test_a_home_that_can_be_written_is_left_to_cupy(machine, tmp_path, monkeypatch):
    machine()
    monkeypatch.delenv("CUPY_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert device.missing() is None
    assert "CUPY_CACHE_DIR" not in os.environ


def test_nothing_imports_cupy_before_it_is_asked_for():
    code = (
        "import sys, economics, service, service.__main__, kernels.grids.engine_choice,"
        " kernels.engines.cuda.device; print('cupy' in sys.modules)"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "False"
    )


def test_what_computes_is_described(machine):
    machine(capability="120", driver=13010)
    found = device.description()
    assert found["device"] == "executor of PTX 0"
    assert (found["compute_capability"], found["driver"]) == ("12.0", "13.1")
    assert set(found) == {"device", "compute_capability", "driver", "nvrtc", "cupy"}


@pytest.mark.parametrize("size", [0, 1, 5, 13])
@pytest.mark.parametrize("kind", [np.float64, np.int64])
def test_what_is_put_comes_back_in_pieces(machine, size, kind):
    machine()
    session, values = Session(stage=5), np.arange(100, 100 + size).astype(kind)
    session.put("numbers", values)
    found = np.zeros(size, kind)
    session.take("numbers", 0, found)
    assert (found == values).all()
    if size > 4:
        session.take("numbers", 3, found[:-3])
        assert (found[:-3] == values[3:]).all()


def test_arrays_grow_and_are_kept(machine):
    machine()
    session = Session()
    first = session.room("outs", 10)
    assert session.room("outs", 7) is first
    assert session.room("outs", 11) is not first


def test_memory_that_runs_out_is_an_error_of_its_own(machine):
    there = machine(free=1000)
    session = Session()
    session.room("outs", 100)
    with pytest.raises(OutOfMemory):
        session.room("outs", 200)
    session.free()
    assert there.free == [1000]
    session.room("outs", 120)


def test_a_kernel_that_is_not_compiled_is_said(machine):
    machine()
    with pytest.raises(BackendError, match="a kernel was not compiled"):
        Session().run("this is no kernel", "f", 1, 32)


def test_sessions_take_turns_over_the_devices(machine):
    machine(devices=2)
    numbers = [Session().number for _ in range(4)]
    assert sorted(numbers) == [0, 0, 1, 1]
    assert Session(1).number == 1
