"""Devices that are executors of PTX, under the package's own use of cupy."""

import fake_cupy
import nvrtc
import pytest

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
