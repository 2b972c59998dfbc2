"""The devices on which shards are computed."""

import pytest

from kernels.engines.cuda import device
from service.jobs.devices import devices


@pytest.mark.parametrize(
    ("count", "shown", "names"),
    [
        (0, None, ()),
        (0, "-1", ()),
        (2, None, ("0", "1")),
        (2, "", ("0", "1")),
        (2, "6, 3", ("6", "3")),
        (1, "GPU-8f2e,GPU-none", ("GPU-8f2e",)),  # the driver stops at the first that it lacks
    ],
)
def test_each_has_the_name_by_which_the_driver_shows_it(monkeypatch, count, shown, names):
    monkeypatch.setattr(device, "devices", lambda: count)
    environment = {} if shown is None else {"CUDA_VISIBLE_DEVICES": shown}
    assert devices(environment) == names
