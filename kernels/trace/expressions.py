"""What a trace consists of: values of a cell as expressions, and the bodies of repetitions, folds
and loops.
"""

from collections.abc import Sequence
from typing import Any, Protocol

ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
COMPARISON = {
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "==": "equal",
    "!=": "not_equal",
}
LOGIC = {"&": "logical_and", "|": "logical_or", "^": "logical_xor"}
TRANSCENDENTAL = {"exp": "exp", "expm1": "expm1", "log1p": "log1p"}
FUNCTIONS = {**ARITHMETIC, **COMPARISON, **LOGIC, **TRANSCENDENTAL}
NOTHING: frozenset[Any] = frozenset()


class Maker(Protocol):
    """What makes expressions of operations."""

    def op(self, op: str, *args: Any) -> Any:
        """An operation on values."""
        ...


def _operator(op: str, swapped: bool = False) -> Any:
    return lambda a, b: a.tracer.op(op, b, a) if swapped else a.tracer.op(op, a, b)


class Expr:
    """A value of a cell: `op` of `args`, or a table (`array`). `inside` names the repetitions and
    loops that it changes with.
    """

    __slots__ = ("args", "array", "axes", "inside", "op", "tracer")
    __array_ufunc__ = None
    __hash__ = object.__hash__

    def __init__(
        self,
        tracer: Maker,
        op: str,
        args: tuple[Any, ...],
        axes: frozenset[int],
        inside: frozenset[Any] = NOTHING,
        array: Any = None,
    ) -> None:
        self.tracer, self.op, self.args, self.axes, self.inside, self.array = (
            tracer,
            op,
            args,
            axes,
            inside,
            array,
        )

    def __bool__(self) -> bool:
        raise TypeError(f"a formula branches on a value ({self.op}): use xp.where")

    @property
    def is_condition(self) -> bool:
        """Whether the value is true or false."""
        return (
            self.op in COMPARISON
            or self.op in LOGIC
            or (self.array is not None and self.array.dtype == bool)
        )

    __add__, __radd__ = _operator("+"), _operator("+", swapped=True)
    __sub__, __rsub__ = _operator("-"), _operator("-", swapped=True)
    __mul__, __rmul__ = _operator("*"), _operator("*", swapped=True)
    __truediv__, __rtruediv__ = _operator("/"), _operator("/", swapped=True)
    __and__, __rand__ = _operator("&"), _operator("&", swapped=True)
    __or__, __ror__ = _operator("|"), _operator("|", swapped=True)
    __xor__, __rxor__ = _operator("^"), _operator("^", swapped=True)
    __lt__, __le__, __gt__, __ge__ = (
        _operator("<"),
        _operator("<="),
        _operator(">"),
        _operator(">="),
    )
    __eq__, __ne__ = _operator("=="), _operator("!=")


class Body:
    """A step that repeats: what its states start from, become and are read as."""

    def __init__(self, start: tuple[Any, ...]) -> None:
        self.start = start
        self.states: tuple[Expr, ...] = ()
        self.after: tuple[Any, ...] = ()
        self.results: tuple[Expr, ...] = ()
        self.inner: Any = None  # its program, made when it is first asked for


class Turn(Body):
    """A repetition over the cells that `only` names while `going`, at most `limit` times; `series`
    are kept for its loops.
    """

    def __init__(
        self, start: tuple[Any, ...], only: Any, limit: int, series: Sequence[tuple[Any, ...]]
    ) -> None:
        super().__init__(start)
        self.only, self.limit, self.series = only, limit, series
        self.going: Any = True


class Fold(Body):
    """A fold or a scan over series: `elements` are the values of one step, `each` is what a scan
    gives for it.
    """

    def __init__(self, start: tuple[Any, ...], series: Sequence[tuple[Any, ...]]) -> None:
        super().__init__(start)
        self.series = series
        self.count = len(series[0])
        self.elements: tuple[Expr, ...] = ()
        self.each: Any = None


class Loop(Body):
    """A fold over kept series inside a repetition: `elements` are the values of one step."""

    def __init__(self, start: tuple[Any, ...], series: "Sequence[Rows]") -> None:
        super().__init__(start)
        self.series = series
        self.count = len(series[0].values)
        self.elements: tuple[Expr, ...] = ()


class Rows:
    """A series kept for the loops of a repetition: the `place`-th of `turn`."""

    def __init__(self, turn: Turn, place: int) -> None:
        self.turn, self.place = turn, place

    @property
    def values(self) -> tuple[Any, ...]:
        """Its values, step by step."""
        return self.turn.series[self.place]


def is_condition(value: Any) -> bool:
    """Whether a value of a trace is true or false."""
    return value.is_condition if isinstance(value, Expr) else isinstance(value, bool)


def raw(value: Any) -> Any:
    """The array of a table; other values as they are."""
    return value.array if isinstance(value, Expr) else value
