"""The cash flow as a statement: lines down, years across, each printed column the sum of its lines.

Totals are rounded to the nearest; where the rounded lines of a total miss it, those that lose least
by it are rounded the other way.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from economics import Quantity
from economics.formulas.statement import Sums
from service.cli import display

if TYPE_CHECKING:
    from rich.table import Table

WHOLE_FROM = 1000.0  # hundredths are shown where all figures are below it
INDENT = "  "
NOTE = "each column adds up as printed: for that a line may stand 1 off in its last digit"
Year = dict[str, float]


class Row(NamedTuple):
    """A line as it is printed: `sign` is how it counts for the total below it."""

    name: str
    depth: int
    sign: float
    is_sum: bool


def table(quantities: Mapping[str, Quantity], sums: Sums) -> Iterator["Table"]:
    """The totals by year, each below its lines, which stand further in; what counts against a total
    is below 0.
    """
    rows = list(_rows(sums))
    years = {year: _year(quantities, rows, year) for year in display.years(quantities)}
    largest = max((abs(one) for year in years.values() for one in year.values()), default=0.0)
    scale = 1 if largest >= WHOLE_FROM else 100
    whole = {year: rounded(values, sums, scale) for year, values in years.items()}

    def printed(row: Row) -> tuple[tuple[str], dict[int, str]]:
        said = f"{'= ' if row.is_sum else ''}{display.label(row.name, quantities)}"
        some = [year for year in years if row.name in years[year]]
        return (INDENT * row.depth + said,), {y: _text(row, whole[y], scale) for y in some}

    unit = next((display.unit(row.name, quantities[row.name]) for row in rows), "")
    return display.across((unit,), list(years), list(map(printed, rows)))


def _rows(sums: Sums) -> Iterator[Row]:
    """The lines of each total and the total; a subtotal that has been shown in full is one line."""
    seen = set[str]()

    def read(name: str, depth: int, sign: float) -> Iterator[Row]:
        lines = sums.get(name, {}) if name not in seen else {}
        seen.add(name)
        for line, counts in lines.items():
            yield from read(line, depth + 1, counts)
        yield Row(name, depth, sign, bool(lines))

    lines = {name for each in sums.values() for name in each}
    for total in sums:
        if total not in lines:
            yield from read(total, 0, 1.0)


def _year(quantities: Mapping[str, Quantity], rows: list[Row], year: int) -> Year:
    """The numbers of a year; nothing where a line does not have it."""
    by_year = {
        row.name: dict(zip(one.index, one.values, strict=True))  # type: ignore[arg-type]
        for row in rows
        if (one := quantities[row.name])
    }
    found = {name: values.get(year) for name, values in by_year.items()}
    return {name: value for name, value in found.items() if value is not None}


def rounded(values: Year, sums: Sums, scale: int) -> dict[str, int]:
    """Numbers of a year in whole 1 / `scale`, so that the lines of each total add up to it."""
    exact = {name: value * scale for name, value in values.items()}
    whole = {name: round(value) for name, value in exact.items()}
    for total, lines in sums.items():
        own = {name: int(sign) for name, sign in lines.items() if name in whole}
        short = whole.get(total, 0) - sum(sign * whole[name] for name, sign in own.items())
        free = [name for name in own if name not in sums]
        while short and free and total in whole:
            step = 1 if short > 0 else -1
            name = min(free, key=lambda n: abs(whole[n] + step * own[n] - exact[n]))
            whole[name] += step * own[name]
            short -= step
    return whole


def _text(row: Row, whole: Mapping[str, int], scale: int) -> str:
    value = int(row.sign) * whole[row.name]
    return f"{value:,}" if scale == 1 else f"{value / scale:,.2f}"
