"""How a trace is laid out for compiled lanes: rows of cells, what the host computes for them, and
stages between repetitions.

The last axes are one row of cells, the others number the rows. What varies only along a row, or
only from row to row, is computed by numpy into tables; the rest is computed in lanes along a row. A
repetition needs its inputs for a whole batch of cells, so it stands between two stages; what
crosses from one stage to the next has a slot: a value for each cell of the batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from kernels.engines.engine import Unsupported
from kernels.trace.expressions import TRANSCENDENTAL, Body, Expr, Fold, Loop, Turn, is_condition
from kernels.trace.program import inner, needs, program

SCRATCH = 2**16  # values of all slots of a batch, so that they stay in a core's cache
LEAST_BATCH, MOST_BATCH = 32, 1024
MOST_OPERATIONS = 20_000  # in straight lines: as many take half a minute to compile


@dataclass
class TurnSlots:
    """The slots of a repetition, one after another: its states, who takes part, what it takes from
    outside, its kept series.
    """

    turn: Turn
    first: int
    imports: tuple[Expr, ...]
    kept: tuple[Any, ...]
    order: tuple[tuple[int, ...], ...]  # of each series, the places of its values in `kept`

    @property
    def values(self) -> tuple[Any, ...]:
        """What its slots begin with."""
        return (*self.turn.start, self.turn.only, *self.imports, *self.kept)


@dataclass
class FoldSlots:
    """The slots of a fold, wherever they are: of its start, of what it takes from outside, of each
    series, of its results.
    """

    fold: Fold
    start: tuple[int, ...]
    imports: tuple[int, ...]
    order: tuple[tuple[int, ...], ...]
    results: tuple[int, ...]


@dataclass
class Layout:
    """Targets over rows: tables that the host fills, stages of operations, repetitions after each
    stage.
    """

    wanted: tuple[Expr, ...]
    row_axes: frozenset[int]
    tables: dict[str, list[Expr]] = field(
        default_factory=lambda: {"outer": [], "inner": [], "mixed": []}
    )
    stages: list[list[Expr]] = field(default_factory=list)
    turns: dict[int, list[TurnSlots]] = field(default_factory=dict)
    folds: dict[int, list[FoldSlots]] = field(default_factory=dict)
    placed: dict[Any, tuple[int, Any]] = field(
        default_factory=dict
    )  # what is not made in lanes and yet read by walks, from which stage
    stage_of: dict[Expr, int] = field(default_factory=dict)
    slots: dict[Any, int] = field(default_factory=dict)
    slot_count: int = 0

    def kind(self, one: Expr) -> str:
        """Where a value comes from: a table by row (outer), along the row (inner), of some rows and
        along them (mixed), or lanes.
        """
        if one.axes.isdisjoint(self.row_axes):
            return "outer"
        if one.axes <= self.row_axes:
            return "inner"
        return "mixed" if one.op in TRANSCENDENTAL or one.op == "table" else "lane"

    @property
    def host_values(self) -> list[Expr]:
        """What the host computes."""
        return [one for tables in self.tables.values() for one in tables]

    @property
    def is_light(self) -> bool:
        """Whether all is done in one stage."""
        return not self.turns and not self.folds

    @property
    def batch(self) -> int:
        """How many cells are taken together."""
        fits = SCRATCH // max(self.slot_count, 1)
        return max(LEAST_BATCH, min(MOST_BATCH, 1 << max(fits, 1).bit_length() - 1))

    def kept_slots(self) -> dict[Any, list[tuple[int, bool]]]:
        """The slots into which each value of a stage goes, and whether it stays there."""
        places: dict[Any, list[tuple[int, bool]]] = {}
        for key, slot in self.slots.items():
            if key in self.stage_of and key.op != "result":
                places.setdefault(key, []).append((slot, True))
        for room in (room for turns in self.turns.values() for room in turns):
            states = len(room.turn.start)
            for k, value in enumerate(room.values):
                made = isinstance(value, Expr) and value in self.stage_of
                if made and value.op != "result":
                    places.setdefault(value, []).append((room.first + k, k >= states))
        return places

    def take(self, count: int) -> int:
        """The first of some new slots."""
        self.slot_count += count
        return self.slot_count - count


def layout(
    wanted: Sequence[Expr], row_axes: frozenset[int], most_operations: int = MOST_OPERATIONS
) -> Layout:
    """Lay out some values over rows of the cells of `row_axes`. Errors: Unsupported."""
    made = Layout(tuple(wanted), row_axes)
    nodes, needed = program(wanted).nodes, set(wanted)
    for one in reversed(nodes):
        if one in needed and made.kind(one) == "lane":
            needed.update(needs(one))
    for one in nodes:
        if one in needed and made.kind(one) != "lane":
            made.tables[made.kind(one)].append(one)
        elif one in needed:
            _stage(one, made)
    if len(made.stage_of) > most_operations:
        raise Unsupported(
            f"{len(made.stage_of)} operations a cell, more than the {most_operations} that are"
            " compiled"
        )
    _cross(made)
    return made


def in_rows(
    wanted: Iterable[Any], sizes: Sequence[int], cells: int, most: float = inf
) -> tuple[list[int], Layout]:
    """The axes of some values, and their layout over rows of at least so many cells where there are
    as many. Errors: Unsupported.

    With `most`, all axes together are one row only where that has at most so many cells: the host
    computes whatever is one row.
    """
    varying = dict.fromkeys(one for one in wanted if isinstance(one, Expr))
    axes = sorted(frozenset[int]().union(*(one.axes for one in varying)))
    row, width = list[int](), 1
    for axis in reversed(axes):
        if width >= cells or (len(row) + 1 == len(axes) > 1 and width * sizes[axis] > most):
            break
        row.append(axis)
        width *= sizes[axis]
    return axes, layout(tuple(varying), frozenset(row))


def _stage(one: Expr, made: Layout) -> None:
    """Put a value into the first stage in which all that it needs is there."""
    at = max((made.stage_of.get(need, 0) for need in needs(one)), default=0)
    if one.op != "result":
        made.stage_of[one] = at
    elif one not in made.stage_of:
        if isinstance(one.args[0], Turn):
            made.turns.setdefault(at, []).append(_turn_slots(one.args[0], made))
        else:
            made.folds.setdefault(at, []).append(_fold_slots(one.args[0], made, at))
        made.stage_of.update(dict.fromkeys(one.args[0].results, at + 1))


def _turn_slots(turn: Turn, made: Layout) -> TurnSlots:
    _check(turn)
    kept: dict[Any, int] = {}
    order = tuple(
        tuple(kept.setdefault(_key(value), len(kept)) for value in series) for series in turn.series
    )
    values = {_key(value): value for series in turn.series for value in series}
    imports = inner(turn).imports
    first = made.take(len(turn.start) + 1 + len(imports) + len(kept))
    made.slots.update({result: first + at for at, result in enumerate(turn.results)})
    return TurnSlots(turn, first, imports, tuple(values[key] for key in kept), order)


def _fold_slots(fold: Fold, made: Layout, at: int) -> FoldSlots:
    def slot(value: Any) -> int:
        key = _key(value)
        if key not in made.slots:
            made.slots[key] = made.take(1)
        if key not in made.stage_of:
            made.placed[key] = min(made.placed.get(key, (at, value))[0], at), value
        return made.slots[key]

    _check(fold)
    start, imports = tuple(map(slot, fold.start)), tuple(map(slot, inner(fold).imports))
    order = tuple(tuple(map(slot, series)) for series in fold.series)
    first = made.take(len(fold.results))
    made.slots.update({result: first + k for k, result in enumerate(fold.results)})
    return FoldSlots(fold, start, imports, order, tuple(range(first, first + len(fold.results))))


def _key(value: Any) -> Any:
    return value if isinstance(value, Expr) else float(value).hex()


def _check(body: Body) -> None:
    for one in inner(body).nodes:
        if one.op in TRANSCENDENTAL:
            raise Unsupported(f"{one.op} of a value that is searched for")
        if one.op == "result" and not isinstance(one.args[0], Loop):
            raise Unsupported("a repetition inside another")
    if any(is_condition(value) for value in (*body.start, *body.after)):
        raise Unsupported("a condition that a repetition carries from step to step")


def _cross(made: Layout) -> None:
    """The operations of each stage, and a slot for each value that is made in an earlier stage than
    it is read.
    """
    last = max(made.stage_of.values(), default=0)
    made.stages = [
        [one for one, at in made.stage_of.items() if at == stage and one.op != "result"]
        for stage in range(last + 1)
    ]
    for at, stage in enumerate(made.stages):
        read = [need for one in stage for need in needs(one)] + [
            v for room in made.turns.get(at, ()) for v in room.values
        ]
        for need in (*read, *(made.wanted if at == last else ())):
            if (
                isinstance(need, Expr)
                and need not in made.slots
                and made.stage_of.get(need, at) < at
            ):
                made.slots[need] = made.take(1)
