"""A shard of a job: computed and kept wherever the program runs, by whoever asks. Nothing of the
service is asked; what stands already is not computed again.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from math import prod
from threading import Lock
from typing import NamedTuple, cast

import msgspec
from msgspec.structs import replace

import economics
from economics import Reduced, Sensitivity, Simulation, Table
from economics.sweeps.parts import Parts, before
from economics.sweeps.prepared import Progress
from economics.sweeps.spec import SweepSpec
from economics.uncertainty import simulate
from economics.uncertainty.simulate import SimulationSpec
from kernels.language.caches import cached
from kernels.trace.grid import box_at, lengths
from service.files.cells import cells
from service.files.parquet_columns import Encoder
from service.jobs.folders import (
    AnyFolder,
    folder,
    part_name,
    progress_name,
    read_part,
    standing_part,
)
from service.jobs.records import OtherVersion, Part
from service.jobs.specs import Question, unpacked
from service.version import version as own_version
from service.work.watch import Stopped

LOOK_SECONDS = 0.1  # between two looks whether anybody waits
TELL_SECONDS = 0.5  # between two times that it is said how far a shard is
COMPUTING = Lock()
OF_ANY_ENGINE = ("basis", "columns")  # of what a table says of itself


class Beat:
    """What is done between tiles: look whether anybody waits, and say how far the shard is."""

    def __init__(self, kept: AnyFolder, index: int, watch: Progress) -> None:
        self._kept, self._name, self._watch = kept, progress_name(index), watch
        self._looked, self._told, self._has_told = 0.0, time.monotonic(), False
        self.first = 0  # cells that come before those of the shard
        self._done = 0  # of the shard

    def __call__(self, done: int, steps: int) -> None:
        """Go on after so many cells. Errors: Stopped, and those of the watch."""
        self._watch(done, steps)
        self._done, now = max(self._done, done - self.first), time.monotonic()
        if now - self._looked >= LOOK_SECONDS:
            self._looked = now
            if self._kept.is_cancelled():
                raise Stopped("the job was cancelled")
        if now - self._told >= TELL_SECONDS:
            self._told, self._has_told = now, True
            with suppress(OSError):  # it may be lost, and the shard is not for that
                self._kept.note(self._name, b"%d %d" % (self._done, now * 1000))

    def end(self) -> None:
        """Nothing is left to be said."""
        if self._has_told:
            with suppress(OSError):
                self._kept.discard(self._name)


def no_watch(_: int, __: int) -> None:
    """The watch of nobody."""


def run_shard(version: str, spec: bytes, out: str, index: int, watch: Progress = no_watch) -> Part:
    """Compute a shard and keep it, if it does not stand already. Errors: OtherVersion, Stopped,
    OSError where the folder takes nothing, and those of the model and of the watch.
    """
    return kept_part(made_shard(version, spec, out, index, watch))


class Made(NamedTuple):
    """A part that is computed, and where it is to be kept; without data it stands there already."""

    part: Part
    form: str
    kept: AnyFolder
    data: bytes | None
    end: Callable[[], None]


def made_shard(version: str, spec: bytes, out: str, index: int, watch: Progress) -> Made:
    """Compute a shard, if it does not stand already: one at a time in a process, for each takes all
    cores. Errors: those of `run_shard`.
    """
    check_version(version)
    asked, kept = unpacked(spec), folder(out)
    beat = Beat(kept, index, watch)
    standing = standing_part(kept, index, asked.form)
    if standing is not None:
        return Made(standing, asked.form, kept, None, beat.end)
    with COMPUTING:
        beat(0, 1)
        part, data = (_table if asked.is_table else _answer)(spec, index, beat)
        beat(1, 1)
    return Made(part, asked.form, kept, data, beat.end)


def kept_part(made: Made) -> Part:
    """Keep a part, and what is said of it. Errors: OSError where the folder takes nothing."""
    part, form, kept, data, end = made
    if data is None:
        return part
    stands = kept.put(part_name(part.index, form), data)
    part = replace(part, bytes=len(stands), sha256=sha256(stands).hexdigest())
    said = kept.put(part_name(part.index, "json"), msgspec.json.encode(part))
    end()
    return read_part(said) or part


def check_version(version: str) -> None:
    """Whether this program is of a version. Errors: OtherVersion."""
    mine = own_version()
    if version != mine:
        raise OtherVersion(f"the worker has version {mine} of rackrate, the job {version}")


@cached(2)
def _parts(spec: bytes) -> tuple[Parts, Encoder]:
    asked = unpacked(spec)
    prepared = economics.prepare(cast(SweepSpec, asked.spec))
    return Parts(prepared, asked.shard_rows), Encoder(OF_ANY_ENGINE)


def _table(spec: bytes, index: int, beat: Beat) -> tuple[Part, bytes]:
    """A part of a table as Parquet. Which engine computed it is said beside it, not in it: all give
    the same bits, and which one is taken hangs on the machine.
    """
    parts, encoder = _parts(spec)
    over = parts.prepared.grid
    box = box_at(over.whole, parts.sizes, index)
    beat.first = before(box, over.shape)
    table = parts.table(index, beat)
    rows = prod(lengths(box))
    return _part(index, rows, table.backend, lacking(table)), encoder.file(table)


def lacking(table: Table) -> tuple[str, ...]:
    """The targets that have no value in some cell of a complete table."""
    statuses = {name: f"{name}_status" for name in table.columns}
    return tuple(
        name
        for name, status in statuses.items()
        if status in table.columns and table.columns[status].values.any()
    )


def _answer(spec: bytes, index: int, beat: Beat) -> tuple[Part, bytes]:
    """A whole answer that is no table of cells, as JSON. How long it took is said beside it, not in
    it: so whoever computes it writes the same.
    """
    found = _answered(unpacked(spec), beat)
    body = msgspec.json.encode(cells(found) if isinstance(found, Table) else found)
    said = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    seconds = None if isinstance(found, Table) else found.seconds
    said.pop("seconds", None)
    return _part(index, 0, found.backend, (), seconds), msgspec.json.encode(said)


def _answered(asked: Question, beat: Beat) -> Table | Reduced | Simulation | Sensitivity:
    if isinstance(asked.spec, SweepSpec):
        return economics.run(economics.prepare(asked.spec), beat)
    if isinstance(asked.spec, SimulationSpec):
        return simulate.run(simulate.prepare(asked.spec), beat)
    return economics.sensitivity(asked.spec, progress=beat)


def _part(
    index: int,
    rows: int,
    backend: str,
    without: tuple[str, ...] = (),
    seconds: float | None = None,
) -> Part:
    """A part of which it is not known yet what stands of it."""
    return Part(index, rows, 0, "", backend, without, seconds)
