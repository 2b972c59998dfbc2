"""Repetitions and folds as functions over vectors of cells."""

from kernels.engines.llvm.ir import Function
from kernels.engines.rows.layout import FoldSlots, TurnSlots
from kernels.trace.expressions import Body, Loop, is_condition
from kernels.trace.program import inner

WIDTH = 16  # lanes: enough chains of additions to fill the pipelines
ROUND = 8  # steps between two listings of the cells that still go


class Repetition(Function):
    """A repetition over a batch whose inputs are in its slots: the cells that still go are listed,
    some at a time take some steps.
    """

    def __init__(self, slots: TurnSlots, batch: int, name: str) -> None:
        super().__init__(WIDTH)
        self.slots, self.batch, self.turn, self.name = slots, batch, slots.turn, name
        self.first_import = len(slots.turn.start) + 1
        self.first_kept = self.first_import + len(slots.imports)
        self.local = self.variable(f"[{len(slots.values)} x {self.real}]")
        self.list = self.variable(f"[{batch + WIDTH} x i64]")
        self.states = [self.variable(self.real) for _ in slots.turn.start]
        self.going = self.variable(self.mask)
        self.orders = [
            f"@{name}.order{k} = internal constant [{len(order)} x i64]"
            f" [{', '.join(f'i64 {self.first_kept + at}' for at in order)}]"
            for k, order in enumerate(slots.order)
        ]

    def write(self) -> str:
        """The function and the tables that it reads."""
        left, turned, kept = (self.variable("i64") for _ in range(3))
        self.set("i64", left, "0")
        self.set("i64", turned, "0")
        with self.times("%n") as cell:
            self._take(cell, left, self._flag(cell))
        with self.repeatedly() as done:
            count, taken = self.get("i64", left), self.get("i64", turned)
            self.leave(done, self.put(f"icmp eq i64 {count}, 0"))
            self.leave(done, self.put(f"icmp uge i64 {taken}, {self.turn.limit}"))
            steps = self.least(self.put(f"sub i64 {self.turn.limit}, {taken}"), ROUND)
            self.set("i64", kept, "0")
            with self.times(count, WIDTH) as group:
                self._group(
                    group, self.least(self.put(f"sub i64 {count}, {group}"), WIDTH), steps, kept
                )
            self.set("i64", left, self.get("i64", kept))
            self.set("i64", turned, self.put(f"add i64 {taken}, {steps}"))
        return "\n".join([*self.orders, self.text(self.name, "i64 %n, ptr noalias %slots")])

    def _flag(self, cell: str) -> str:
        at = self.at(
            "%slots",
            self.put(f"add i64 {cell}, {(self.slots.first + self.first_import - 1) * self.batch}"),
        )
        return self.put(f"fcmp une double {self.get('double', at)}, 0.0")

    def _take(self, cell: str, count: str, takes: str) -> None:
        """Put a cell at the end of the list if it takes part."""
        end = self.get("i64", count)
        self.set("i64", self.at(self.list, end, "i64"), cell)
        self.set("i64", count, self.put(f"add i64 {end}, {self.put(f'zext i1 {takes} to i64')}"))

    def _group(self, group: str, count: str, steps: str, kept: str) -> None:
        """Some steps of some cells; those that still go are listed again."""
        cells = self.at(self.list, group, "i64")
        self._copy(cells, count, len(self.slots.values), True)
        self._steps(count, steps)
        self._copy(cells, count, len(self.states), False)
        going = self.put(f"bitcast {self.mask} {self.get(self.mask, self.going)} to i{self.width}")
        with self.times(count) as lane:
            bit = self.put(
                f"lshr i{self.width} {going}, {self.put(f'trunc i64 {lane} to i{self.width}')}"
            )
            self._take(
                self.get("i64", self.at(cells, lane, "i64")),
                kept,
                self.put(f"trunc i{self.width} {bit} to i1"),
            )

    def _copy(self, cells: str, count: str, rows: int, inwards: bool) -> None:
        """Rows of the cells at hand, from the slots to the local copy or back: whole vectors where
        the cells are neighbours.
        """
        first = self.get("i64", cells)
        last = self.get("i64", self.at(cells, WIDTH - 1, "i64"))
        near = self.put(f"icmp eq i64 {self.put(f'sub i64 {last}, {first}')}, {WIDTH - 1}")
        together = self.put(f"and i1 {near}, {self.put(f'icmp eq i64 {count}, {WIDTH}')}")
        with self.only_if(together), self.times(rows) as row:
            there, here = self._row(row)
            source, target = (
                (self.at(there, first), here) if inwards else (here, self.at(there, first))
            )
            self.store(self.load(source), target)
        with self.only_if(self.put(f"xor i1 {together}, true")), self.times(rows) as row:
            there, here = self._row(row)
            with self.times(count) as lane:
                far = self.at(there, self.get("i64", self.at(cells, lane, "i64")))
                source, target = (
                    (far, self.at(here, lane)) if inwards else (self.at(here, lane), far)
                )
                self.set("double", target, self.get("double", source))

    def _row(self, row: str) -> tuple[str, str]:
        """Where a row begins among the slots and in the local copy."""
        slot = self.put(f"mul i64 {self.put(f'add i64 {row}, {self.slots.first}')}, {self.batch}")
        return self.at("%slots", slot), self.at(self.local, row, self.real)

    def _steps(self, count: str, steps: str) -> None:
        """At most so many steps of the cells at hand."""
        lanes = ", ".join(f"i64 {k}" for k in range(self.width))
        self.set(
            self.mask,
            self.going,
            self.put(f"icmp ult <{self.width} x i64> <{lanes}>, {self.splat(count, 'i64')}"),
        )
        for k, state in enumerate(self.states):
            self.set(self.real, state, self.load(self.at(self.local, k, self.real)))
        for k, one in enumerate(self.slots.imports):
            self.names[one] = self.load(
                self.at(self.local, self.first_import + k, self.real), one.is_condition
            )
        step = self.variable("i64")
        self.set("i64", step, "0")
        with self.repeatedly() as done:
            taken, active = self.get("i64", step), self.get(self.mask, self.going)
            self.leave(done, self.put(f"icmp uge i64 {taken}, {steps}"))
            self.leave(
                done,
                self.put(
                    f"icmp eq i{self.width}"
                    f" {self.put(f'bitcast {self.mask} {active} to i{self.width}')}, 0"
                ),
            )
            before = [self.get(self.real, state) for state in self.states]
            self._body(self.turn, before)
            for state, old, after in zip(self.states, before, self.turn.after, strict=True):
                self.set(
                    self.real,
                    state,
                    self.put(
                        f"select {self.mask} {active}, {self.real} {self.value(after)}, {self.real}"
                        f" {old}"
                    ),
                )
            self.set(
                self.mask,
                self.going,
                self.put(f"and {self.mask} {active}, {self.value(self.turn.going)}"),
            )
            self.set("i64", step, self.put(f"add i64 {taken}, 1"))
        for k, state in enumerate(self.states):
            self.store(self.get(self.real, state), self.at(self.local, k, self.real))

    def _body(self, body: Body, states: list[str]) -> None:
        self.names.update(zip(body.states, states, strict=True))
        for one in inner(body).nodes:
            if one.op != "result":
                self.names[one] = self.operate(one, [self.value(a) for a in one.args])
            elif one not in self.names:
                self._loop(one.args[0])

    def _loop(self, loop: Loop) -> None:
        """A fold over kept series."""
        states = [self.variable(self.real) for _ in loop.start]
        for state, start in zip(states, loop.start, strict=True):
            self.set(self.real, state, self.value(start))
        with self.times(loop.count) as at:
            for element, rows in zip(loop.elements, loop.series, strict=True):
                row = self.get("i64", self.at(f"@{self.name}.order{rows.place}", at, "i64"))
                self.names[element] = self.load(self.at(self.local, row, self.real))
            self._body(loop, [self.get(self.real, state) for state in states])
            for state, after in zip(states, loop.after, strict=True):
                self.set(self.real, state, self.value(after))
        self.names.update(
            zip(loop.results, (self.get(self.real, state) for state in states), strict=True)
        )


class FoldLoop(Function):
    """A fold over series in slots, for all cells of a batch."""

    def __init__(self, slots: FoldSlots, batch: int, name: str) -> None:
        super().__init__(WIDTH)
        self.slots, self.batch, self.name = slots, batch, name
        places = {f"order{k}": order for k, order in enumerate(slots.order)} | {
            "given": slots.results[len(slots.start) :]
        }
        self.tables = [
            f"@{name}.{table} = internal constant [{len(order)} x i64]"
            f" [{', '.join(f'i64 {slot * batch}' for slot in order)}]"
            for table, order in places.items()
            if order
        ]

    def write(self) -> str:
        """The function and the tables that it reads."""
        fold, states = self.slots.fold, [self.variable(self.real) for _ in self.slots.start]
        with self.times("%n", WIDTH) as cell:
            for one, slot in zip(inner(fold).imports, self.slots.imports, strict=True):
                self.names[one] = self.load(
                    self._at(cell, str(slot * self.batch)), one.is_condition
                )
            for state, slot in zip(states, self.slots.start, strict=True):
                self.set(self.real, state, self.load(self._at(cell, str(slot * self.batch))))
            with self.times(fold.count) as step:
                self._step(cell, step, states)
            for state, slot in zip(states, self.slots.results, strict=False):
                self.store(self.get(self.real, state), self._at(cell, str(slot * self.batch)))
        return "\n".join([*self.tables, self.text(self.name, "i64 %n, ptr noalias %slots")])

    def _at(self, cell: str, row: str) -> str:
        return self.at("%slots", self.put(f"add i64 {row}, {cell}"))

    def _step(self, cell: str, step: str, states: list[str]) -> None:
        fold = self.slots.fold
        for k, element in enumerate(fold.elements):
            row = self.get("i64", self.at(f"@{self.name}.order{k}", step, "i64"))
            self.names[element] = self.load(self._at(cell, row))
        self.names.update(
            zip(fold.states, (self.get(self.real, state) for state in states), strict=True)
        )
        for one in inner(fold).nodes:
            self.names[one] = self.operate(one, [self.value(a) for a in one.args])
        for state, after in zip(states, fold.after, strict=True):
            self.set(self.real, state, self.value(after))
        if fold.each is not None:
            row = self.get("i64", self.at(f"@{self.name}.given", step, "i64"))
            self.store(self.value(fold.each), self._at(cell, row), is_condition(fold.each))
