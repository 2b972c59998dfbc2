"""One scenario many times: rows answered together are what quotes of each say."""

import math

import pytest
from racks import reference

import economics
from economics import NoAnswer, Problem
from economics.sweeps import batch as module
from economics.sweeps.batch import REFUSED, batch
from service.files.reading import shipped_tables

PRICE, USE, LIFE = "rental_price_usd_per_gpu_hour", "utilisation", "economic_life_years"
NPV, COST = "npv_usd_per_rack", "cost_usd_per_gpu_hour"
TABLES = {USE: "revenue", PRICE: "revenue", LIFE: "hardware", "debt_fraction": "finance"}


def changed(tables, row):
    """The tables with the fields of a row in their places."""
    made = {
        name: dict(inner) if isinstance(inner, dict) else inner for name, inner in tables.items()
    }
    for field, value in row.items():
        made.setdefault(TABLES[field], {})[field] = value
    return made


def rows_of(columns):
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def assert_as_quoted(tables, columns, targets=None):
    """Every row says what a quote of it says; gives the batch."""
    found = batch(economics.scenario(tables), columns, targets)
    for at, row in enumerate(rows_of(columns)):
        if at in found.problems:
            with pytest.raises((Problem, NoAnswer)):
                economics.quote(changed(tables, row), [*found.quantities])
            assert {one.statuses[at] for one in found.quantities.values()} == {REFUSED}
            assert {one.values[at] for one in found.quantities.values()} == {None}
            continue
        alone = economics.quote(changed(tables, row), [*found.quantities]).quantities
        for target, column in found.quantities.items():
            one = alone[target]
            assert (one.unit, one.description) == (column.unit, column.description)
            assert one.status == column.statuses[at], (target, row)
            assert (one.value is None) == (column.values[at] is None), (target, row)
            if one.value is not None:
                assert math.isclose(one.value, column.values[at], rel_tol=1e-12, abs_tol=0.0)
    return found


@pytest.mark.parametrize("name", ["nvl72-neocloud", "reference-project", "suncatcher", "hgx-h100"])
def test_the_usual_quantities_of_shipped_scenarios(name):
    tables = shipped_tables("scenarios", name)
    found = assert_as_quoted(tables, {USE: [0.0, 0.05, 0.3, 0.55, 0.7, 0.85, 1.0]})
    assert not found.problems
    assert len(found.quantities) > 15


def test_fields_that_change_together_and_the_life_itself():
    columns = {
        PRICE: [0.0, 1.0, 2.0, 3.0, 9.0, 4.0],
        USE: [0.0, 0.2, "70%", 0.8, 1.0, 0.9],
        LIFE: [1, 2, 3, 5, 4, 8],
    }
    found = assert_as_quoted(reference(), columns)
    assert {status for one in found.quantities.values() for status in one.statuses} > {"ok"}


def test_a_bad_row_is_told_in_its_place_and_the_others_are_answered():
    columns = {USE: [0.7, 1.5, None, 0.8, True, 0.6], PRICE: [2, 3, 3, "x", 3, 3]}
    found = assert_as_quoted(reference(), columns, [NPV, COST])
    assert {row: one.where for row, one in found.problems.items()} == {
        1: f"columns.{USE}[1]",
        2: f"columns.{USE}[2]",
        3: f"columns.{PRICE}[3]",
        4: f"columns.{USE}[4]",
    }
    assert "<= 1.0" in found.problems[1].expected


def test_what_is_seen_only_when_a_row_is_computed_leaves_the_others_as_they_are():
    """A life of half a period is one that no field refuses."""
    found = assert_as_quoted(reference(), {LIFE: [5, 4.5, 3]}, [NPV])
    assert list(found.problems) == [1]
    assert "4.5" in str(found.problems[1])


def test_numbers_at_the_ends_of_floats_are_as_a_quote_of_them():
    assert_as_quoted(reference(), {PRICE: [1e18, 1.0, 1e-300], USE: [1.0, 1e-300, 1.0]})


def test_other_models_have_columns_too():
    tables = shipped_tables("scenarios", "crusoe-abilene")
    rents = [5e7, 1e8, 2e8]
    found = batch(economics.scenario(tables), {"rent_usd_per_year": rents}, ["npv_usd", "moic"])
    for rent, *values in zip(
        rents, *(one.values for one in found.quantities.values()), strict=True
    ):
        lease = {**tables["lease"], "rent_usd_per_year": rent}
        alone = economics.quote({**tables, "lease": lease}, [*found.quantities]).quantities
        assert [one.value for one in alone.values()] == values


@pytest.mark.parametrize(
    ("columns", "targets", "where"),
    [
        ({}, [NPV], "columns"),
        ({USE: []}, [NPV], "columns"),
        ({USE: [0.5], PRICE: [1, 2]}, [NPV], f"columns.{USE}"),
        ({USE: [0.5], PRICE: []}, [NPV], f"columns.{PRICE}"),
        ({"utilisatio": [0.5]}, [NPV], "columns.utilisatio"),
        ({USE: [0.5, 0.6]}, ["npv"], "targets"),
        ({USE: [0.5, 0.6]}, [], "targets"),
        ({USE: [0.5, 0.6]}, ["book_value_usd_per_rack"], "targets"),
        ({LIFE: [5, 4.5]}, ["npv"], "targets"),
        ({USE: [2.0, 3.0]}, [NPV], f"columns.{USE}[0]"),
    ],
)
def test_what_all_rows_have_in_common_is_a_problem_of_the_batch(columns, targets, where):
    with pytest.raises(Problem) as caught:
        batch(economics.scenario(reference()), columns, targets)
    assert caught.value.where == where


def test_what_is_not_stated_is_listed_or_asked_for():
    sourced = economics.scenario(reference() | {"revenue": {"utilisation": 0.7}})
    found = batch(sourced, {USE: [0.5, 0.6]})
    assert {*map(tuple, found.unanswered.values())} == {(f"revenue.{PRICE}",)}
    with pytest.raises(Problem, match=PRICE):
        batch(sourced, {USE: [0.5, 0.6]}, [NPV])


def test_a_given_quantity_may_have_a_column():
    found = batch(
        economics.scenario(reference()), {"given.it_capex_usd_per_rack": [1e6, 2e6]}, [NPV]
    )
    alone = [
        economics.quote(reference() | {"given": {"it_capex_usd_per_rack": one}}, [NPV])
        for one in (1e6, 2e6)
    ]
    assert found.quantities[NPV].values == [one.quantities[NPV].value for one in alone]


def test_rows_one_by_one_are_watched():
    def stop(done, rows):
        raise TimeoutError(done, rows)

    sourced = economics.scenario(reference())
    assert batch(sourced, {LIFE: [5, 4]}, [NPV], stop).problems == {}
    with pytest.raises(TimeoutError):
        batch(sourced, {LIFE: [5, 4.5]}, [NPV], stop)


def test_arrays_are_the_way_and_rows_alone_the_exception(monkeypatch):
    alone, plain = [], module._alone
    monkeypatch.setattr(module, "_alone", lambda *asked: alone.append(asked) or plain(*asked))
    batch(economics.scenario(reference()), {USE: [at / 1000 for at in range(1, 1001)]}, [NPV])
    assert alone == []
