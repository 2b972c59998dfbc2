"""Where a percentage is a number: everywhere but in place of an amount, by each way to ask."""

import pytest
from msgspec import inspect

import economics
from economics import Problem
from economics.models.registry import MODELS
from economics.scenario import percentages
from economics.scenario.checking import checked
from economics.scenario.fields import types_within
from economics.sweeps.distributions import Drawn
from economics.vocabulary.units import amount_wanted
from service.files.reading import shipped_tables
from service.web.schema import SolveRequest, SweepRequest

SERVER, WORDS = "server_price_usd_per_rack", "a number in usd/rack, not a percentage"
BASE = shipped_tables("scenarios", "reference-project")
AXIS = {"kind": "values", "field": SERVER, "values": ["10%"]}
SWEPT = {"scenario": "a", "axes": [{**AXIS, "field": "utilisation"}]}


def numbers():
    """Every field that is a number, or a list of them, with its record and whether it is a list."""
    for model in MODELS.values():
        for records in model.tables.values():
            for record in records:
                for field in inspect.type_info(record).fields:
                    kinds = [*types_within(field.type)]
                    real = any(isinstance(one, inspect.FloatType) for one in kinds)
                    listed = [one for one in kinds if isinstance(one, inspect.VarTupleType)]
                    if real or any(
                        isinstance(one, inspect.FloatType)
                        for kind in listed
                        for one in types_within(kind.item_type)
                    ):
                        yield record, field.name, not real


CASES = {f"{record.__name__}.{name}": (record, name, many) for record, name, many in numbers()}


@pytest.mark.parametrize("case", CASES)
def test_every_amount_refuses_one_and_every_share_takes_it(case):
    record, name, many = CASES[case]
    text, value = "50%", 0.5
    said = ""
    try:
        made = checked({name: [text] * 12 if many else text}, record, "")
        assert getattr(made, name) == ((value,) * 12 if many else value)
    except Problem as problem:
        said = "; ".join(one.expected for one in problem.each if name in one.where)
    wanted = amount_wanted(name)
    assert (wanted in said) if wanted else ("percentage" not in said)


def test_all_kinds_of_field_are_among_them():
    assert len(CASES) > 90
    amounts = [name for _, name, _ in CASES.values() if amount_wanted(name)]
    assert len(amounts) > 40 > 20 < len(CASES) - len(amounts)


@pytest.mark.parametrize(
    ("plain", "record", "where"),
    [
        ({**SWEPT, "axes": [AXIS]}, SweepRequest, "axes[0].values[0]"),
        (
            {
                **SWEPT,
                "reduce": {
                    "kind": "frontier",
                    "field": "pue",
                    "target": "npv_usd_per_rack",
                    "level": "10%",
                },
            },
            SweepRequest,
            "reduce.level",
        ),
        (
            {**SWEPT, "reduce": {"kind": "histogram", "target": "npv_usd_per_rack", "low": "1%"}},
            SweepRequest,
            "reduce.low",
        ),
        (
            {"fields": {SERVER: {"kind": "discrete", "values": ["5%", 1e6]}}},
            Drawn,
            f"fields.{SERVER}.values[0]",
        ),
        (
            {"scenario": "a", "target": "npv_usd_per_rack", "value": "10%", "unknown": "pue"},
            SolveRequest,
            "value",
        ),
        (
            {
                "scenario": "a",
                "target": "irr_per_year",
                "value": "10%",
                "unknown": SERVER,
                "between": ["1%", 5e6],
            },
            SolveRequest,
            "between[0]",
        ),
    ],
)
def test_an_amount_is_known_by_what_stands_beside_it(plain, record, where):
    with pytest.raises(Problem) as caught:
        checked(plain, record, "")
    assert (caught.value.where, caught.value.expected) == (where, WORDS)


@pytest.mark.parametrize(
    ("plain", "record"),
    [
        (SWEPT, SweepRequest),
        (
            {
                **SWEPT,
                "reduce": {
                    "kind": "frontier",
                    "field": SERVER,
                    "target": "irr_per_year",
                    "level": "10%",
                },
            },
            SweepRequest,
        ),
        (
            {**SWEPT, "reduce": {"kind": "histogram", "target": "irr_per_year", "low": "1%"}},
            SweepRequest,
        ),
        ({"fields": {SERVER: {"kind": "lognormal", "median": 4e6, "sigma": "20%"}}}, Drawn),
        (
            {
                "fields": {
                    SERVER: {
                        "kind": "discrete",
                        "values": [4e6, 5e6],
                        "probabilities": ["40%", "60%"],
                    }
                }
            },
            Drawn,
        ),
        (
            {
                "scenario": "a",
                "target": "irr_per_year",
                "value": "10%",
                "unknown": "utilisation",
                "between": ["10%", "90%"],
            },
            SolveRequest,
        ),
    ],
)
def test_a_share_is_taken_in_percent_beside_an_amount(plain, record):
    assert checked(plain, record, "")


def test_questions_of_the_library_refuse_them_too():
    npv = "npv_usd_per_rack"
    given = {**BASE, "given": {"it_capex_usd_per_rack": "10%"}}
    with pytest.raises(Problem, match=r"given.it_capex_usd_per_rack.*not a percentage"):
        economics.quote(given)
    with pytest.raises(Problem, match=r"value = '10%'.* not a percentage"):
        economics.solve(BASE, npv, "10%", "utilisation")
    with pytest.raises(Problem, match=r"between\[1\] = '10%'.* not a percentage"):
        economics.solve(BASE, npv, 0, SERVER, (0, "10%"))
    share = {"kind": "share", "condition": f"{npv} > 10%"}
    axis = {"kind": "values", "field": "utilisation", "values": ["50%"]}
    with pytest.raises(Problem, match=rf"not a percentage, for {npv}"):
        economics.sweep({"scenario": BASE, "axes": [axis], "reduce": share})
    asked = (BASE, "irr_per_year", "15%", "utilisation", ("10%", 1))
    assert economics.solve(*asked).value == 0.15


def test_of_what_may_be_anything_nothing_is_looked_into(monkeypatch):
    tables = {f"n{at}": at for at in range(100)}
    looked = []
    monkeypatch.setattr(percentages, "number_named", lambda *one: looked.append(one) or "")
    for found in (tables, {"hardware": tables}):
        asked = {
            "scenario": found,
            "target": "npv",
            "unknown": "pue",
            "value": "8%",
            "more": tables,
        }
        read = percentages.with_numbers(
            {**asked, "more": tables}, percentages.types_of(SolveRequest), ""
        )
        assert read["value"] == 0.08
        assert read["scenario"] is found
    assert len(looked) < 20
