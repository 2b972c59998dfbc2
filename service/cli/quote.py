"""`quote`, `breakeven`, `depreciate`, `cashflow`: one scenario's answers."""

import os
from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from msgspec import UNSET

import economics
from economics import Quote
from economics.questions.ready_made import LINES, PRICES, ready
from service.cli import display
from service.cli.environment import remark
from service.cli.overrides import overridden
from service.files.reading import scenario_tables

GAP = (
    "impairment gap = book value - economic value; a gap, not the impairment charge of an"
    " accounting standard"
)


def tables_of(options: Namespace) -> dict[str, Any]:
    """The scenario that a command names, with the environment's fields and `--set`. Errors:
    Problem, FileProblem.
    """
    remark(os.environ)
    return overridden(scenario_tables(options.scenario), options.set, os.environ)


def quote(options: Namespace) -> None:
    """Answer targets, or the usual quantities."""
    asked = economics.quote(tables_of(options), options.target or None)
    if not _as_json(options, asked):
        single, yearly = display.split(asked.quantities)
        display.show(
            *_title(asked),
            *([display.answers(single)] if single else []),
            *display.by_year(yearly),
            *_notes(asked),
        )


def breakeven(options: Namespace) -> None:
    """The three lines of breakeven and the prices, or what breaks even where there is no rack."""
    sourced = economics.scenario(tables_of(options))
    targets, revenue = (
        ready("breakeven", sourced.scenario),
        getattr(sourced.scenario, "revenue", None),
    )
    stated = [] if getattr(revenue, "utilisation", None) is None else ["utilisation"]
    prices = [
        getattr(revenue, name, UNSET)
        for name in ("rental_price_usd_per_gpu_hour", "price_path_usd_per_gpu_hour")
    ]
    stated += (
        ["rental_price_usd_per_gpu_hour"] if revenue is not None and prices != [None, None] else []
    )
    asked = economics.quote(sourced, [*targets, *stated])
    if not _as_json(options, asked):
        shown = _lines(asked) if revenue is not None else [display.answers(asked.quantities)]
        display.show(*_title(asked), *shown, *_notes(asked))


def _lines(asked: Quote) -> Iterable[Any]:
    """A rack's breakeven utilisations and prices, each with what it means."""
    utilisation, price = (
        display.grid("utilisation", "value", "", numbers=(1,)),
        display.grid("price", "value", "", numbers=(1,)),
    )
    for table, names, own in (
        (utilisation, LINES, "utilisation"),
        (price, PRICES, "rental_price_usd_per_gpu_hour"),
    ):
        for name, meaning in {**names, own: "of the scenario"}.items():
            if name in asked.quantities:
                one = asked.quantities[name]
                table.add_row(name, display.value(one), display.words(one.status) or meaning)
    for table, name in ((utilisation, "headroom_fraction"), (price, "margin_fraction")):
        one = asked.quantities[name]
        table.add_row(name, display.value(one), display.words(one.status))
    return utilisation, "", price


def depreciate(options: Namespace) -> None:
    """Book value, tax value, value in use and the gap, by year."""
    _by_year(options, "depreciate")


def cashflow(options: Namespace) -> None:
    """All lines of the cash flow by year, and the returns."""
    _by_year(options, "cashflow")


def _by_year(options: Namespace, question: str) -> None:
    sourced = economics.scenario(tables_of(options))
    asked = economics.quote(sourced, ready(question, sourced.scenario))
    if not _as_json(options, asked):
        single, yearly = display.split(asked.quantities)
        notes = display.notes([GAP]) if "impairment_gap_usd_per_rack" in yearly else ()
        display.show(
            *_title(asked),
            *display.by_year(yearly),
            "",
            display.answers(single),
            *_notes(asked),
            *notes,
        )


def _as_json(options: Namespace, asked: Quote) -> bool:
    if options.json:
        display.show_json(asked)
    return bool(options.json)


def _title(asked: Quote) -> Iterable[str]:
    conventions, name = asked.conventions, display.plain(asked.scenario.name or "scenario")
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
