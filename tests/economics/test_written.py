"""Answers written by their form: the bytes of quotes encoded, whichever scenarios came before."""

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from racks import changed, reference, small, with_other_numbers
from strategies import late, renewed, scenarios

from economics import NoAnswer, Problem, quote, scenario
from economics.models.rack import TARGETS
from economics.models.registry import usual_targets
from economics.questions import written as module
from economics.questions.written import as_record, written
from service.files.reading import scenario_tables, shipped_names

ROOTS = ("irr_per_year", "equity_irr_per_year", "npv_usd_per_rack")


class Row(msgspec.Struct):
    """A part of an answer."""

    quantities: Any
    notices: Any


def said(answer):
    """The bytes of an answer, or what is wrong."""
    try:
        return answer()
    except (Problem, NoAnswer) as error:
        return f"{type(error).__name__}: {error}"


def is_the_quote(tables, targets):
    """Whether a scenario is written as its quote and as a row of a batch, also the second time."""
    try:
        sourced = scenario(tables)
    except Problem:
        return
    whole = said(lambda: msgspec.json.encode(quote(sourced, targets)))
    row = said(lambda: msgspec.json.encode(as_record(quote(sourced, targets), Row)))
    for _ in range(2):
        assert said(lambda: written(sourced, targets)) == whole
        assert said(lambda: written(sourced, targets, Row)) == row


def single(targets):
    return tuple(one for one in targets if not one.endswith("_by_year"))


@settings(max_examples=10, deadline=None)
@given(st.one_of(scenarios(), late(scenarios()), renewed(scenarios())), st.integers(0, 2**32))
def test_numbers_that_differ_are_written_as_their_quotes(tables, seed):
    is_the_quote(tables, TARGETS)
    chance = random.Random(seed)
    for _ in range(3):
        is_the_quote(with_other_numbers(tables, chance), TARGETS)


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_shipped_scenarios_and_their_like(name):
    tables, chance = scenario_tables(name), random.Random(name)
    usual = usual_targets(scenario(tables).scenario)
    for one in (tables, with_other_numbers(tables, chance)):
        is_the_quote(one, single(usual))
    is_the_quote(tables, tuple(usual))
    is_the_quote(tables, None)


@pytest.mark.parametrize("price", [3.5, 0.01, 1e-300, 9.0])
@pytest.mark.parametrize("tables", [reference(), small(finance={"tax_rate": 0.3})])
def test_statuses_roots_and_remarks_follow_the_numbers(tables, price):
    for use in (0.7, 0.2, 1e-9, 1e-308):
        sold = {"utilisation": use, "rental_price_usd_per_gpu_hour": price}
        is_the_quote(changed(tables, revenue=sold), TARGETS)
        is_the_quote(changed(tables, revenue=sold), ROOTS)


@pytest.mark.parametrize(
    ("changes", "targets"),
    [
        ({"accelerator": "gb200-nvl72", "power": {"tariff": "us-california"}}, ROOTS),
        ({"given": {"it_capex_usd_per_rack": 5e6}}, ROOTS),
        ({}, ("revenue_usd_per_rack_by_year", "moic", "utilisation", "moic")),
        ({"name": "\0 %b %", "note": "%s"}, ROOTS),
        ({}, ("npv_usd_per_rak",)),
        ({}, ("calendar",)),
        ({}, ()),
        ({}, [*ROOTS]),
    ],
)
def test_what_is_more_than_numbers_is_written_as_ever(changes, targets):
    is_the_quote(reference(**changes), targets)


def test_notices_of_a_scenario_are_its_own():
    plain, told = scenario(reference()), scenario(reference())
    told = msgspec.structs.replace(told, notices=("a layer says so",))
    for sourced in (told, plain, told):
        assert written(sourced, ROOTS) == msgspec.json.encode(quote(sourced, ROOTS))


def test_a_form_that_is_known_is_used(monkeypatch):
    sourced = scenario(reference())
    whole = written(sourced, ROOTS)
    monkeypatch.setattr(module, "worked", lambda *_: pytest.fail("worked out anew"))
    assert written(sourced, ROOTS) == whole
    assert written(scenario(reference(revenue={"utilisation": 0.6})), ROOTS) != whole
