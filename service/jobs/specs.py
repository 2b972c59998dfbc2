"""A question as a job has it: with all that it needs, as bytes that are the same wherever they are
written, and in shards. Which shards there are is a function of the question and of the program's
version alone.
"""

from hashlib import sha256
from typing import Annotated as A
from typing import Any

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import asdict, replace

import economics
from economics import Problem
from economics.scenario.portable import portable
from economics.sweeps.parts import block_sizes
from economics.sweeps.prepared import Prepared
from economics.sweeps.spec import (
    Bottom,
    Cells,
    Frontier,
    Histogram,
    SweepSpec,
    Top,
    sweep_spec,
)
from economics.uncertainty import simulate
from economics.uncertainty.sensitivity import SensitivitySpec, sensitivity_spec
from economics.uncertainty.simulate import SimulationSpec, simulation_spec
from kernels.language.caches import cached
from kernels.trace.grid import box_count
from service.jobs.folders import ANSWER, TABLE
from service.jobs.records import Kind

SHARD_ROWS = 250_000  # of a table; one that fits the caches costs more to keep than to compute
ANSWER_BYTES = 2**16  # that an answer of no table takes, or fewer as a rule
TEXT_BYTES, LISTED_BYTES = 25, 100  # of a number as text, and as text and in a list
VALUE_BYTES, STATUS_BYTES = 8, 1  # of a cell in a table, before it is compressed
PLAN_ENGINE = "numpy"  # which is always there: the plan of the shards does not hang on an engine
Spec = SweepSpec | SimulationSpec | SensitivitySpec
KINDS: dict[type, Kind] = {
    SweepSpec: "sweep",
    SimulationSpec: "simulation",
    SensitivitySpec: "sensitivity",
}
Rows = A[int, Meta(ge=1, le=10_000_000)]


class Question(Struct, frozen=True):
    """What is asked, and how many rows a shard of its table has at most."""

    kind: Kind
    spec: Spec
    shard_rows: Rows = SHARD_ROWS

    @property
    def is_table(self) -> bool:
        """Whether its answer is a table of cells; every other is one shard."""
        return isinstance(self.spec, SweepSpec) and isinstance(self.spec.reduce, Cells)

    @property
    def form(self) -> str:
        """How the names of its parts end."""
        return TABLE if self.is_table else ANSWER


class Outline(Struct, frozen=True):
    """What is known of an answer before anything is computed: `bytes` are about what it takes
    where it is kept, `memory` what a shard takes while it is computed; `rows` are those of a table,
    and the lines of a frontier.
    """

    shards: int
    cells: int
    rows: int
    columns: tuple[str, ...]
    is_table: bool
    bytes: int
    memory: int


class _Written(Struct, frozen=True):
    kind: Kind
    shard_rows: Rows
    spec: dict[str, Any]


def question(spec: Spec, shard_rows: int = SHARD_ROWS) -> Question:
    """A spec as a question."""
    return Question(KINDS[type(spec)], spec, shard_rows)


def resolved(asked: Question) -> Question:
    """The same question with a scenario that needs nothing of this machine: rows of the catalog
    that it names are its own, so that nothing that changes there changes the answer. Errors:
    Problem.
    """
    return replace(asked, spec=replace(asked.spec, scenario=portable(asked.spec.scenario)))


def packed(asked: Question) -> bytes:
    """A resolved question as bytes. Errors: Problem for a number that they cannot say."""
    parts = {name: value for name, value in asdict(asked.spec).items() if value is not None}
    written = _Written(asked.kind, asked.shard_rows, msgspec.to_builtins(parts))
    return msgspec.json.encode(written)


def digest(spec: bytes) -> str:
    """By what a question is known."""
    return sha256(spec).hexdigest()


@cached(8)
def unpacked(spec: bytes) -> Question:
    """The question that bytes say. Errors: Problem where they say none."""
    try:
        written = msgspec.json.decode(spec, type=_Written)
    except msgspec.MsgspecError as error:
        raise Problem("spec", spec[:80], f"a question as a job has it ({error})") from None
    read = {"sweep": sweep_spec, "simulation": simulation_spec, "sensitivity": sensitivity_spec}
    found: Any = read[written.kind]
    return Question(written.kind, found(written.spec), written.shard_rows)


@cached(8)
def outline(spec: bytes) -> Outline:
    """The outline of an answer. Errors: Problem, BackendError: all that is wrong with a question
    and can be told before it is computed.
    """
    asked = unpacked(spec)
    if isinstance(asked.spec, SweepSpec):
        return _of_sweep(asked, economics.prepare(asked.spec, PLAN_ENGINE, 1))
    if isinstance(asked.spec, SimulationSpec):
        prepared = simulate.prepare(asked.spec, PLAN_ENGINE, 1).prepared
        return _of_answer(prepared.grid.size, prepared.bytes)
    cells = _tried(asked.spec)
    return _of_answer(cells, cells * VALUE_BYTES)


def _of_sweep(asked: Question, prepared: Prepared) -> Outline:
    over = prepared.grid
    if not asked.is_table:
        told = _told(prepared)
        listed = _of_answer(over.size, prepared.bytes + told * LISTED_BYTES)
        return replace(listed, rows=prepared.rows, bytes=listed.bytes + told * TEXT_BYTES)
    axes = [axis.name for axis in over.axes]
    targets = [name for one in prepared.targets for name in (one, f"{one}_status")]
    row = VALUE_BYTES * (len(axes) + len(prepared.targets)) + STATUS_BYTES * len(prepared.targets)
    most = min(over.size, asked.shard_rows)
    return Outline(
        shards=box_count(over.whole, block_sizes(over.shape, asked.shard_rows)),
        cells=over.size,
        rows=over.size,
        columns=(*axes, *targets),
        is_table=True,
        bytes=row * over.size,
        memory=prepared.tile_bytes + row * most,
    )


def _of_answer(cells: int, memory: int) -> Outline:
    return Outline(1, cells, 0, (), False, ANSWER_BYTES, memory)


def _told(prepared: Prepared) -> int:
    """How many numbers and words a reduction tells at most, beside a few."""
    found, axes = prepared.reduction, len(prepared.grid.axes)
    if isinstance(found, Frontier):
        return prepared.rows * (axes + 2)
    if isinstance(found, Top | Bottom):
        row = axes + 2 * len(prepared.targets)  # each of them with its name
        return min(found.count, prepared.grid.size) * 2 * row
    return 2 * found.bins if isinstance(found, Histogram) else 0


def _tried(spec: SensitivitySpec) -> int:
    """How many cells a question of sensitivity has, found by asking it of very few draws. Errors:
    Problem, NoAnswer.
    """
    if spec.draws is None:
        return economics.sensitivity(spec, PLAN_ENGINE, 1).evaluations
    few = replace(spec, draws=replace(spec.draws, count=1))
    return economics.sensitivity(few, PLAN_ENGINE, 1).evaluations * spec.draws.count
