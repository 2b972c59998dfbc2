"""A layout as functions over vectors of cells: one for each stage and repetition, and the walk over
rows that calls them.
"""

from collections.abc import Sequence
from typing import Any

from kernels.engines.llvm.ir import Function
from kernels.engines.llvm.loops import FoldLoop, Repetition
from kernels.engines.partials import LANES
from kernels.engines.rows.layout import Layout
from kernels.trace.expressions import Expr, is_condition

WIDTH = LANES
STREAMED = "align 64, !nontemporal !0"
SATURATING = "declare i64 @llvm.usub.sat.i64(i64, i64)"
WALK = (
    "i64 %rows, i64 %n, ptr %outer, i64 %ocap, ptr %inner, i64 %icap, ptr %mixed, ptr %starts, ptr"
    " %outs, ptr %flaws, ptr %slots"
)
TABLES = (
    "ptr noalias %outer, i64 %ocap, ptr noalias %inner, i64 %icap, ptr noalias %mixed, ptr noalias"
    " %starts"
)


class Stage(Function):
    """The operations of one stage in the cells from `j`; `slots` are the batch's."""

    def __init__(self, layout: Layout, at: int) -> None:
        super().__init__(WIDTH)
        self.layout, self.at_stage, self.cell = layout, at, "0"
        self.places = {
            one: (kind, k) for kind, tables in layout.tables.items() for k, one in enumerate(tables)
        }

    def value(self, value: Any) -> str:
        """The register of a value: computed, or read from a table or a slot."""
        if not isinstance(value, Expr):
            return self.constant(value)
        if value not in self.names:
            self.names[value] = self._read(value)
        return self.names[value]

    def _read(self, one: Expr) -> str:
        if one not in self.places:
            return self.load(self.slot(self.layout.slots[one]), one.is_condition)
        kind, k = self.places[one]
        if kind == "outer":
            place = self.at("%outer", self.put(f"mul i64 %ocap, {k}", self.entry), into=self.entry)
            name = self.splat(
                self.put(f"load double, ptr {place}, align 8", self.entry), into=self.entry
            )
            return (
                self.put(f"fcmp une {self.real} {name}, zeroinitializer", self.entry)
                if one.is_condition
                else name
            )
        if kind == "inner":
            base, start = "%inner", self.put(f"mul i64 %icap, {k}", self.entry)
        else:
            base = self.put(
                f"load ptr, ptr {self.at('%mixed', k, 'ptr', self.entry)}, align 8", self.entry
            )
            place = self.at(
                "%starts", self.put(f"mul i64 %ocap, {k}", self.entry), "i64", self.entry
            )
            start = self.put(f"load i64, ptr {place}, align 8", self.entry)
        start = self.put(f"add i64 {start}, %from", self.entry)
        return self.load(
            self.at(self.at(base, start, into=self.entry), self.cell), one.is_condition
        )

    def slot(self, slot: int) -> str:
        """The address of a slot at the present cells."""
        return self.at("%slots", self.put(f"add i64 {self.cell}, {slot * self.layout.batch}"))

    def compute(self) -> None:
        """The stage's values, into registers and the slots that others read."""
        for one in self.layout.stages[self.at_stage]:
            self.names[one] = self.operate(one, [self.value(a) for a in one.args])
            if one in self.layout.slots:
                self.store(self.names[one], self.slot(self.layout.slots[one]), one.is_condition)
        for key, (stage, value) in self.layout.placed.items():
            if stage == self.at_stage:
                self.store(
                    self.value(value), self.slot(self.layout.slots[key]), is_condition(value)
                )
        for room in self.layout.turns.get(self.at_stage, ()):
            for k, value in enumerate(room.values):
                self.store(self.value(value), self.slot(room.first + k), is_condition(value))


def stage(layout: Layout, at: int) -> str:
    """A stage over the `n` cells of a batch; the last one leaves the answers in the slots after all
    others.
    """
    made = Stage(layout, at)
    with made.times("%n", WIDTH) as made.cell:
        made.compute()
        if at == len(layout.stages) - 1:
            for k, value in enumerate(layout.wanted):
                made.store(made.value(value), made.slot(layout.slot_count + k), is_condition(value))
    return made.text(f"stage{at}", f"i64 %n, i64 %from, {TABLES}, ptr noalias %slots")


def row(layout: Layout, wanted: Sequence[Expr], streaming: bool) -> str:
    """A plan of one stage over the `n` cells of a row, each wanted value to its own place (of at
    least one vector).

    `flaws` gathers the sum of each of them, which is not finite if a value is not. `streaming`
    writes past the caches; places must then lie on whole vectors.
    """
    made = Stage(layout, 0)
    places = [
        made.put(f"load ptr, ptr {made.at('%outs', k, 'ptr', made.entry)}, align 8", made.entry)
        for k in range(len(wanted))
    ]
    flaws = [made.variable(made.real) for _ in wanted]
    for k, flaw in enumerate(flaws):
        made.set(made.real, flaw, made.load(made.at("%flaws", k, made.real)))
    last = made.put(f"call i64 @llvm.usub.sat.i64(i64 %n, i64 {WIDTH})")
    with made.times("%n", WIDTH) as start:
        made.cell = made.least(start, last)
        made.compute()
        for value, place, flaw in zip(wanted, places, flaws, strict=True):
            found = made.as_number(made.value(value), value.is_condition)
            made.store(
                found,
                made.at(place, made.put(f"add i64 {made.cell}, %skip")),
                hint=STREAMED if streaming else "align 8",
            )
            made.set(
                made.real, flaw, made.put(f"fadd {made.real} {made.get(made.real, flaw)}, {found}")
            )
    for k, flaw in enumerate(flaws):
        made.store(made.get(made.real, flaw), made.at("%flaws", k, made.real))
    return made.text(
        "row", f"i64 %n, i64 %from, {TABLES}, ptr noalias %outs, i64 %skip, ptr noalias %flaws"
    )


def _of_row(walk: Function, row: str) -> str:
    starts = walk.at("%starts", row, "i64")
    return (
        f"ptr {walk.at('%outer', row)}, i64 %ocap, ptr %inner, i64 %icap, ptr %mixed, ptr {starts}"
    )


def light_walk(tallied: bool) -> str:
    """All rows of a plan of one stage: written where they belong, or each to one place and from
    there into a tally.
    """
    made = Function(WIDTH)
    with made.times("%rows") as at:
        first = made.put(f"mul i64 {at}, %n")
        made.lines.append(
            f"call void @row(i64 %n, i64 0, {_of_row(made, at)}, ptr %outs, i64"
            f" {0 if tallied else first}, ptr %flaws)"
        )
        if tallied:
            place, state, counts = (
                made.put(f"load ptr, ptr {made.at('%outs', k, 'ptr')}, align 8") for k in range(3)
            )
            made.lines.append(
                f"call void @use(i64 %n, ptr {place}, i64 {first}, ptr {state}, ptr {counts})"
            )
    return made.text("walk", WALK)


def staged_walk(layout: Layout) -> str:
    """All rows of a plan of several stages, batch by batch."""
    made, batch = Function(WIDTH), layout.batch
    with made.times("%rows") as at, made.times("%n", batch) as cell:
        count = made.least(made.put(f"sub i64 %n, {cell}"), batch)
        skip = made.put(f"add i64 {made.put(f'mul i64 {at}, %n')}, {cell}")
        tables = _of_row(made, at)
        for k in range(len(layout.stages)):
            made.lines.append(f"call void @stage{k}(i64 {count}, i64 {cell}, {tables}, ptr %slots)")
            made.lines += [
                f"call void @turn{k}.{r}(i64 {count}, ptr %slots)"
                for r in range(len(layout.turns.get(k, ())))
            ]
            made.lines += [
                f"call void @fold{k}.{r}(i64 {count}, ptr %slots)"
                for r in range(len(layout.folds.get(k, ())))
            ]
        size = made.put(f"mul i64 {count}, 8")
        for k in range(len(layout.wanted)):
            place = made.at(made.put(f"load ptr, ptr {made.at('%outs', k, 'ptr')}, align 8"), skip)
            answer = made.at("%slots", (layout.slot_count + k) * batch)
            made.lines.append(
                f"call void @llvm.memcpy.p0.p0.i64(ptr {place}, ptr {answer}, i64 {size}, i1 false)"
            )
    return made.text("walk", WALK)


def module(layout: Layout, streaming: bool) -> str:
    """The text of a module whose `walk` fills the answers of some rows."""
    if layout.is_light:
        return "\n".join(
            [row(layout, layout.wanted, streaming), light_walk(False), SATURATING, "!0 = !{i32 1}"]
        )
    parts = ["declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)"]
    parts += [stage(layout, at) for at in range(len(layout.stages))]
    parts += [
        Repetition(room, layout.batch, f"turn{at}.{r}").write()
        for at, rooms in layout.turns.items()
        for r, room in enumerate(rooms)
    ]
    parts += [
        FoldLoop(walk, layout.batch, f"fold{at}.{r}").write()
        for at, walks in layout.folds.items()
        for r, walk in enumerate(walks)
    ]
    return "\n".join([*parts, staged_walk(layout)])


def tally_module(layout: Layout, target: Expr, use: str) -> str:
    """The text of a module whose `walk` gives each row of one target to a tally
    (`kernels.engines.llvm.tallies`).
    """
    return "\n".join([row(layout, [target], False), use, light_walk(True), SATURATING])
