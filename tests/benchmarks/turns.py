"""Timing in turns: the entries of a group run one after the other, A B C A B C ..., so that a noisy
minute falls on all of them.

pytest-benchmark times a test to its end before the next begins. So the first test of a group times
all of its entries in turns, and each test hands its own times over by a clock that moves by them.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest

ROUNDS = 5
LONG_SECONDS = 60.0  # a longer round stands alone, and is not repeated
_now = 0.0


def clock():
    """What pytest-benchmark reads in place of a timer."""
    return _now


def _passes(seconds):
    global _now
    _now += seconds


@dataclass(frozen=True, eq=False)
class Entry:
    """One way to answer: `make()` sets it up and gives what is timed; `check` looks at its first
    answer, untimed.

    With `renewed`, what `make()` gives is called before each round and gives what is timed: nothing
    is left over from an earlier one.
    """

    name: str
    make: Callable[[], Callable[[], Any]]
    cells: int = 1
    calls: int = 1  # in a round, for what takes microseconds
    check: Callable[[Any], None] | None = None
    engine: str = ""  # of ours: ratios are made to it
    threads: int = 1
    note: str = ""
    renewed: bool = False
    own_clock: bool = False  # what is called gives its seconds


@dataclass(frozen=True, eq=False)
class Group:
    """Entries that answer the same question, timed once, in turns."""

    title: str
    entries: tuple[Entry, ...] = field(repr=False)

    @cached_property
    def seconds(self) -> dict[Entry, list[float]]:
        """The rounds of each entry, after a first one that is checked and not counted."""
        made, found = {}, {}
        for entry in self.entries:
            made[entry] = entry.make()
            first, answer = _timed(entry, made[entry], 1)
            found[entry] = [first] if first > LONG_SECONDS else []
            if entry.check is not None:
                entry.check(answer)
            del answer
        repeated = [entry for entry in self.entries if not found[entry]]
        for _ in range(ROUNDS):
            for entry in repeated:
                found[entry].append(_timed(entry, made[entry], entry.calls)[0])
        return found

    def replay(self, benchmark, entry):
        """Hand an entry's times to pytest-benchmark."""
        left = iter(self.seconds[entry])
        stated = {
            "entry": entry.name,
            "cells": entry.cells,
            "engine": entry.engine,
            "threads": entry.threads,
            "note": entry.note,
        }
        benchmark.extra_info.update(stated)
        benchmark.pedantic(lambda: _passes(next(left)), rounds=len(self.seconds[entry]))


def _timed(entry, made, calls):
    """Seconds of a call, and its answer."""
    call = made() if entry.renewed else made
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        for _ in range(calls):
            answer = call()
        return answer if entry.own_clock else (time.perf_counter() - began) / calls, answer
    finally:
        gc.enable()


def in_turns(*groups: Group) -> list[Any]:
    """Parameters (group, entry) of one test for each entry."""
    return [
        pytest.param(
            group,
            entry,
            id=f"{group.title}: {at} {entry.name}",
            marks=pytest.mark.benchmark(group=group.title, timer=clock),
        )
        for group in groups
        for at, entry in enumerate(group.entries)
    ]
