"""Blocks are the table, cut: the same columns and bits, whatever their size and wherever a value is
missing.
"""

import numpy as np
import pytest
import tuned
from racks import reference

from economics import prepare, quote, sweep
from economics.scenario.fields import field_paths
from economics.sweeps import cells as blocks
from kernels.grids.engine_table import JIT, NUMPY

UTILISATION = {"kind": "linspace", "field": "utilisation", "start": 0.0, "stop": 1.0, "count": 5}
PRICE = {"kind": "values", "field": "rental_price_usd_per_gpu_hour", "values": [0.5, 2.0, 4.0]}
IDLE = {
    "kind": "linspace",
    "field": "electricity_price_usd_per_kwh",
    "start": 0.04,
    "stop": 0.12,
    "count": 4,
}
LIVES = {
    "kind": "rows",
    "name": "gear",
    "fields": {"economic_life_years": [3, 5], "gpu_price_usd_per_gpu": [20e3, 30e3]},
    "labels": ["old", "new"],
}
TARGETS = [
    "npv_usd_per_rack",
    "payback_years",
    "breakeven_utilisation",
    "cost_usd_per_gpu_hour",
    "irr_per_year",
    "wacc_per_year",
]
SPECS = {
    "statuses and labels": {"axes": [PRICE, LIVES, UTILISATION, IDLE], "targets": TARGETS},
    "statuses late": {
        "axes": [{**UTILISATION, "start": 0.1}, {**PRICE, "values": [4.0, 2.0, 0.0]}],
        "targets": TARGETS,
    },
    "one axis": {"axes": [UTILISATION], "targets": ["cost_usd_per_gpu_hour"]},
    "nothing missing": {
        "axes": [PRICE, LIVES, IDLE],
        "targets": ["npv_usd_per_rack", "book_value_usd_per_rack[1]"],
    },
}


def spec(name):
    return {"scenario": reference(), **SPECS[name]}


def streamed(prepared, rows, **how):
    """Tables of the last call."""
    calls = []
    blocks.stream(prepared, lambda found: calls.append(list(found)), rows=rows, **how)
    return calls[-1]


def raw(values):
    return np.ascontiguousarray(values).reshape(-1).tobytes()


@pytest.mark.parametrize("rows", [1, 4, 7, 40, 10_000])
@pytest.mark.parametrize("name", SPECS)
def test_blocks_are_the_rows_and_columns_of_the_table(name, rows):
    whole, parts = sweep(spec(name)), streamed(prepare(spec(name)), rows)
    assert all(np.prod(part.shape) <= rows for part in parts)
    assert {part.axes for part in parts} == {whole.axes}
    for part in parts:
        assert list(part.columns) == list(whole.columns)
        for column, expected in zip(part.columns.values(), whole.columns.values(), strict=True):
            assert column.values.shape == part.shape
            assert (column.unit, column.description, column.categories) == (
                expected.unit,
                expected.description,
                expected.categories,
            )
    for column, expected in whole.columns.items():
        assert b"".join(raw(part.columns[column].values) for part in parts) == raw(
            expected.values
        ), column


def test_a_value_missing_in_no_corner_starts_again_with_its_status():
    spec = {
        "scenario": reference(),
        "axes": [{**UTILISATION, "start": 0.9}, {**PRICE, "values": [9.0, 0.01, 8.0]}],
        "targets": ["payback_years", "npv_usd_per_rack"],
    }
    calls = []
    blocks.stream(
        prepare(spec), lambda found: calls.append([list(part.columns) for part in found]), rows=1
    )
    assert [len(call) for call in calls] == [1, 15]
    assert calls[-1][0] == list(sweep(spec).columns)
    assert "payback_years_status" in calls[-1][0]
    assert "npv_usd_per_rack_status" not in calls[-1][0]


@pytest.mark.parametrize(
    ("shape", "rows", "sizes"),
    [
        ((10, 10, 10), 1000, (10, 10, 10)),
        ((10, 10, 10), 999, (5, 10, 10)),
        ((10, 10, 10), 100, (1, 10, 10)),
        ((10, 10, 10), 70, (1, 5, 10)),
        ((10, 10, 10), 9, (1, 1, 5)),
        ((3, 1001), 1000, (1, 501)),
        ((2, 1), 1, (1, 1)),
        ((7,), 100, (7,)),
    ],
)
def test_blocks_are_contiguous_and_about_equal(shape, rows, sizes):
    assert blocks.block_sizes(shape, rows) == sizes


def test_columns_of_axes_are_made_once_where_they_are_the_same():
    one, other, *_ = streamed(prepare(spec("statuses and labels")), 20)
    assert one.columns["utilisation"] is other.columns["utilisation"]
    assert one.columns["gear"] is not other.columns["gear"]


def test_progress_counts_rows_and_may_stop():
    seen = []
    streamed(
        prepare(spec("statuses and labels"), threads=1),
        20,
        progress=lambda done, cells: seen.append((done, cells)),
    )
    assert seen[0] == (0, 120)
    assert seen[-1] == (120, 120)
    assert {done for done, _ in seen} == {0, 20, 40, 60, 80, 100, 120}

    def stop(done, cells):
        raise TimeoutError

    with pytest.raises(TimeoutError):
        streamed(prepare(spec("one axis")), 20, progress=stop)


def test_blocks_have_no_limit():
    axes = [
        {"kind": "linspace", "field": field, "start": 0.1, "stop": 0.9, "count": 100_000}
        for field in ("utilisation", "wacc_per_year")
    ]
    prepared, first = (
        prepare({"scenario": reference(), "axes": axes, "targets": ["npv_usd_per_rack"]}),
        [],
    )
    blocks.stream(prepared, lambda found: first.append(next(found)))
    assert first[0].shape == (2, 100_000)
    assert prepared.grid.size > blocks.MOST_CELLS_IN_MEMORY


@pytest.mark.parametrize("engine", [NUMPY, JIT])
def test_statuses_of_several_targets_in_many_tiles_are_those_of_quotes(engine):
    tables = reference(
        finance={
            "periods_per_year": 12,
            "tax_rate": 0.25,
            "loss_treatment": "carry_forward",
            "debt_fraction": 0.4,
            "debt_rate_per_year": 0.08,
        }
    )
    axes = [
        {**PRICE, "values": [0.5, 2.5, 3.5, 6.0]},
        {**IDLE, "start": 0.04, "stop": 0.12, "count": 6},
        {**UTILISATION, "start": 0.3, "stop": 1.0, "count": 600},
    ]
    targets = ["payback_years", "irr_per_year", "equity_irr_per_year"]
    spec = {"scenario": tables, "axes": axes, "targets": targets}
    table = tuned.sweep(spec, engine, small_cells=100, tile_cells=5_000)
    rng = np.random.default_rng(3)
    for _ in range(12):
        at = tuple(int(rng.integers(n)) for n in table.shape)
        stated = {
            name: dict(part) if isinstance(part, dict) else part for name, part in tables.items()
        }
        for field in table.axes:
            stated[field_paths()[field].split(".")[0]][field] = float(
                table.columns[field].values[at]
            )
        for target, one in quote(stated, targets).quantities.items():
            status = table.columns[f"{target}_status"]
            assert status.categories[status.values[at]] == one.status, (target, at)
            assert table.columns[target].values[at] == pytest.approx(
                np.nan if one.value is None else one.value, rel=1e-9, nan_ok=True
            )
