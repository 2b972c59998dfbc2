"""`--sweep` and `--reduce` as they are typed."""

import re

import pytest

from economics import Problem
from service.cli.axis_options import axis, reduction, with_axes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "utilisation=0.2:1:81",
            {"kind": "linspace", "field": "utilisation", "start": 0.2, "stop": 1.0, "count": 81},
        ),
        (
            "revenue.utilisation = 0.5:0.5:1",
            {"kind": "linspace", "field": "utilisation", "start": 0.5, "stop": 0.5, "count": 1},
        ),
        (
            "electricity_price_usd_per_kwh=0.01:1:3@log",
            {
                "kind": "logspace",
                "field": "electricity_price_usd_per_kwh",
                "start": 0.01,
                "stop": 1.0,
                "count": 3,
            },
        ),
        (
            "wacc_per_year=-0.05:1e-1:2",
            {"kind": "linspace", "field": "wacc_per_year", "start": -0.05, "stop": 0.1, "count": 2},
        ),
        ("pue=1.1,1.2, 1.3", {"kind": "values", "field": "pue", "values": [1.1, 1.2, 1.3]}),
        ("pue=1.1", {"kind": "values", "field": "pue", "values": [1.1]}),
        (
            "finance.book_depreciation.life_years=3,4",
            {"kind": "values", "field": "book_depreciation_life_years", "values": [3.0, 4.0]},
        ),
        (
            "tax_depreciation_then_factor=1,2",
            {"kind": "values", "field": "tax_depreciation_then_factor", "values": [1.0, 2.0]},
        ),
    ],
)
def test_an_axis_is_read(text, expected):
    assert axis(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("utilisation", "--sweep 'utilisation': expected name=start:stop:count"),
        ("=1,2", "--sweep '=1,2': expected name=start:stop:count"),
        ("utilisation=", "--sweep utilisation='': expected at least one value"),
        ("utilisation=,", "--sweep utilisation=',': expected at least one value"),
        ("utilisation= , ", "--sweep utilisation=',': expected at least one value"),
        (
            "utilisation=0.5,,0.6,",
            (
                "--sweep utilisation='0.5,,0.6,': expected a value before, between and after the"
                " commas"
            ),
        ),
        (
            "utilisation=,1",
            "--sweep utilisation=',1': expected a value before, between and after the commas",
        ),
        ("utilisation=1:0:5", "--sweep utilisation='1:0:5': expected a stop above the start"),
        ("utilisation=1:1:5", "--sweep utilisation='1:1:5': expected a stop above the start"),
        ("utilisation=0:1", "--sweep utilisation='0:1': expected name=start:stop:count"),
        ("utilisation=0:1:5:6", "expected name=start:stop:count"),
        ("utilisation=0:1:5@lin", "expected name=start:stop:count"),
        ("utilisation=0:1:0", "--sweep utilisation='0': expected a whole number of at least 1"),
        (
            "utilisation=0:1:2.5",
            "--sweep utilisation='2.5': expected a whole number of at least 1",
        ),
        ("utilisation=nan:1:5", "--sweep utilisation='nan': expected a finite number"),
        ("utilisation=0,inf", "--sweep utilisation='inf': expected a finite number"),
        ("utilisation=a,b", "--sweep utilisation='a': expected a number"),
        (
            "utilsation=1,2",
            "--sweep 'utilsation': expected a known field; did you mean utilisation",
        ),
    ],
)
def test_what_is_no_axis_is_refused_by_name(text, said):
    with pytest.raises(Problem, match=re.escape(said)):
        axis(text)


def test_an_axis_of_the_same_field_is_replaced_where_it_stands():
    file = [axis("pue=1,2"), axis("utilisation=0,1")]
    merged = with_axes(file, ["pue=1.5,1.6", "wacc_per_year=0.1"])
    assert [one["field"] for one in merged] == ["pue", "utilisation", "wacc_per_year"]
    assert merged[0]["values"] == [1.5, 1.6]
    assert file[0]["values"] == [1.0, 2.0]


def test_a_field_is_swept_once_however_it_is_named():
    with pytest.raises(Problem, match="--sweep 'utilisation': expected each field once"):
        with_axes([], ["utilisation=0.5,0.6", "pue=1.2", "revenue.utilisation=0.7"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cells", {"kind": "cells"}),
        ("summary", {"kind": "summary"}),
        ("top:100", {"kind": "top", "count": 100}),
        ("bottom", {"kind": "bottom"}),
        ("top:5:npv_usd_per_rack", {"kind": "top", "count": 5, "target": "npv_usd_per_rack"}),
        ("histogram:256", {"kind": "histogram", "bins": 256}),
        (
            "share:breakeven_utilisation < 0.8",
            {"kind": "share", "condition": "breakeven_utilisation < 0.8"},
        ),
        ("frontier:utilisation", {"kind": "frontier", "field": "utilisation"}),
        (
            "frontier: wacc_per_year : moic",
            {"kind": "frontier", "field": "wacc_per_year", "target": "moic"},
        ),
        (
            "frontier:finance.wacc_per_year:moic = 1.5",
            {"kind": "frontier", "field": "wacc_per_year", "target": "moic", "level": 1.5},
        ),
    ],
)
def test_a_reduction_is_read(text, expected):
    assert reduction(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sumary",
        "summary:3",
        "share",
        "share:",
        "top:0",
        "top:",
        "histogram:x",
        "cells:1",
        "frontier",
        "frontier:pue:moic = x",
    ],
)
def test_what_is_no_reduction_is_refused(text):
    with pytest.raises(Problem, match="--reduce"):
        reduction(text)
