"""Sweeps: a cell has the same bits however it is reached, and floats agree."""

import math

import numpy as np
import pytest
import tuned
from hypothesis import given
from hypothesis import strategies as st
from laws import examples
from racks import reference
from strategies import scenarios

from economics import Problem, quote, sweep
from kernels.engines.llvm import runner
from kernels.grids.engine_table import JIT, NUMPY

TARGETS = (
    *(
        "cost_usd_per_gpu_hour",
        "lcoc_usd_per_gpu_hour",
        "npv_usd_per_rack",
        "equity_npv_usd_per_rack",
        "irr_per_year",
        "mirr_per_year",
    ),
    *(
        "equity_irr_per_year",
        "payback_years",
        "discounted_payback_years",
        "moic",
        "min_dscr",
        "llcr",
        "breakeven_utilisation",
    ),
    *(
        "equity_breakeven_utilisation",
        "breakeven_price_usd_per_gpu_hour",
        "accounting_breakeven_utilisation",
        "root_count",
    ),
    *(
        "retirement_age_years",
        "tax_usd_per_rack_by_year[1]",
        "debt_balance_usd_per_rack_by_year[1]",
    ),
)
AXES = [
    {"kind": "values", "field": "economic_life_years", "values": [1, 2, 4]},
    {"kind": "values", "field": "wacc_per_year", "values": [0.0, 0.09]},
    {"kind": "values", "field": "tax_rate", "values": [0.0, 0.25]},
    {"kind": "values", "field": "utilisation", "values": [0.0, 0.4, 0.9]},
    {"kind": "values", "field": "gpu_price_usd_per_gpu", "values": [9e3, 3e4, 6e4]},
    {"kind": "values", "field": "ramp_years", "values": [0.0, 0.6]},
]
TABLE_OF = {
    **dict.fromkeys(("economic_life_years", "gpu_price_usd_per_gpu"), "hardware"),
    **dict.fromkeys(("wacc_per_year", "tax_rate"), "finance"),
    **dict.fromkeys(("utilisation", "ramp_years"), "revenue"),
}
LONGEST = 4  # years of a life of the axes
COORDINATES = st.tuples(*(st.integers(0, len(axis["values"]) - 1) for axis in AXES))


def bits(values):
    return np.ascontiguousarray(values, dtype=float).view(np.int64)


def columns(tables, axes, **how):
    return {
        name: column.values
        for name, column in sweep(
            {"scenario": tables, "axes": axes, "targets": TARGETS}, **how
        ).columns.items()
    }


def rid_of_tenor(tables):
    """The tables with a tenor that every life of the axes allows, and prices that the axes can
    replace.
    """
    finance = {
        name: value for name, value in tables["finance"].items() if name != "debt_tenor_years"
    }
    return within({**tables, "finance": finance}, LONGEST)


def within(tables, years):
    """The tables with no more prices than a life has years."""
    path = tables["revenue"].get("price_path_usd_per_gpu_hour")
    cut = {"price_path_usd_per_gpu_hour": path[: math.ceil(years)]} if path else {}
    return {**tables, "revenue": {**tables["revenue"], **cut}}


def axes_of(tables):
    """The axes, with a life that ends within an operating year where periods allow one."""
    lives = [1, 2, 4] if tables["finance"]["periods_per_year"] == 1 else [1, 1.75, 4]
    return [{**AXES[0], "values": lives}, *AXES[1:]]


@examples(25)
@given(
    scenarios(),
    st.permutations(range(len(AXES))),
    st.integers(1, 200),
    st.lists(COORDINATES, min_size=3, max_size=3),
)
def test_order_tiles_threads_and_company_change_no_bit(tables, order, tile_cells, places):
    tables, axes = rid_of_tenor(tables), axes_of(tables)
    whole = columns(tables, axes, threads=1)
    other = columns(tables, [axes[k] for k in order], threads=2, tile_cells=tile_cells)
    for target in TARGETS:
        assert (bits(whole[target].transpose(order)) == bits(other[target])).all(), target
    for at in places:
        own = within(tables, axes[0]["values"][at[0]])
        alone = columns(
            own,
            [{**axis, "values": [axis["values"][k]]} for axis, k in zip(axes, at, strict=True)],
        )
        stated = {
            name: dict(table) if isinstance(table, dict) else table for name, table in own.items()
        }
        for axis, k in zip(axes, at, strict=True):
            stated[TABLE_OF[axis["field"]]][axis["field"]] = axis["values"][k]
        lone_axis = columns(stated, [axes[3]])
        floats = quote(stated, TARGETS).quantities
        for target in TARGETS:
            cell = whole[target][at]
            assert bits(alone[target]).ravel()[0] == bits(cell), target
            assert bits(lone_axis[target][at[3]]) == bits(cell), target
            single = floats[target].value
            assert (single is None) == bool(~np.isfinite(cell)), (target, single, cell)
            if single is not None:
                largest = (
                    float(np.abs(whole["npv_usd_per_rack"]).max())
                    if "usd_per_rack" in target
                    else 1.0
                )
                assert abs(single - cell) <= 1e-11 * max(largest, abs(cell)), target


@examples(4)
@given(scenarios())
def test_the_jit_engine_has_the_bits_of_numpy(tables):
    """In every cell of every target, with little of the grid known when the plan is traced, short
    rows, and memory that is not clean.
    """
    spec = {"scenario": rid_of_tenor(tables), "axes": axes_of(tables), "targets": TARGETS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "aligned_array", lambda shape: np.full(shape, np.nan))
        ours, theirs = (tuned.sweep(spec, one) for one in (tuned.with_rows(JIT, 2), NUMPY))
    assert ours.backend == "jit"
    assert list(ours.columns) == list(theirs.columns)
    for name, column in theirs.columns.items():
        both_missing = np.isnan(column.values) & np.isnan(ours.columns[name].values)
        assert (both_missing | (bits(column.values) == bits(ours.columns[name].values))).all(), name


def test_cells_come_in_row_major_order_of_the_axes():
    table = sweep({"scenario": reference(), "axes": AXES[3:5], "targets": ["npv_usd_per_rack"]})
    assert table.axes == ("utilisation", "gpu_price_usd_per_gpu")
    assert table.columns["utilisation"].values.ravel().tolist() == [0.0] * 3 + [0.4] * 3 + [0.9] * 3
    assert table.columns["gpu_price_usd_per_gpu"].values.ravel().tolist() == [9e3, 3e4, 6e4] * 3
    assert list(table.columns) == ["utilisation", "gpu_price_usd_per_gpu", "npv_usd_per_rack"]
    assert table.columns["npv_usd_per_rack"].unit == "usd/rack"


def test_a_status_column_only_where_a_cell_has_none():
    table = sweep(
        {
            "scenario": reference(),
            "axes": [AXES[3]],
            "targets": ["cost_usd_per_gpu_hour", "npv_usd_per_rack"],
        }
    )
    status = table.columns["cost_usd_per_gpu_hour_status"]
    assert [status.categories[code] for code in status.values.ravel()] == [
        "nothing_sold",
        "ok",
        "ok",
    ]
    assert "npv_usd_per_rack_status" not in table.columns


def test_a_year_beyond_a_shorter_life_has_no_value():
    table = sweep(
        {"scenario": reference(), "axes": [AXES[0]], "targets": ["book_value_usd_per_rack[3]"]}
    )
    assert table.columns["book_value_usd_per_rack[3]"].values.tolist() == pytest.approx(
        [np.nan, np.nan, 1e6], nan_ok=True, abs=1e-6
    )
    status = table.columns["book_value_usd_per_rack[3]_status"]
    assert [status.categories[code] for code in status.values] == [
        "beyond_life",
        "beyond_life",
        "ok",
    ]


def test_many_rates_at_a_life_of_a_year_have_the_bits_that_they_have_beside_other_lives():
    rates = {"kind": "linspace", "field": "wacc_per_year", "start": 0.01, "stop": 0.3, "count": 400}
    tables = reference(hardware={"residual_fraction": 0.3, "economic_life_years": 1})
    spec = {"scenario": tables, "targets": ["cost_usd_per_rack_year", "npv_usd_per_rack"]}
    lives = {"kind": "values", "field": "economic_life_years", "values": [1, 2]}
    alone, beside, turned = (
        sweep({**spec, "axes": axes}).columns for axes in ([rates], [rates, lives], [lives, rates])
    )
    for target in spec["targets"]:
        assert (bits(alone[target].values) == bits(beside[target].values[:, 0])).all()
        assert (bits(alone[target].values) == bits(turned[target].values[0])).all()


def test_a_long_life_elsewhere_leaves_the_cells_of_a_short_one_alone():
    spec = {
        "scenario": reference(finance={"wacc_per_year": -0.9999}),
        "targets": ["npv_usd_per_rack", "lcoc_usd_per_gpu_hour"],
    }
    short, both = (
        {"kind": "values", "field": "economic_life_years", "values": lives}
        for lives in ([5], [5, 80])
    )
    for target in spec["targets"]:
        one, other = (
            sweep({**spec, "axes": [axis]}).columns[target].values[0] for axis in (short, both)
        )
        assert np.isfinite(one)
        assert bits(one) == bits(other)


def test_rows_may_pair_each_life_with_its_own_tenor():
    tables = reference(finance={"debt_fraction": 0.5, "debt_rate_per_year": 0.1})
    rows = {
        "kind": "rows",
        "name": "loan",
        "fields": {"economic_life_years": [3, 5], "debt_tenor_years": [3, 5]},
    }
    assert sweep({"scenario": tables, "axes": [rows], "targets": ["min_dscr"]}).columns[
        "min_dscr"
    ].values.shape == (2,)
    crossed = [
        {"kind": "values", "field": field, "values": [3, 5]}
        for field in ("economic_life_years", "debt_tenor_years")
    ]
    with pytest.raises(Problem, match="at most the economic life"):
        sweep({"scenario": tables, "axes": crossed, "targets": ["min_dscr"]})


def test_rows_change_several_fields_together():
    fields = {"gpu_per_rack": [8, 72], "it_load_kw_per_rack": [10.2, 132]}
    rows = {"kind": "rows", "name": "rack", "labels": ["one", "two"], "fields": fields}
    table = sweep({"scenario": reference(), "axes": [rows], "targets": ["cost_usd_per_rack_year"]})
    assert table.columns["rack"].categories == ("one", "two")
    for row, (gpus, load) in enumerate(((8, 10.2), (72, 132))):
        tables = reference(hardware={"gpu_per_rack": gpus, "it_load_kw_per_rack": load})
        expected = (
            quote(tables, ["cost_usd_per_rack_year"]).quantities["cost_usd_per_rack_year"].value
        )
        assert table.columns["cost_usd_per_rack_year"].values[row] == pytest.approx(
            expected, rel=1e-14
        )


def test_a_life_of_a_method_can_be_swept():
    tables = reference(finance={"book_depreciation": {"method": "straight_line", "life_years": 6}})
    axis = {"kind": "values", "field": "book_depreciation_life_years", "values": [3, 6]}
    table = sweep({"scenario": tables, "axes": [axis], "targets": ["book_value_usd_per_rack[1]"]})
    assert table.columns["book_value_usd_per_rack[1]"].values.tolist() == pytest.approx(
        [4e6 * 2 / 3, 4e6 * 5 / 6]
    )


@pytest.mark.parametrize(
    ("stated", "argument", "found"),
    [
        ({}, None, ("numpy", "little to compute")),
        ({"backend": "jit"}, None, ("jit", "asked for")),
        ({"backend": "jit"}, "numpy", ("numpy", "asked for")),
        ({"backend": "jit"}, "auto", ("numpy", "little to compute")),
    ],
)
def test_an_argument_stands_above_the_spec_and_answers_say_what_was_taken_and_why(
    stated, argument, found
):
    spec = {"scenario": reference(), "axes": AXES[1:2], "targets": ["npv_usd_per_rack"], **stated}
    for reduce in ({"kind": "cells"}, {"kind": "summary"}):
        answer = sweep({**spec, "reduce": reduce}, argument)
        assert (answer.backend, answer.why) == found


def test_progress_may_stop_a_sweep():
    def stop(done, cells):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(
            {"scenario": reference(), "axes": AXES[1:], "targets": ["npv_usd_per_rack"]},
            progress=stop,
            tile_cells=4,
        )
