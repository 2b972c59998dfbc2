"""Devices that are executors of PTX, under the package's own use of cupy; what they have run is
said at the end.
"""

import fake_cupy
import nvrtc
import pytest
import tally

from kernels.engines.cuda import device


@pytest.fixture
def forgetful():
    """What the package has found out about devices is forgotten before and after a test."""
    found = (device._cupy, device.missing, device._function)
    for one in found:
        one.cache_clear()
    yield
    for one in found:
        one.cache_clear()


@pytest.fixture
def machine(monkeypatch, forgetful):
    """Makes machines with devices; the last one made is the one that is there."""
    if why := nvrtc.missing():
        pytest.skip(why)

    def made(**stated):
        for one in (device._cupy, device.missing, device._function):
            one.cache_clear()
        return fake_cupy.installed(fake_cupy.Machine(**stated), monkeypatch)

    return made


@pytest.fixture(params=["executor", pytest.param("device", marks=pytest.mark.gpu)])
def cuda(request):
    """Makes machines as `machine` does; or takes the real devices as they are, of which nothing is
    known: None.
    """
    if request.param == "executor":
        return request.getfixturevalue("machine")
    if why := device.missing():
        pytest.skip(why)
    return lambda **_: None


def pytest_sessionfinish(session):
    """Hand what was seen to the process that started this one."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["executor"] = tally.packed()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Take what another process has seen."""
    tally.add(getattr(node, "workeroutput", {}).get("executor", {"counts": {}, "plans": []}))


def pytest_terminal_summary(terminalreporter):
    """Say what was seen."""
    if tally.PLANS or tally.COUNTS:
        terminalreporter.write_line(tally.line())
