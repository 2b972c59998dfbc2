"""Units as a carrier: formulas run on them as on numbers, and wrong sums raise `UnitError`."""

from collections.abc import Callable
from typing import Any

from economics.vocabulary.units import WORDS, UnitError, unit_words
from kernels.language.flow import Flow
from kernels.language.profile import Profile
from kernels.language.verbs import fold, scan


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
        if _is_plain(other) and other == 0.0:
            return 0.0  # nothing, whatever its unit
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
        if not (_is_wild(rate) or unit_of(rate).powers == {"year": -1}) or not (
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


def parsed(name: str) -> Unit:
    """The unit that a name says. Errors: UnitError."""
    above, below, rate = unit_words(name)
    powers: dict[str, int] = {}
    for words, sign in ((above, 1), (below, -1)):
        for word in words:
            for base, power in WORDS[word].items():
                powers[base] = powers.get(base, 0) + sign * power
    return Unit(powers, rate)
