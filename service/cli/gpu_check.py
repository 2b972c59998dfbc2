"""`gpu-check`: whether the GPUs of this machine compute what numpy computes, and how fast; PASS or
FAIL in the last line.
"""

from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from time import perf_counter
from typing import Any

import economics
from economics import Problem
from kernels.engines.cuda import device, source
from kernels.gpu_check import clock, comparison
from kernels.gpu_check.comparison import Line
from kernels.language.verbs import BackendError
from service.cli import display
from service.cli.gpu_trials import trial, trials
from service.version import version

REDUCED = ("npv_usd_per_rack", "equity_irr_per_year")  # one with a value in every cell, one without
WHOLE = ("cost", "yearly-flows")
FAILED = 1


def gpu_check(options: Namespace) -> None:
    """Try every device, or one; exit code 1 if something is wrong. Errors: BackendError where there
    is none.
    """
    if refused := device.missing():
        raise BackendError(refused)
    if options.device is not None and options.device >= device.devices():
        raise Problem(
            "--device",
            options.device,
            f"a whole number below {device.devices()}, how many devices there are",
        )
    numbers = range(device.devices()) if options.device is None else (options.device,)
    found = [_device(number) for number in numbers]
    together = list(_until_failure(_whole_sweeps())) if options.device is None else []
    every = [line for one in found for line in one["lines"]] + together
    fault = next((f"{line.name}: {line.fault}" for line in every if line.fault), None)
    said = {
        "rackrate": version(),
        "sources": source.package_hash(),
        "devices": found,
        "together": together,
    }
    verdict = "PASS" if fault is None else f"FAIL: {fault}"
    if options.json:
        display.show_json({**said, "fault": fault, "verdict": verdict})
    else:
        display.show(*_report(said), verdict)
    if fault is not None:
        raise SystemExit(FAILED)


def _device(number: int) -> dict[str, Any]:
    """All that is tried on one device."""
    session = clock.TimedSession(number)
    about, rates = session.description(), list[clock.Rates]()
    lines = list(_until_failure(_lines(session, rates)))
    return {**about, "rates": rates[0] if rates else None, "lines": lines}


def _lines(session: clock.TimedSession, rates: list[clock.Rates]) -> Iterator[Line]:
    yield from comparison.known_plans(session)
    rates.append(clock.rates(session))
    for name, prepared in trials():
        for one in prepared.evaluations:
            yield comparison.cells(name, one, session, rates[0].stored)
            for target in set(REDUCED) & set(one.targets):
                yield from comparison.reductions(name, one, target, session)


def _whole_sweeps() -> Iterator[Line]:
    """A sweep as users run it, on two streams of every device, beside numpy."""
    for name in WHOLE:
        expected = economics.sweep(trial(name), "numpy")
        economics.sweep(trial(name), "cuda")
        began = perf_counter()
        found = economics.sweep(trial(name), "cuda")
        seconds = perf_counter() - began
        yield comparison.columns(f"{name}, whole", seconds, _columns(expected), _columns(found))


def _columns(table: Any) -> dict[str, Any]:
    return {name: column.values for name, column in table.columns.items() if name not in table.axes}


def _until_failure(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines, up to one that says that the device failed."""
    try:
        yield from lines
    except (BackendError, MemoryError) as error:
        yield Line(name="device", cells=0, fault=str(error) or type(error).__name__)


def _report(said: Mapping[str, Any]) -> Iterator[Any]:
    yield f"rackrate {said['rackrate']}, kernels {said['sources']}"
    for one in said["devices"]:
        memory = f"{_size(one['memory_bytes'])}, {_size(one['free_bytes'])} of them free"
        versions = f"driver for CUDA {one['driver']}, NVRTC {one['nvrtc']}, cupy {one['cupy']}"
        yield (
            f"device {one['number']}: {one['device']}, compute capability"
            f" {one['compute_capability']}, {memory}; {versions}"
        )
        if rates := one["rates"]:
            yield (
                f"memory: {_speed(rates.stored)} stored, {_speed(rates.copied)} copied,"
                f" {_speed(rates.to_host)} to the host"
            )
        yield from ("", _table(one["lines"]), "")
    if said["together"]:
        yield from ("all devices, with the copies to the host:", "", _table(said["together"]), "")


def _size(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"


def _speed(rate: float) -> str:
    return f"{rate / 1e9:.4g} GB/s"


def _table(lines: Iterable[Line]) -> Any:
    made = display.grid(
        "",
        "cells",
        "first run s",
        "kernels s",
        "in all s",
        "cells/s",
        "of the floor",
        "",
        numbers=range(1, 7),
    )
    for one in lines:
        times = (one.first_seconds, one.kernel_seconds, one.seconds)
        shown = ("" if each is None else f"{each:.3g}" for each in times)
        rate = "" if one.cells_per_second is None else f"{one.cells_per_second:.3g}"
        share = "" if one.of_floor is None else f"{one.of_floor:.0%}"
        made.add_row(one.name, f"{one.cells:,}", *shown, rate, share, one.fault or "same")
    return made
