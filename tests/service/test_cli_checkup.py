"""`doctor` says what there is, and never fails for what there is not."""

import json

from service.cli import checkup


def test_doctor_names_versions_engines_and_the_environment(rackrate, monkeypatch):
    monkeypatch.setenv("RACKRATE_PUE", "1.2")
    monkeypatch.setenv("RACKRATE_PUEE", "1.2")
    found = json.loads(rackrate("doctor", "--json").out)
    assert found["packages"]["numpy"].split(".")[0].isdigit()
    assert found["engines"]["floats"] == "ok"
    assert found["engines"]["cuda"].startswith("not used by this version")
    assert found["fields set by the environment"] == {"RACKRATE_PUE": "1.2"}
    assert list(found["other variables"]) == ["RACKRATE_PUEE"]
    said = rackrate("doctor")
    assert (said.code, said.err) == (0, "")
    assert [line.partition(":")[0] for line in said.out.splitlines()] == list(found)


def test_no_driver_is_no_error(monkeypatch):
    import ctypes

    def missing(_):
        raise OSError

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert checkup.cuda() == "no NVIDIA driver (libcuda.so.1)"


def test_a_driver_without_a_device_is_said(monkeypatch):
    import ctypes

    class Driver:
        cuInit = staticmethod(lambda _: 0)  # noqa: N815
        cuDeviceGetCount = staticmethod(lambda _: 0)  # noqa: N815

    monkeypatch.setattr(ctypes, "CDLL", lambda _: Driver)
    assert checkup.cuda() == "no CUDA device"
