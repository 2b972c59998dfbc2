"""Figures to be read: thousands apart, fractions in %, yearly rates in % a year, ratios with x;
times and sizes in units that fit.
"""

from collections.abc import Sequence
from typing import NamedTuple

from economics.vocabulary.units import is_in_percent, last_word

NONE = "-"
RATIOS = ("dscr", "llcr", "plcr", "moic")  # last words of names


class Measure(NamedTuple):
    """The unit that a reader sees, and whether numbers are shown in hundredths of it."""

    unit: str
    in_percent: bool = False

    def figure(self, value: float | None) -> str:
        """A number in this measure, without the unit."""
        return percent(value) if self.in_percent else number(value)

    def figures(self, values: Sequence[float | None]) -> list[str]:
        """Numbers of one line; all of them whole where one reaches a thousand."""
        if (
            self.in_percent
            or max((abs(value) for value in values if value is not None), default=0.0) < 1000.0
        ):
            return [self.figure(value) for value in values]
        return [NONE if value is None else f"{round(value):,}" for value in values]

    def short(self, value: float | None) -> str:
        """A number among numbers of other measures: with % if it is in %."""
        mark = " %" if self.in_percent and value is not None else ""
        return f"{self.figure(value)}{mark}"

    def text(self, value: float | None) -> str:
        """A number with its unit."""
        return f"{self.figure(value)} {self.unit}".rstrip()

    def label(self, name: str) -> str:
        """A name with the unit of its numbers."""
        return f"{name} [{self.unit}]" if self.unit else name


def measure(name: str, unit: str) -> Measure:
    """How the numbers of a quantity or field with a unit are shown."""
    if is_in_percent(name, unit):
        return Measure("% a year" if unit == "1/year" else "%", in_percent=True)
    if unit != "1":
        return Measure(unit)
    return Measure("x" if last_word(name) in RATIOS else "")


def number(value: float | None) -> str:
    """A number to be read: thousands apart, at least four digits that count."""
    if value is None or value != value:
        return NONE
    size = abs(value)
    if size >= 1e15 or 0.0 < size < 1e-4:
        return f"{value:.4g}"
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if size >= 1e5 else f"{value:,.2f}" if size >= 100.0 else f"{value:.4f}"


def percent(value: float | None) -> str:
    """A fraction as hundredths, two digits after the point."""
    if value is None or value != value:
        return NONE
    hundredths = round(100.0 * value, 9)  # 7, not 7.000000000000001
    size = abs(hundredths)
    if 0.005 <= size < 1e5 and hundredths != int(hundredths):
        return f"{hundredths:,.2f}"
    return number(hundredths)


def duration(seconds: float) -> str:
    """A time to be read: its two largest units."""
    left, parts = max(round(seconds), 0), []
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        if left >= length:
            parts.append(f"{left // length} {unit}")
            left %= length
        elif parts:
            break
    return " ".join(parts[:2]) or "0 s"


def size(count: int | float) -> str:
    """Bytes to be read, in powers of a thousand as disks are sold."""
    if count < 1000:
        return f"{count} bytes"
    for unit in ("kB", "MB", "GB"):
        count /= 1000.0
        if round(count, 1) < 1000.0:
            return f"{count:.1f} {unit}"
    return f"{count / 1000.0:,.1f} TB"
