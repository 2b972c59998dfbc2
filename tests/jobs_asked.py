"""Small questions for jobs, and executors whose shards end as a test says."""

import time
from concurrent.futures import Future

import pytest
from racks import reference

from economics.sweeps.spec import sweep_spec
from economics.uncertainty.simulate import simulation_spec
from service.jobs import shards, specs
from service.jobs.executors import Inline
from service.version import version

PRICES = [3.0 - 0.125 * step for step in range(20)]
PRICE = {"kind": "values", "field": "rental_price_usd_per_gpu_hour", "values": PRICES}
USE = {"kind": "linspace", "field": "utilisation", "start": 0.8, "stop": 1.0, "count": 10}
TARGETS = ["npv_usd_per_rack", "payback_years"]  # which the dear ones alone have
DRAWN = {"fields": {"utilisation": {"kind": "uniform", "low": 0.5, "high": 1.0}}, "count": 64}
PARTS = 10  # of the sweep


def tables(**more):
    """A sweep of 200 cells."""
    return {"scenario": reference(), "axes": [PRICE, USE], "targets": TARGETS, **more}


def sweep(shard_rows=20, **more):
    """A question of 200 cells in 10 shards."""
    return specs.question(sweep_spec(tables(**more)), shard_rows)


def simulation(**more):
    """A question of 64 draws."""
    parts = {"scenario": reference(), "draws": DRAWN, "targets": TARGETS[:1], **more}
    return specs.question(simulation_spec(parts))


def packed(question=None):
    """A question as a job has it."""
    return specs.packed(specs.resolved(question or sweep()))


def until(true, seconds=60.0):
    """Wait for what becomes true soon; what it was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.005)
    return pytest.fail("it did not become true")


def files(path):
    """The parts of an answer by name, and the last file."""
    found = sorted([*path.glob("part-*.parquet"), *path.glob("manifest.json")])
    return {one.name: one.read_bytes() for one in found}


class Hands:
    """An executor whose shards are done when a test says so, or end in another way; `seen` are the
    indices that were handed to it. Shards run from the start if it `runs`.
    """

    def __init__(self, width=2, runs=False):
        self.width, self.runs, self.flying, self.seen, self.closed = width, runs, [], [], False

    def submit(self, version, spec, out, index):
        found = Future()
        self.flying.append((found, (version, spec, out, index)))
        self.seen.append(index)
        if self.runs:
            found.set_running_or_notify_cancel()
        return found

    def _next(self):
        found, arguments = self.flying.pop(0)
        if not found.running():
            found.set_running_or_notify_cancel()
        return found, arguments

    def compute(self):
        """The oldest shard, as any executor does it."""
        found, arguments = self._next()
        found.set_result(shards.run_shard(*arguments))

    def fail(self, error):
        """The oldest shard ends with an error."""
        self._next()[0].set_exception(error)

    def close(self):
        self.closed = True


class Faulty:
    """An executor in this process, each of whose first shards meets an error."""

    def __init__(self, *errors):
        self.width, self.errors = 1, list(errors)

    def submit(self, *arguments):
        if not self.errors:
            return Inline().submit(*arguments)
        found = Future()
        found.set_running_or_notify_cancel()
        found.set_exception(self.errors.pop(0))
        return found

    def close(self):
        """Nothing is left to be ended."""


VERSION = version()
