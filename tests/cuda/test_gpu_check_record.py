"""What a device computed says on what: in tables and reductions, in JSON and in the metadata of
Parquet.
"""

import json

import polars as pl
import pytest
from msgspec import UNSET

import economics
from kernels.engines.cuda import source
from kernels.grids.engine_table import JIT
from service.files import frames
from service.files.reading import scenario_tables

SPEC = {
    "scenario": scenario_tables("reference-project"),
    "axes": [{"kind": "linspace", "field": "utilisation", "start": 0.2, "stop": 1.0, "count": 4}],
    "targets": ["cost_usd_per_rack_year"],
}
KEYS = {"name", "compute_capability", "driver", "nvrtc", "cupy", "count", "sources"}


@pytest.mark.parametrize("kind", ["cells", "summary"])
def test_a_record_names_the_device_and_the_kernels(machine, kind):
    machine(devices=2, capability="120", driver=13010)
    found = economics.sweep({**SPEC, "reduce": {"kind": kind}}, backend="cuda")
    assert found.backend == "cuda"
    said = json.loads(frames.as_json(found))["device"]
    assert set(said) == KEYS
    assert (said["name"], said["compute_capability"], said["driver"]) == (
        "executor of PTX 0, executor of PTX 1",
        "12.0",
        "13.1",
    )
    assert (said["count"], said["sources"]) == (2, source.package_hash())


def test_a_file_names_them_too(machine, tmp_path):
    machine()
    path = tmp_path / "grid.parquet"
    frames.write(economics.sweep({**SPEC, "reduce": {"kind": "cells"}}, backend="cuda"), path)
    assert set(json.loads(pl.read_parquet_metadata(path)["device"])) == KEYS


def test_processors_are_not_named():
    for kind in ("cells", "summary"):
        found = economics.sweep({**SPEC, "reduce": {"kind": kind}}, backend="numpy")
        assert found.device is UNSET
        assert "device" not in json.loads(frames.as_json(found))
        assert "device" not in frames.metadata(found)
    assert JIT.description() is None


def test_the_hash_names_everything_that_kernels_are_written_from(monkeypatch):
    before, real = source.package_hash(), source.files
    assert len(before) == 16
    monkeypatch.setattr(source, "files", lambda name: _Without(real(name), "walk.cuh"))
    source.package_hash.cache_clear()
    after = source.package_hash()
    source.package_hash.cache_clear()
    assert before != after


class _Without:
    """A folder without one of its files."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name

    def iterdir(self):
        return (one for one in self.folder.iterdir() if one.name != self.name)
