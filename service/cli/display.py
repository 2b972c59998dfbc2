"""Answers for people: compact tables, figures with units, statuses in words. `--json` has them in
full.
"""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from economics import Quantity, Root
from economics.models.reasons import in_words
from service.cli.figures import measure, percent

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

OFF_TERMINAL_COLUMNS = 1000
ROUNDING = 1e-12  # of the largest number of a table: what is smaller is none
GAP = 2  # columns between columns of a table


def words(status: str) -> str:
    """A status in words; nothing where all is well."""
    return in_words(status)


def value(name: str, one: Quantity) -> str:
    """The number that a quantity is, to be read."""
    single = one.value if isinstance(one.value, float | int) else None
    return measure(name, one.unit).figure(single)


def unit(name: str, one: Quantity) -> str:
    """The unit of a quantity, to be read."""
    return measure(name, one.unit).unit


def matter(one: Quantity) -> str:
    """Why a quantity has no value, and where it may have had another."""
    roots = () if one.roots is UNSET else one.roots
    others = len(roots) > (one.status == "ok")
    return "; ".join(filter(None, (words(one.status), zeros(roots) if others else "")))


def zeros(roots: Iterable[Root]) -> str:
    """The rates at which an NPV is 0, and which way it goes there."""
    shown = (f"{percent(one.rate_per_year)} % ({one.npv})" for one in roots)
    return f"the NPV is 0 at {', '.join(shown)}"


def clean(text: str) -> str:
    """A text of a user's on one line, without what would move a terminal's cursor or change its
    colours.
    """
    return "".join(character if character.isprintable() else " " for character in text)


def console() -> "Console":
    """Standard output: colours on a terminal only, and not with NO_COLOR; off a terminal lines are
    as long as they are.
    """
    from rich.console import Console

    wide = None if sys.stdout.isatty() else OFF_TERMINAL_COLUMNS
    return Console(
        file=sys.stdout, width=wide, highlight=False, soft_wrap=False, emoji=False, markup=False
    )


def grid(*columns: str, numbers: Sequence[int] = (), title: str | None = None) -> "Table":
    """An empty table; the columns at `numbers` are set to the right."""
    from rich.table import Table

    made = Table(
        box=None,
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        pad_edge=False,
    )
    for at, name in enumerate(columns):
        made.add_column(
            name,
            justify="right" if at in numbers else "left",
            no_wrap=at in numbers,
            overflow="fold",
        )
    return made


def show(*parts: Any) -> None:
    """Print tables and lines, without spaces at the ends of lines."""
    target = console()
    with target.capture() as captured:
        for part in parts:
            target.print(part)
    text = captured.get()
    sys.stdout.write(
        "\n".join(line.rstrip() for line in text.split("\n")) if not sys.stdout.isatty() else text
    )


def show_json(found: Any) -> None:
    """Print what was found as one line of JSON, in full precision."""
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")


def show_answer(found: Any, as_json: bool, shown: Callable[[Any], Iterable[Any]]) -> None:
    """Print what was found, as JSON or as the parts that `shown` makes of it."""
    if as_json:
        show_json(found)
    else:
        show(*shown(found))


def progress() -> Callable[[int, int], None] | None:
    """What shows how far a sweep is, on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, cells: int) -> None:
        line = f"{done / cells:4.0%} of {cells:,} cells" if done < cells else ""
        sys.stderr.write(f"\r{line:<60}" + ("\r" if done >= cells else ""))
        sys.stderr.flush()

    return show


@contextmanager
def waiting(url: str) -> Iterator[None]:
    """Say on standard error, if that is a terminal, for whom a command waits, as long as it
    does.
    """
    if not sys.stderr.isatty():
        yield
        return
    line = f"waiting for {clean(url)}"
    sys.stderr.write(line)
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write(f"\r{' ' * len(line)}\r")
        sys.stderr.flush()


def answers(quantities: Mapping[str, Quantity]) -> "Table":
    """One line a quantity: name, value, unit, and what is the matter with it."""
    made = grid("quantity", "value", "unit", "", numbers=(1,))
    for name, one in quantities.items():
        made.add_row(name, value(name, one), unit(name, one), matter(one))
    return made


def by_year(quantities: Mapping[str, Quantity]) -> Iterator["Table"]:
    """Quantities as lines, years as columns, as many a table as the screen is wide."""
    rows = []
    largest = _largest(quantities)
    for name, one in quantities.items():
        if _is_by_year(one):
            shown_in = measure(name, one.unit)
            least = ROUNDING * largest.get(one.unit, 0.0)
            figures = shown_in.figures([_without_residue(value, least) for value in _values(one)])
            shown = dict(zip(one.index, figures, strict=True))  # type: ignore[arg-type]
            rows.append(((label(name, quantities), shown_in.unit), shown))
    return across(("by year", "unit"), years(quantities), rows)


def _largest(quantities: Mapping[str, Quantity]) -> dict[str, float]:
    """The largest size of the numbers by year of each unit."""
    found = dict[str, float]()
    for one in filter(_is_by_year, quantities.values()):
        found[one.unit] = max((found.get(one.unit, 0.0), *map(_size, _values(one))))
    return found


def _values(one: Quantity) -> Sequence[float | None]:
    return one.values  # type: ignore[return-value]


def _size(value: float | None) -> float:
    return 0.0 if value is None else abs(value)


def _without_residue(value: float | None, least: float) -> float | None:
    """A number; 0 for what is left of a difference of much larger ones."""
    return value if value is None or abs(value) >= least else 0.0


def years(quantities: Mapping[str, Quantity]) -> list[int]:
    """All years that quantities have numbers of."""
    return sorted({year for one in quantities.values() if _is_by_year(one) for year in one.index})  # type: ignore[union-attr]


def across(
    head: tuple[str, ...],
    years: Sequence[int],
    rows: Sequence[tuple[tuple[str, ...], Mapping[int, str]]],
) -> Iterator["Table"]:
    """Lines, each with what stands before its years, as many years a table as the screen is
    wide.
    """
    if not rows:
        return
    before = [
        max(map(len, cells)) + GAP for cells in zip(head, *(row[0] for row in rows), strict=True)
    ]
    wide = max(len(text) for _, texts in rows for text in (*map(str, years), *texts.values())) + GAP
    per_table = max(1, (console().width - sum(before) + GAP) // wide)
    for first in range(0, len(years), per_table):
        some = years[first : first + per_table]
        at = range(len(head), len(head) + len(some))
        made = grid(*head, *map(str, some), numbers=at)
        for cells, texts in rows:
            made.add_row(*cells, *(texts.get(year, "") for year in some))
        yield made


def _is_by_year(one: Quantity) -> bool:
    return one.values is not UNSET


def label(name: str, beside: Collection[str] = ()) -> str:
    """A quantity by year, to be read; what has an unlevered twin `beside` it is levered."""
    levered = "levered " if f"unlevered_{name}" in beside else ""
    for suffix in ("_by_year", "_usd", "_usd_per_rack", "_usd_per_rack_year"):
        name = name.removesuffix(suffix)
    return levered + name.replace("_", " ")


def split(quantities: Mapping[str, Quantity]) -> tuple[dict[str, Quantity], dict[str, Quantity]]:
    """Quantities of one number, and quantities by year."""
    yearly = {name: one for name, one in quantities.items() if _is_by_year(one)}
    return {name: one for name, one in quantities.items() if name not in yearly}, yearly


def notes(lines: Iterable[str]) -> list[str]:
    """What the reader should know, a line each."""
    return [f"note: {clean(line)}" for line in lines]
