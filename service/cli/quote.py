"""`quote`, `breakeven`, `depreciate`, `cashflow`: one scenario's answers."""

from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from economics import Quantity, Quote
from economics.questions.ready_made import LINES, PRICES
from service.cli import display, statement
from service.cli.answering import answering
from service.cli.scenario_options import scenario_of

GAP = (
    "impairment gap = book value - value in use; a gap, not the impairment charge of an"
    " accounting standard"
)


def quote(options: Namespace) -> None:
    """Answer targets, or the usual quantities."""
    tables = scenario_of(options)
    with answering(options) as ask:
        asked = ask.quote(tables, options.target or None)
    display.show_answer(asked, options.json, _quantities)


def _quantities(asked: Quote) -> Iterable[Any]:
    single, yearly = display.split(asked.quantities)
    yield from _title(asked)
    if single:
        yield display.answers(single)
    yield from display.by_year(yearly)
    yield from _notes(asked)


def breakeven(options: Namespace) -> None:
    """The three lines of breakeven and the prices, or what breaks even where there is no rack."""
    tables = scenario_of(options)
    with answering(options) as ask:
        asked = ask.breakeven(tables)
    display.show_answer(asked, options.json, _breakeven)


def _breakeven(asked: Quote) -> Iterable[Any]:
    yield from _title(asked)
    if getattr(asked.scenario, "revenue", None) is not None:
        yield from _lines(asked)
    else:
        yield display.answers(asked.quantities)
    yield from _notes(asked)


def _lines(asked: Quote) -> Iterable[Any]:
    """A rack's breakeven utilisations and prices, each with what it means."""
    utilisation, price = (
        display.grid("utilisation", "value", "unit", "", numbers=(1,)),
        display.grid("price", "value", "unit", "", numbers=(1,)),
    )
    for table, names, own in (
        (utilisation, LINES, "utilisation"),
        (price, PRICES, "rental_price_usd_per_gpu_hour"),
    ):
        for name, meaning in {**names, own: "of the scenario"}.items():
            if name in asked.quantities:
                _add(table, name, asked.quantities[name], meaning)
    for table, name in ((utilisation, "headroom_fraction"), (price, "margin_fraction")):
        if name in asked.quantities:
            _add(table, name, asked.quantities[name], "")
    return utilisation, "", price


def _add(table: Any, name: str, one: Quantity, meaning: str) -> None:
    """A line of a table: a quantity, and what it means or why it has no value."""
    words = display.words(one.status) or meaning
    table.add_row(name, display.value(name, one), display.unit(name, one), words)


def depreciate(options: Namespace) -> None:
    """Book value, tax value, value in use and the gap, by year."""
    tables = scenario_of(options)
    with answering(options) as ask:
        asked = ask.depreciation(tables)
    display.show_answer(asked, options.json, _years)


def cashflow(options: Namespace) -> None:
    """All lines of the cash flow by year, and the returns."""
    tables = scenario_of(options)
    with answering(options) as ask:
        asked = ask.cashflows(tables)
    display.show_answer(asked, options.json, _years)


def _years(asked: Quote) -> Iterable[Any]:
    single, yearly = display.split(asked.quantities)
    yield from _title(asked)
    summed = {*asked.sums, *(line for lines in asked.sums.values() for line in lines)}
    lines = {name: one for name, one in yearly.items() if name in summed}
    beside = {name: one for name, one in yearly.items() if name not in summed}
    for tables in (statement.table(lines, asked.sums), display.by_year(beside)):
        for table in tables:
            yield from (table, "")
    if single:
        yield display.answers(single)
    yield from _notes(asked)
    if asked.sums:
        yield from display.notes([statement.NOTE])
    if "impairment_gap_usd_per_rack" in yearly:
        yield from display.notes([GAP])


def _title(asked: Quote) -> Iterable[str]:
    conventions, name = asked.conventions, display.clean(asked.scenario.name or "scenario")
    count = conventions.periods_per_year
    discounted = hasattr(asked.scenario, "finance")
    yield (
        f"{name}, {count} period{'s' if count > 1 else ''} a year, timing {conventions.timing}"
        if discounted
        else name
    )
    yield ""


def _notes(asked: Quote) -> Iterable[str]:
    return display.notes(asked.notices)
