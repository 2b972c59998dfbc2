"""Sweeps as they are asked: from tables to records."""

import msgspec
import pytest
from racks import reference

from economics import Problem, prepare, sweep
from economics.sweeps.axes import Linspace, Rows, Values
from economics.sweeps.distributions import Drawn, Draws, Uniform
from economics.sweeps.spec import (
    ABOUT,
    Cells,
    Frontier,
    Share,
    Summarise,
    SweepSpec,
    check_parts,
    condition_of,
    draws_of,
    rows_left,
    sweep_spec,
)

AXES = (
    Linspace(field="utilisation", start=0.0, stop=1.0, count=4),
    Values(field="pue", values=(1.1, 1.2, 1.3)),
    Rows(name="r", fields={"tax_rate": (0.1, 0.2), "wacc_per_year": (0.1, 0.2)}),
    Draws(fields={"availability": Uniform(low=0.9, high=1.0)}, count=5),
)
TABLES = {
    "scenario": reference(),
    "axes": [{"kind": "values", "field": "utilisation", "values": [0.5, 0.7]}],
    "targets": ["npv_usd_per_rack"],
}


@pytest.mark.parametrize(
    "text",
    ["npv_usd_per_rack>=-1e6", " npv_usd_per_rack >= -1e6 ", "npv_usd_per_rack >= -1_000_000"],
)
def test_conditions_are_read(text):
    assert condition_of(Share(text)) == ("npv_usd_per_rack", ">=", -1e6)


@pytest.mark.parametrize(
    "name", ["revenue_usd_per_rack_by_year[2]", "tranches[1].contract_value_usd_per_rack"]
)
def test_conditions_may_be_of_a_year_or_of_a_tranche(name):
    assert condition_of(Share(f"{name} < 3")) == (name, "<", 3.0)


def test_tables_become_a_record():
    spec = sweep_spec({**TABLES, "name": "mine", "reduce": {"kind": "summary"}})
    assert spec.axes == (Values(field="utilisation", values=(0.5, 0.7)),)
    assert (spec.targets, spec.reduce) == (("npv_usd_per_rack",), Summarise())
    assert (sweep_spec(TABLES).reduce, sweep_spec(TABLES).backend) == (Cells(), "auto")


def test_a_record_is_asked_as_its_tables_are():
    found = [sweep(one).columns["npv_usd_per_rack"] for one in (TABLES, sweep_spec(TABLES))]
    assert found[0].values.tolist() == found[1].values.tolist()
    record = msgspec.structs.replace(sweep_spec(TABLES), targets=None, backend="jit")
    assert (prepare(record).backend, len(prepare(record).targets) > 1) == ("jit", True)
    assert prepare(record, "numpy").backend == "numpy"


def test_what_is_drawn_may_be_a_record():
    how = draws_of({"draws": {"fields": {"pue": {"kind": "uniform", "low": 1.1, "high": 1.4}}}})
    assert isinstance(how, Drawn)
    assert draws_of({"draws": how}) is how
    with pytest.raises(Problem, match="a table with fields, each a distribution"):
        draws_of({})


def test_cells_are_the_product_of_all_axes():
    assert SweepSpec(scenario={}, axes=AXES).cells == 4 * 3 * 2 * 5
    assert SweepSpec(scenario={}, axes=AXES).rows == 4 * 3 * 2 * 5
    assert SweepSpec(scenario={}, axes=AXES, reduce=Summarise()).rows == 0
    assert SweepSpec(scenario={}, axes=AXES, reduce=Frontier("pue")).rows == 4 * 2 * 5


def test_a_frontier_has_a_row_for_each_cell_beside_its_field():
    axes = [("a", 4), ("b", 3)]
    assert (rows_left(Frontier("b"), axes), rows_left(Frontier("c"), axes)) == (4, 12)
    assert (rows_left(Cells(), axes), rows_left(Share("x < 1"), axes)) == (12, 0)


def test_another_part_is_named_with_what_may_be_meant():
    check_parts({"axes": 1, "note": "x"}, SweepSpec, ABOUT, "a sweep")
    with pytest.raises(Problem, match="expected a known part of a sweep; did you mean targets"):
        check_parts({"target": 1}, SweepSpec, ABOUT, "a sweep")
