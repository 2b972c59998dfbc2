"""Axes: what may vary, over what, and what is refused."""

import numpy as np
import pytest
from racks import reference

from economics import Problem, scenario
from economics.sweeps.axes import as_axes, grid


def made(*axes, tables=None):
    return grid(as_axes(list(axes)), scenario(tables or reference()))


def test_linspace_logspace_and_values():
    over = made(
        {"kind": "linspace", "field": "utilisation", "start": 0.2, "stop": 1.0, "count": 5},
        {
            "kind": "logspace",
            "field": "electricity_price_usd_per_kwh",
            "start": 0.01,
            "stop": 1.0,
            "count": 3,
        },
        {"kind": "values", "field": "wacc_per_year", "values": [0.1, 0.05]},
    )
    assert over.shape == (5, 3, 2)
    assert over.axes[0].coordinates.tolist() == np.linspace(0.2, 1.0, 5).tolist()
    assert over.axes[1].coordinates.tolist() == pytest.approx([0.01, 0.1, 1.0])
    assert over.axes[2].coordinates.tolist() == [0.1, 0.05]


@pytest.mark.parametrize(
    ("axis", "where", "expected"),
    [
        (
            {"kind": "values", "field": "utilisation", "values": [0.5, 1.5]},
            "axes[0]: utilisation",
            "<= 1",
        ),
        (
            {"kind": "values", "field": "utilisation", "values": [0.5, 0.5]},
            "axes[0].values",
            "differ",
        ),
        (
            {"kind": "values", "field": "gpu_per_rack", "values": [8, 8.5]},
            "axes[0]: gpu_per_rack",
            "whole",
        ),
        (
            {"kind": "values", "field": "gpu_per_rack", "values": [0]},
            "axes[0]: gpu_per_rack",
            ">= 1",
        ),
        (
            {"kind": "values", "field": "facility_capex_usd_per_kw", "values": [1.0]},
            "axes[0].field",
            "colocation",
        ),
        ({"kind": "values", "field": "periods_per_year", "values": [4]}, "axes[0].field", "choice"),
        (
            {"kind": "values", "field": "rent_during_delay", "values": [0, 1]},
            "axes[0].field",
            "choice",
        ),
        ({"kind": "values", "field": "amortisation", "values": [1]}, "axes[0].field", "choice"),
        (
            {"kind": "values", "field": "npv_usd_per_rack", "values": [1]},
            "axes[0].field",
            "known number",
        ),
        (
            {"kind": "linspace", "field": "utilisation", "start": 0.1, "stop": 0.9, "count": 1},
            "axes[0].count",
            "at least 2",
        ),
        (
            {"kind": "linspace", "field": "utilisation", "start": 0.1, "stop": 0.9, "count": 0},
            "axes[0].count",
            ">= 1",
        ),
        (
            {"kind": "logspace", "field": "utilisation", "start": 0.0, "stop": 0.9, "count": 3},
            "axes[0].start",
            "above 0",
        ),
        (
            {"kind": "linspace", "field": "utilisation", "start": 0.1, "stop": 0.9},
            "axes[0].count",
            "a value",
        ),
        ({"kind": "spiral", "field": "utilisation"}, "axes[0].kind", "spiral"),
        (
            {"kind": "values", "field": "utilisation", "values": [0.1], "step": 2},
            "axes[0].step",
            "field of axes[0]",
        ),
        ({"kind": "values", "field": "utilisation", "values": "all"}, "axes[0].values", "list"),
        (
            {
                "kind": "rows",
                "name": "r",
                "fields": {"utilisation": [0.1, 0.2], "wacc_per_year": [0.1]},
            },
            "axes[0].fields",
            "one length",
        ),
        (
            {
                "kind": "rows",
                "name": "r",
                "labels": ["a", "a"],
                "fields": {"utilisation": [0.1, 0.2]},
            },
            "axes[0].labels",
            "differ",
        ),
        ("utilisation", "axes[0]", "table"),
    ],
)
def test_bad_axes(axis, where, expected):
    with pytest.raises(Problem) as caught:
        made(axis)
    assert caught.value.where == where
    assert expected in str(caught.value)


def test_a_field_is_swept_once():
    axis = {"kind": "values", "field": "utilisation", "values": [0.1]}
    with pytest.raises(Problem, match="not swept by axes\\[0\\] too"):
        made(axis, axis)


def test_axes_have_names_of_their_own():
    rows = {"kind": "rows", "name": "utilisation", "fields": {"wacc_per_year": [0.1]}}
    with pytest.raises(Problem, match="no other axis"):
        made({"kind": "values", "field": "utilisation", "values": [0.1]}, rows)


@pytest.mark.parametrize("axes", ["utilisation", None, {"kind": "values"}, [{}] * 33])
def test_axes_are_a_short_list(axes):
    with pytest.raises(Problem):
        as_axes(axes)


def test_a_rate_is_looked_for_further_than_it_is_stated():
    axes = as_axes([{"kind": "values", "field": "wacc_per_year", "values": [0.1, 3.0]}])
    assert grid(axes, scenario(reference()), "wacc_per_year").shape == (2,)
    for unknown in (None, "utilisation"):
        with pytest.raises(Problem, match=r'did you mean 0\.03 or "3%"'):
            grid(axes, scenario(reference()), unknown)
