"""The function that computes one cell, as CUDA C++: each operation of a trace once, in its order,
answers handed on as they come.

A plan of few operations is left to the compiler's registers. One of many keeps what is read much
later in scratch memory, by orders that the compiler may not undo, so that no register spills; what
repetitions and folds walk along is there anyway.
"""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from kernels.engines.cuda.operations import as_condition, as_number, as_stored, is_light, number
from kernels.engines.rows.layout import FoldSlots, Layout, TurnSlots
from kernels.trace.expressions import LOGIC, Body, Expr, Fold, Loop, is_condition
from kernels.trace.program import inner

PLACE = "long long row, long long column"
MOST_HELD = 40  # values in registers, two of them each
MOST_IMPORTED = 16  # values from outside that a loop holds; more are read at each step
Name = str


class Cell:
    """The lines of `compute`: each operation once, in the order of the trace."""

    def __init__(self, layout: Layout) -> None:
        self.layout, self.light = layout, is_light(layout)
        self.places = {
            one: (kind, k) for kind, tables in layout.tables.items() for k, one in enumerate(tables)
        }
        self.answers: dict[Any, list[int]] = {}
        for k, one in enumerate(layout.wanted):
            self.answers.setdefault(one, []).append(k)
        self.keeps = layout.kept_slots()
        self.homes: dict[Any, int] = {}  # the slot in which a value stays
        self.free: list[int] = []
        self.borrowed: dict[Any, int] = {}
        self.slot_count = layout.slot_count
        self.held: dict[Any, Name] = {}
        # the slots of what a repetition or a fold takes from outside
        self.imported: dict[Any, int] = {}
        # where in its stage a value is still read, the last place first
        self.later: dict[Any, list[int]] = {}
        self.tables: list[str] = []
        self.lines: list[str] = []
        self.numbers = count()

    def write(self) -> str:
        """The tables that it reads, and the function."""
        for at in range(len(self.layout.stages)):
            self._stage(at)
        body = "\n".join(f"  {line}" for line in self.lines)
        given = "Job& job" if self.light else "Job& given"
        head = (
            f"template <class Put>\n__device__ __forceinline__ void compute(const {given}, const"
            f" double* along, {PLACE}, Put put) {{"
        )
        renewed = [] if self.light else ["  const Job job = given.renewed();"]
        return "\n".join([*self.tables, head, *renewed, body, "}\n\n"])

    def _stage(self, at: int) -> None:
        nodes = self.layout.stages[at]
        turns, folds = self.layout.turns.get(at, ()), self.layout.folds.get(at, ())
        placed = [
            (self.layout.slots[key], value)
            for key, (stage, value) in self.layout.placed.items()
            if stage == at
        ]
        for slots in turns:
            placed += [
                (slots.first + k, value)
                for k, value in enumerate(slots.values)
                if value not in self.keeps
            ]
        ends: list[Any] = []
        if at == len(self.layout.stages) - 1:
            ends += [one for one in self.answers if one not in self.layout.stage_of]
            ends += [one for one in self.answers if one.op == "result"]
        read = [[a for a in one.args if isinstance(a, Expr)] for one in nodes]
        read += [[value] for _, value in placed if isinstance(value, Expr)] + [
            [one] for one in ends
        ]
        self.later = {}
        for place in reversed(range(len(read))):
            for one in read[place]:
                self.later.setdefault(one, []).append(place)
        for place, one in enumerate(nodes):
            self._made(one, place)
        place = len(nodes)
        for slot, value in placed:
            self._say(f"job.keep({slot}, {self._number(value)});")
            place += isinstance(value, Expr)
            self._read(value, place - 1)
        for one in ends:
            self._answer(one, self._number(one))
        self.held.clear()
        for slots in turns:
            self._turn(slots, at)
        for fold in folds:
            self._fold(fold)

    def _made(self, one: Expr, place: int) -> None:
        arguments = [self._value(a) for a in one.args]
        name = self._new(one, self._operation(one, arguments))
        for value in one.args:
            self._read(value, place)
        self._hold(one, name, one.args)
        for slot, stays in self.keeps.get(one, ()):
            self._say(f"job.keep({slot}, {as_number(one, name)});")
            if stays:
                self.homes[one] = slot
        self._answer(one, as_number(one, name))

    def _answer(self, one: Expr, text: str) -> None:
        for k in self.answers.get(one, ()):
            self._say(f"put({k}, {text});")

    def _read(self, value: Any, place: int) -> None:
        """A value has been read at a place; forget it where that was the last one."""
        left = self.later.get(value, [])
        while left and left[-1] <= place:
            left.pop()
        if not left and value in self.held and not self.light:
            del self.held[value]
            if value in self.borrowed:
                self.free.append(self.borrowed.pop(value))
                del self.homes[value]

    def _value(self, value: Any) -> Name:
        """What stands for a value: a constant, a register, or one that is filled again."""
        if not isinstance(value, Expr):
            return number(value)
        if value not in self.held and value in self.imported:
            self.held[value] = self._new(
                value, as_stored(value, f"job.take({self.imported[value]})")
            )
        elif value not in self.held:
            self._hold(value, self._new(value, self._loaded(value)), ())
        return self.held[value]

    def _number(self, value: Any) -> str:
        return as_number(value, self._value(value))

    def _hold(self, value: Any, name: Name, beside: Iterable[Any]) -> None:
        """Keep a value in a register; too many, and the one that is read last goes to memory."""
        self.held[value] = name
        if self.light or len(self.held) <= MOST_HELD:
            return
        others = [
            one for one in self.held if one is not value and not any(one is each for each in beside)
        ]
        last = max(others, key=lambda one: self.later[one][-1] if self.later.get(one) else 10**9)
        name = self.held.pop(last)
        if self.later.get(last) and last not in self.homes and last not in self.places:
            self.homes[last] = self.borrowed[last] = self.free.pop() if self.free else self._slot()
            self._say(f"job.keep({self.homes[last]}, {as_number(last, name)});")

    def _slot(self) -> int:
        self.slot_count += 1
        return self.slot_count - 1

    def _loaded(self, one: Expr) -> str:
        """A value from its table or its slot."""
        if one in self.places:
            kind, k = self.places[one]
            if kind == "inner" and self.light:
                return as_stored(one, f"along[{k}]")
            place = f"{k}" if self.light else f"Job::unknown({k}ll)"
            where = {
                "outer": f"outer({place}, row)",
                "inner": f"inner({place}, column)",
                "mixed": f"mixed({place}, row, column)",
            }[kind]
            return as_stored(
                one, f"__ldg(job.{where})" if self.light else f"Job::look(job.{where})"
            )
        return as_stored(
            one, f"job.take({self.homes[one] if one in self.homes else self.layout.slots[one]})"
        )

    def _new(self, value: Any, text: str) -> Name:
        name = f"v{next(self.numbers)}"
        self._say(f"{'bool' if is_condition(value) else 'double'} {name} = {text};")
        return name

    def _say(self, line: str) -> None:
        self.lines.append(line)

    def _operation(self, one: Expr, names: Sequence[Name]) -> str:
        """One operation of the trace."""
        if one.op == "where":
            a, b = (
                as_number(value, name) for value, name in zip(one.args[1:], names[1:], strict=True)
            )
            return f"{names[0]} ? {a} : {b}"
        if one.op in LOGIC or all(map(is_condition, one.args)):
            a, b = (as_condition(value, name) for value, name in zip(one.args, names, strict=True))
            return f"{a} {one.op.replace('^', '!=')} {b}"
        a, b = (as_number(value, name) for value, name in zip(one.args, names, strict=True))
        return f"{a} {one.op} {b}"

    def _table(self, slots: Sequence[int]) -> str:
        """A table of slots, for a loop."""
        name = f"slots{len(self.tables)}"
        self.tables.append(f"__device__ const int {name}[] = {{{', '.join(map(str, slots))}}};")
        self._say(f"const int* own_{name} = Job::unknown((const int*){name});")
        return f"own_{name}"

    def _import(self, imports: Sequence[Expr], slots: Sequence[int]) -> None:
        self.imported = dict(zip(imports, slots, strict=True))
        for one in imports if len(imports) <= MOST_IMPORTED else ():
            self._value(one)

    def _states(self, body: Body, starts: Sequence[str]) -> list[Name]:
        names = [f"s{next(self.numbers)}" for _ in starts]
        for name, start in zip(names, starts, strict=True):
            self._say(f"double {name} = {start};")
        self.held.update(zip(body.states, names, strict=True))
        return names

    def _moved(self, body: Body, states: Sequence[Name]) -> None:
        after = [self._new(value, self._number(value)) for value in body.after]
        for state, name in zip(states, after, strict=True):
            self._say(f"{state} = {name};")

    def _turn(self, slots: TurnSlots, at: int) -> None:
        """A repetition: until it stops, or has taken as many steps as it may."""
        turn = slots.turn
        states, first = len(turn.start), slots.first + len(turn.start) + 1
        self._say("{")
        self._import(slots.imports, range(first, first + len(slots.imports)))
        names = self._states(turn, [f"job.take({slots.first + k})" for k in range(states)])
        going = f"s{next(self.numbers)}"
        self._say(f"bool {going} = job.take({slots.first + states}) != 0.0;")
        orders = [
            self._table([first + len(slots.imports) + k for k in order]) for order in slots.order
        ]
        self._say("#pragma unroll 1")
        self._say(f"for (int step = 0; {going} && step < {turn.limit}; ++step) {{")
        self._steps(turn, orders)
        again = self._value(turn.going)
        self._moved(turn, names)
        self._say(f"{going} = {again};")
        self._say("}")
        for k, name in enumerate(names):
            self._say(f"job.keep({slots.first + k}, {name});")
        self._say("}")
        self.held = {}

    def _steps(self, body: Body, orders: Sequence[Name]) -> None:
        """What a step of a repetition computes."""
        for one in inner(body).nodes:
            if one.op != "result":
                self.held[one] = self._new(
                    one, self._operation(one, [self._value(a) for a in one.args])
                )
            elif one not in self.held:
                self._loop(one.args[0], orders)

    def _loop(self, loop: Loop, orders: Sequence[Name]) -> None:
        """A fold over series that are kept for a repetition."""
        states = self._states(loop, [self._number(start) for start in loop.start])
        before = dict(self.held)
        self._say("#pragma unroll 1")
        self._say(f"for (int k = 0; k < {loop.count}; ++k) {{")
        for element, rows in zip(loop.elements, loop.series, strict=True):
            self.held[element] = self._new(element, f"job.take({orders[rows.place]}[k])")
        self._steps(loop, orders)
        self._moved(loop, states)
        self._say("}")
        self.held = {**before, **dict(zip(loop.results, states, strict=True))}

    def _fold(self, slots: FoldSlots) -> None:
        """A long fold or scan over series in slots."""
        fold: Fold = slots.fold
        self._say("{")
        self._import(inner(fold).imports, slots.imports)
        states = self._states(fold, [f"job.take({slot})" for slot in slots.start])
        orders = [self._table(order) for order in slots.order]
        given = self._table(slots.results[len(slots.start) :]) if fold.each is not None else ""
        self._say("#pragma unroll 1")
        self._say(f"for (int k = 0; k < {fold.count}; ++k) {{")
        for element, order in zip(fold.elements, orders, strict=True):
            self.held[element] = self._new(element, f"job.take({order}[k])")
        self._steps(fold, orders)
        if fold.each is not None:
            self._say(f"job.keep({given}[k], {self._number(fold.each)});")
        self._moved(fold, states)
        self._say("}")
        for slot, state in zip(slots.results, states, strict=False):
            self._say(f"job.keep({slot}, {state});")
        self._say("}")
        self.held = {}
