"""Parts are the table, cut: the same rows and bits, whatever their size; each target has its status
in every one of them.
"""

import numpy as np
import pytest
from racks import reference

from economics import prepare, sweep
from economics.sweeps.cells import MOST_CELLS_IN_MEMORY, complete
from economics.sweeps.parts import PART_VALUES, Parts, block_sizes, part_rows

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


def raw(values):
    return np.ascontiguousarray(values).reshape(-1).tobytes()


@pytest.mark.parametrize("rows", [1, 4, 7, 40, 10_000])
@pytest.mark.parametrize("name", SPECS)
def test_parts_are_the_rows_of_the_table(name, rows):
    whole, parts = complete(sweep(spec(name))), list(Parts(prepare(spec(name)), rows).tables())
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


def test_a_part_has_a_status_for_each_target_whether_or_not_a_value_is_missing():
    spec = {
        "scenario": reference(),
        "axes": [{**UTILISATION, "start": 0.9}, {**PRICE, "values": [9.0, 0.01, 8.0]}],
        "targets": ["payback_years", "npv_usd_per_rack"],
    }
    parts = Parts(prepare(spec), 1)
    columns = {tuple(part.columns) for part in parts.tables()}
    assert columns == {tuple(complete(sweep(spec)).columns)}
    words = [
        status.categories[int(status.values.item())]
        for status in (part.columns["payback_years_status"] for part in parts.tables())
    ]
    assert words == ["ok", "never", "ok"] * 5


def test_a_part_needs_no_other_and_is_the_same_again():
    parts = Parts(prepare(spec("statuses and labels")), 7)
    first, last = parts.table(3), parts.table(len(parts) - 1)
    again = list(parts.tables())
    for name in first.columns:
        assert raw(first.columns[name].values) == raw(again[3].columns[name].values)
        assert raw(last.columns[name].values) == raw(again[-1].columns[name].values)


def test_how_many_rows_a_part_has_follows_from_its_columns():
    prepared = prepare(spec("statuses and labels"))
    assert part_rows(prepared) == PART_VALUES // (4 + 2 * len(TARGETS))


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
def test_parts_are_contiguous_and_about_equal(shape, rows, sizes):
    assert block_sizes(shape, rows) == sizes


def test_columns_of_axes_are_made_once_where_they_are_the_same():
    one, other, *_ = Parts(prepare(spec("statuses and labels")), 20).tables()
    assert one.columns["utilisation"] is other.columns["utilisation"]
    assert one.columns["gear"] is not other.columns["gear"]


def test_progress_counts_rows_and_may_stop():
    seen = []
    parts = Parts(prepare(spec("statuses and labels"), threads=1), 20)
    list(parts.tables(lambda done, cells: seen.append((done, cells))))
    assert seen[0] == (0, 120)
    assert seen[-1] == (120, 120)
    assert {done for done, _ in seen} == {0, 20, 40, 60, 80, 100, 120}

    def stop(done, cells):
        raise TimeoutError

    with pytest.raises(TimeoutError):
        Parts(prepare(spec("one axis")), 20).table(0, stop)


def test_a_grid_in_parts_has_no_limit():
    axes = [
        {"kind": "linspace", "field": field, "start": 0.1, "stop": 0.9, "count": 100_000}
        for field in ("utilisation", "wacc_per_year")
    ]
    parts = Parts(
        prepare({"scenario": reference(), "axes": axes, "targets": ["npv_usd_per_rack"]}), 250_000
    )
    assert parts.table(len(parts) - 1).shape == (2, 100_000)
    assert parts.prepared.grid.size > MOST_CELLS_IN_MEMORY
