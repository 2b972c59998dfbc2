"""The Python text of a trace on floats: assignments, loops for repetitions, and conditional
expressions for choices.

What is used once stands where it is used. What may fail (a division, an overflow) never stands
where it might be skipped.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from kernels.trace.expressions import TRANSCENDENTAL, Body, Expr, Turn
from kernels.trace.program import Program, inner, needs, program

DEEPEST = 40  # operations inside one another; Python reads at most 200 parentheses
BETWEEN_CONDITIONS = {"&": "and", "|": "or"}


class Text:
    """Lines, and for each expression what stands for it: a name, or its operation."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.margin = " "
        self.of: dict[Any, str] = {}
        self.depth: dict[Expr, int] = {}
        self.failing: set[Expr] = set()
        self.names = 0

    def value(self, value: Any) -> str:
        """What stands for an expression or a number."""
        if isinstance(value, Expr):
            return self.of[value]
        return f"({value!r})" if isinstance(value, float) and repr(value)[0] == "-" else repr(value)

    def values(self, values: Iterable[Any]) -> str:
        """The text of a tuple."""
        return f"({''.join(f'{self.value(value)}, ' for value in values)})"

    def line(self, text: str) -> None:
        """One line more."""
        self.lines.append(self.margin + text)

    def new_name(self) -> str:
        """A name that nothing has yet."""
        self.names += 1
        return f"v{self.names}"

    def block(self, what: Program, wanted: Sequence[Any]) -> None:
        """The lines that compute a program, after which every wanted value has a text."""
        uses = _uses(what, wanted)
        for one in what.nodes:
            if one in self.of:
                continue
            if one.op == "result":
                self.repetition(one.args[0])
            elif one.op in ("input", "number"):
                self.of[one] = one.args[0] if one.op == "input" else self.value(one.args[0])
            else:
                self.operation(one)
                if uses[one] > 1 or self.depth[one] >= DEEPEST:
                    self.give_name(one)

    def give_name(self, one: Expr) -> None:
        """Give an operation a line and a name."""
        name = self.new_name()
        self.line(f"{name} = {self.of[one]}")
        self.of[one] = name
        self.depth[one] = 0
        self.failing.discard(one)

    def compute_here(self, values: Iterable[Any]) -> None:
        """Compute here what may fail, because the text that follows might skip it."""
        for value in values:
            if isinstance(value, Expr) and value in self.failing:
                self.give_name(value)

    def operation(self, one: Expr) -> None:
        """The text of an operation."""
        joined = one.op in BETWEEN_CONDITIONS and all(
            not isinstance(a, Expr) or a.is_condition for a in one.args
        )
        if joined or one.op == "where":
            self.compute_here(one.args[1:])
        a, *others = map(self.value, one.args)
        if one.op in TRANSCENDENTAL:
            self.of[one] = f"{one.op}({a})"
        elif one.op == "where":
            self.of[one] = f"({others[0]} if {a} else {others[1]})"
        elif one.op == "^" and one.args[1] is True:
            self.of[one] = f"(not {a})"
        else:
            self.of[one] = f"({a} {BETWEEN_CONDITIONS[one.op] if joined else one.op} {others[0]})"
        inside = [need for need in needs(one) if self.depth.get(need)]
        self.depth[one] = 1 + max((self.depth[need] for need in inside), default=0)
        if one.op == "/" or one.op in TRANSCENDENTAL or not self.failing.isdisjoint(inside):
            self.failing.add(one)

    def repetition(self, body: Body) -> None:
        """A repetition, or a loop over a series that one keeps: its states are variables, and its
        results what they are at the end.
        """
        names = [self.new_name() for _ in body.states]
        series = body.series if isinstance(body, Turn) else ()
        self.compute_here((*body.start, *(value for each in series for value in each)))
        for name, start in zip(names, body.start, strict=True):
            self.line(f"{name} = {self.value(start)}")
        self.of.update(
            (one, name)
            for each in (body.states, body.results)
            for one, name in zip(each, names, strict=True)
        )
        margin = self.margin
        if isinstance(body, Turn):
            self.turn(body, names)
        else:
            self.loop(body, names)
        self.margin = margin

    def turn(self, turn: Turn, names: list[str]) -> None:
        """Steps up to and with the first that is not going."""
        if turn.only is not True:
            self.line(f"if {self.value(turn.only)}:")
            self.margin += " "
        for place, each in enumerate(turn.series):
            self.of[turn, place] = self.new_name()
            self.line(f"{self.of[turn, place]} = {self.values(each)}")
        self.line(f"for _ in range({turn.limit}):")
        going = self.new_name()
        self.step(turn, [*names, going], (*turn.after, turn.going))
        self.line(f"if not {going}: break")

    def loop(self, loop: Any, names: list[str]) -> None:
        """A step for each row of the series."""
        self.of.update((element, self.new_name()) for element in loop.elements)
        each = ", ".join(self.value(element) for element in loop.elements)
        series = ", ".join(self.of[rows.turn, rows.place] for rows in loop.series)
        self.line(f"for {each} in {series if len(loop.series) == 1 else f'zip({series})'}:")
        self.step(loop, names, loop.after)

    def step(self, body: Body, names: list[str], after: Sequence[Any]) -> None:
        """What a step computes, and its states' new values, all at once."""
        self.margin += " "
        self.block(inner(body), after)
        changes = [
            (name, text)
            for name, text in zip(names, map(self.value, after), strict=True)
            if name != text
        ]
        self.line(
            f"{', '.join(name for name, _ in changes)} = {', '.join(text for _, text in changes)}"
            if changes
            else "pass"
        )


def _uses(what: Program, wanted: Iterable[Any]) -> Counter[Expr]:
    """How often each expression is used; twice at least where a repetition takes it from outside,
    time and again.
    """
    uses = Counter(one for one in wanted if isinstance(one, Expr))
    bodies = set[Body]()
    for one in what.nodes:
        if one.op != "result":
            uses.update(needs(one))
        elif one.args[0] not in bodies:
            bodies.add(one.args[0])
            uses.update((*needs(one), *inner(one.args[0]).imports))
    return uses


def source(
    inputs: Iterable[str], values: Sequence[Any], codes: Sequence[Any], others: Sequence[Any]
) -> str:
    """The text of `function(*inputs)`: the values (numbers, and series by steps), then the codes
    that are not None.

    If a value is not finite and its code does not say why, the others follow, among which the
    reason may be.
    """
    text = Text()
    each = [value.values if hasattr(value, "values") else (value,) for value in values]
    stated = [code for code in codes if code is not None]
    wanted = [*(one for ones in each for one in ones), *stated, *others]
    text.block(
        program(wanted), [*wanted, *wanted]
    )  # twice, for each may be used again where it is checked
    checks = []
    for ones, code in zip(each, codes, strict=True):
        reason = "" if code is None else f" or {text.value(code)}"
        checks += [f"({one} - {one} == 0.0{reason})" for one in map(text.value, ones)]
    found = [
        f"Profile({text.values(value.values)})" if hasattr(value, "values") else text.value(value)
        for value in values
    ]
    answers = ", ".join([*found, *map(text.value, stated)])
    whole = [
        f" if {' and '.join(checks)}:",
        f"  return {answers},",
        f" return {answers}, *{text.values(others)}",
    ]
    return "\n".join([f"def function({', '.join(inputs)}):", *text.lines, *whole])
