"""Names and units: a quantity's name says its unit, and a formula must agree with it.

`<subject>_<unit>[_<unit>]...[_per_<unit>...]`; pure ratios end in a word of a short list, in
`_fraction` or `_factor`; a yearly rate may only be compounded. `Unit` and `UNITS` are carriers:
formulas run on them as on numbers, and wrong sums raise `UnitError`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from kernels.language.flow import Flow
from kernels.language.profile import Profile
from kernels.language.verbs import fold, scan

WORDS: dict[str, dict[str, int]] = {
    **{
        word: {word: 1}
        for word in ("usd", "kw", "hour", "second", "month", "year", "gpu", "rack", "kg", "l")
    },
    **{word: {word: 1} for word in ("token", "mtok", "request", "user", "gb")},
    "kwh": {"kw": 1, "hour": 1},
    "mw": {"mw": 1},
    "years": {"year": 1},
    "hours": {"hour": 1},
    "period": {},
    "interruption": {},
}
RATIOS = (
    "pue",
    "utilisation",
    "availability",
    "dscr",
    "llcr",
    "moic",
    "lgd",
    "sigma",
    "fraction",
    "factor",
    "rate",
    "count",
)
RATES = (
    "wacc",
    "irr",
    "mirr",
    "cost_of_equity",
    "rate",
    "escalation",
    "decline",
    "spread",
    "probability",
)
SERIES = (
    "price_path_usd_per_gpu_hour",
    "spend_usd",
    "committed_usd",
    "revenue_usd",
    "revenue_usd_per_month",
)  # fields that are paths
STRUCTURE = (
    "calendar",
    "xp",
    "book_depreciation",
    "tax_depreciation",
    "compared_depreciation",
    "dates_per_year",
    *SERIES,
)
ADJECTIVES = ("available", "installed", "good", "output", "input")  # of a unit in a denominator
SUFFIXES = ("_by_period", "_by_year", "_by_date")


class UnitError(TypeError):
    """A name without a unit, or a formula that adds or compares unlike units."""


class Unit:
    """A unit as exponents of base units. A `rate` is 1/year that may only be compounded."""

    __slots__ = ("powers", "rate")
    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, powers: dict[str, int], rate: bool = False) -> None:
        self.powers = {word: power for word, power in powers.items() if power}
        self.rate = rate

    def __repr__(self) -> str:
        return " ".join(f"{word}^{power}" for word, power in sorted(self.powers.items())) or "1"

    def __bool__(self) -> bool:
        raise UnitError("a formula branches on a value: use xp.where")

    def _scaled(self, other: Any, sign: int) -> Any:
        if _is_plain(other) and other == 0.0 and sign > 0 and not self.rate:
            return 0.0  # nothing, whatever its unit
        that = unit_of(other)
        if (
            sign > 0
            and (self.rate or that.rate)
            and not (_is_plain(other) and float(other) in (-1.0, 1.0))
        ):
            raise UnitError("a yearly rate may only be compounded, not multiplied")
        words = {*self.powers, *that.powers}
        rate = sign > 0 and (self.rate or that.rate)
        return Unit(
            {word: self.powers.get(word, 0) + sign * that.powers.get(word, 0) for word in words},
            rate,
        )

    def __mul__(self, other: Any) -> Any:
        return NotImplemented if _is_series(other) else self._scaled(other, 1)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self._scaled(other, -1)

    def __rtruediv__(self, other: Any) -> Any:
        return unit_of(other)._scaled(self, -1)

    def _same(self, other: Any, verb: str) -> "Unit":
        if self.rate or getattr(other, "rate", False):
            if verb == "compare":
                return self
            raise UnitError(f"a yearly rate may only be compounded: cannot {verb}")
        if _is_wild(other):
            return self
        if unit_of(other).powers != self.powers:
            raise UnitError(f"cannot {verb} {self!r} and {unit_of(other)!r}")
        return self

    def __add__(self, other: Any) -> "Unit":
        return NotImplemented if _is_series(other) else self._same(other, "add")

    __radd__ = __sub__ = __rsub__ = __add__

    def _compared(self, other: Any) -> "Truth":
        self._same(other, "compare")
        return Truth()

    __lt__ = __le__ = __gt__ = __ge__ = _compared
    __eq__ = __ne__ = _compared  # type: ignore[assignment]


class Truth:
    """The outcome of a comparison of units."""

    def __bool__(self) -> bool:
        raise UnitError("a formula branches on a value: use xp.where")

    def _joined(self, _: Any) -> "Truth":
        return self

    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = _joined


def _is_plain(value: Any) -> bool:
    return isinstance(value, int | float)


def _is_series(value: Any) -> bool:
    return isinstance(value, Profile | Flow)


def _is_wild(value: Any) -> bool:
    """0, NaN and infinity go with any unit."""
    return _is_plain(value) and (
        value == 0.0 or value != value or value in (float("inf"), -float("inf"))
    )


def unit_of(value: Any) -> Unit:
    """The unit of a carrier; plain numbers have none."""
    return value if isinstance(value, Unit) else Unit({})


@lru_cache(maxsize=4096)
def unit_words(name: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """(units above, units below, whether it is a yearly rate) that a name says. Errors:
    UnitError.
    """
    name = name.rpartition("].")[2].partition("[")[0]
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    head, *below = name.split("_per_")
    denominators = tuple(
        word for part in below for word in part.split("_") if word not in ADJECTIVES
    )
    if any(word not in WORDS for word in denominators):
        raise UnitError(f"{name}: {[w for w in denominators if w not in WORDS]} are not units")
    words, above = head.removesuffix("_lost").split("_"), []
    while words and words[-1] in WORDS:
        above.append(words.pop())
    if head in ("rack_count",):
        return ("rack",), denominators, False
    if not above:
        if denominators == ("year",) and any(
            head == rate or head.endswith(f"_{rate}") for rate in RATES
        ):
            return (), denominators, True
        if not words or words[-1] not in RATIOS:
            raise UnitError(f"{name} says no unit")
    return tuple(reversed(above)), denominators, False


def parsed(name: str) -> Unit:
    """The unit that a name says. Errors: UnitError."""
    above, below, rate = unit_words(name)
    powers: dict[str, int] = {}
    for words, sign in ((above, 1), (below, -1)):
        for word in words:
            for base, power in WORDS[word].items():
                powers[base] = powers.get(base, 0) + sign * power
    return Unit(powers, rate)


def unit_text(name: str) -> str:
    """The unit that a name says, to be read: `usd/(gpu hour)`, `1/year`, `1` for a pure ratio."""
    above, below, _ = unit_words(name)
    if not below:
        return " ".join(above) or "1"
    one_word = len(below) == 1 and "_" not in below[0]
    per = below[0] if one_word else f"({' '.join(below)})"
    return f"{' '.join(above) or '1'}/{per}"


def unit_shown(name: str) -> str:
    """`unit_text`, and "1" for a name that says none: an axis of rows, the structure of time."""
    try:
        return unit_text(name)
    except UnitError:
        return "1"


class _Units:
    """The verbs on units: each checks what it may, and gives the unit of its result."""

    name = "units"
    fold = staticmethod(fold)
    scan = staticmethod(scan)

    @staticmethod
    def where(condition: Any, a: Any, b: Any) -> Any:
        """Both outcomes must be alike; a plain 1 may stand for any divisor that is not there."""
        if isinstance(condition, bool):
            chosen, other = (a, b) if condition else (b, a)
            return other if _is_wild(chosen) and isinstance(other, Unit) else chosen
        if isinstance(a, Truth) or isinstance(b, Truth):
            return Truth()
        if not isinstance(a, Unit) and not isinstance(b, Unit):
            return b if _is_wild(a) else a
        unit, other = (a, b) if isinstance(a, Unit) else (b, a)
        if (unit.rate and getattr(other, "rate", True)) or (_is_plain(other) and other == 1.0):
            return unit
        return unit._same(other, "choose between")

    @classmethod
    def minimum(cls, a: Any, b: Any) -> Any:
        """Both must be alike."""
        return cls.where(a < b, a, b)

    maximum = minimum

    @staticmethod
    def compound(rate: Any, years: Any) -> Unit:
        """A rate over years is a pure factor."""
        if unit_of(rate).powers != {"year": -1} or not (
            _is_plain(years) or unit_of(years).powers == {"year": 1}
        ):
            raise UnitError(f"compound needs a yearly rate and years, not {rate!r} and {years!r}")
        return Unit({})

    excess = compound

    @staticmethod
    def iterate(
        step: Callable[..., Any], start: tuple[Any, ...], limit: int, *series: Any, only: Any = True
    ) -> tuple[Any, ...]:
        """One turn, whose state must be alike the one before."""
        state, _ = step(*start, *series)
        return tuple(
            _Units.where(Truth(), after, before) for after, before in zip(state, start, strict=True)
        )


UNITS = _Units()


def check(name: str, value: Any) -> None:
    """Whether a formula's result has the unit that its name says. Errors: UnitError."""
    expected = parsed(name)
    for found in _units_in(value):
        if _is_wild(found) or (expected.rate and unit_of(found).powers in ({}, {"year": -1})):
            continue
        if unit_of(found).powers != expected.powers:
            raise UnitError(
                f"{name}: its formula gives {unit_of(found)!r}, its name says {expected!r}"
            )


def _units_in(value: Any) -> list[Any]:
    return list(value.values) if _is_series(value) else [value]
