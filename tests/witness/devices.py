"""What is written for devices: every kernel, caught by a stand-in for cupy."""

import hashlib
import importlib
import importlib.machinery
import json
import re
import subprocess
import sys
from functools import partial
from unittest import mock

from cases import NPV, RACK
from entries import Caught, defining, group, parted, scenario, sha, shipped
from grids import SWEEPS

DEVICES = 1000  # of the stand-in: each sweep has one of its own, and compiles its kernels anew

WIDER = 12  # times as many values on the axes of sweeps for devices, or little is left to them

COMMENTS = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


class Array:
    """Memory of a device that holds zeros."""

    def __init__(self, size):
        """So many numbers."""
        self.size = size

    def __getitem__(self, part):
        return Array(len(range(*part.indices(self.size))))

    def set(self, values, stream=None):
        """Nothing is kept."""

    def get(self, stream=None, out=None, blocking=True):
        """Zeros."""
        out[...] = 0
        return out


def stand_in(sources):
    """Modules that look like cupy and compute nothing; the kernels' sources are put into a list."""
    import numpy as np

    def module(code, options=(), backend="nvrtc"):
        sources.append((code, list(options)))
        return mock.MagicMock()

    errors = {one: type(one, (Exception,), {"status": 0}) for one in ("A", "B", "C", "D")}
    cupy, cuda = mock.MagicMock(__version__="0"), mock.MagicMock()
    cuda.runtime.driverGetVersion.return_value = 12090
    cuda.runtime.getDeviceCount.return_value = DEVICES
    cuda.runtime.getDeviceProperties.return_value = {"name": b"stand-in"}
    cuda.runtime.CUDARuntimeError, cuda.driver.CUDADriverError = errors["A"], errors["B"]
    cuda.memory.OutOfMemoryError, cuda.compiler.CompileException = errors["C"], errors["D"]
    cuda.nvrtc.getVersion.return_value = (12, 9)
    device = cuda.Device.return_value
    device.attributes = {"MultiProcessorCount": 2}
    device.compute_capability, device.mem_info = "90", (1 << 34, 1 << 34)
    cupy.cuda, cupy.empty, cupy.RawModule = cuda, lambda size, kind=float: Array(size), module
    cupyx = mock.MagicMock(empty_pinned=lambda size, kind=float: np.zeros(size, kind))
    for name, one in (("cupy", cupy), ("cupyx", cupyx)):
        one.__spec__ = importlib.machinery.ModuleSpec(name, None)
        sys.modules[name] = one


def written(record, key, sources, work):
    """An entry of the kernels' sources that some work has written."""
    sources.clear()
    with Caught() as caught:
        work()
    ended = "whole" if caught.error is None else type(caught.error).__name__
    sources = list({code: (code, options) for code, options in sources}.values())
    bare = [" ".join(COMMENTS.sub("", code).split()) for code, _ in sources]
    kept = [{"sha": sha(one), "size": len(one)} for one in bare]
    values = {"ended": ended, "sources": kept, "options": [options for _, options in sources]}
    record.add(key, values, {f"[{at}]": sha(code) for at, (code, _) in enumerate(sources)})


def wider(axis):
    """An axis with more values between its ends."""
    if axis["kind"] in ("linspace", "logspace"):
        return {**axis, "count": axis["count"] * WIDER}
    return axis


@group
def cuda(record):
    """The kernels that would run on a GPU, plan by plan, and the hashes of what is known."""
    import economics

    sources, scenarios = [], shipped()
    stand_in(sources)
    for name, spec in SWEEPS.items():
        axes = [wider(one) for one in spec["axes"]]
        full = {**spec, "axes": axes, "scenario": scenario(spec["scenario"], scenarios)}
        full = {part: list(one) if isinstance(one, tuple) else one for part, one in full.items()}
        work = partial(economics.sweep, full, backend="cuda", threads=1)
        written(record, f"kernels of sweep {name}", sources, work)
    known(record, sources)


def known(record, sources):
    """The plans whose answers have known hashes."""
    plans = record.attempt("known plans", lambda: defining("KNOWN").KNOWN)
    for plan in plans or ():
        record.attempt(f"known {plan.name}", partial(known_plan, record, plan))
        work = partial(by_device, plan)
        written(record, f"kernels of known {plan.name}", sources, work)


def by_device(plan):
    """What a device would be given of a known plan."""
    plan.by_device(defining("Session").Session(0))


def known_plan(record, plan):
    """An entry of a known plan: the hash that is stated, and that of what numpy answers."""
    import numpy as np

    made = hashlib.sha256()
    for one in plan.by_numpy():
        made.update(np.where(np.isnan(one), np.nan, one).astype("<f8").tobytes())
    values = {"sha": plan.sha256, "numpy": made.hexdigest(), "cells": plan.cells}
    record.add(f"known {plan.name}", values)


@group
def program(record):
    """The program as it is started, a process each."""
    lines = (["--version"], ["quote", RACK, "--json"], ["quote", RACK], ["qoute"], ["serve", "-x"])
    for arguments in (*lines, ["explain", RACK, NPV], ["sweep", RACK, "--sweep", "pue=1.1,1.2"]):
        run = [sys.executable, "-P", "-m", "service", *arguments]
        done = subprocess.run(run, capture_output=True, text=True, timeout=120, check=False)
        text = {"out": done.stdout, "err": done.stderr}
        values = {"exit": done.returncode}
        if "--json" in arguments:
            values["json"], text["out"] = parted(json.loads(done.stdout), text), ""
        record.add(f"program {' '.join(arguments)}", values, text)
