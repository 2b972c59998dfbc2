"""Sensitivity: bars that are direct evaluations, indices that are known."""

import math

import msgspec
import numpy as np
import pytest
from racks import changed, reference, small

from economics import Problem, quote
from economics.scenario.fields import field_paths
from economics.uncertainty.sensitivity import sensitivity, sensitivity_spec
from service.files.reading import scenario_tables

NPV = "npv_usd_per_rack"
BETWEEN = "draws.correlations[0].between"
PAIR = {"between": ["utilisation", "pue"], "coefficient": 0.5}
FIELDS = {
    "rental_price_usd_per_gpu_hour": {"kind": "uniform", "low": 3.0, "high": 4.0},
    "utilisation": {"kind": "triangular", "low": 0.5, "mode": 0.7, "high": 0.9},
    "wacc_per_year": {"kind": "normal", "mean": 0.1, "standard_deviation": 0.01},
    "economic_life_years": {"kind": "discrete", "values": [4, 5, 6]},
}


def spec(fields=FIELDS, target=NPV, tables=None, **draws):
    return {
        "scenario": tables or reference(),
        "target": target,
        "draws": {"fields": fields, "count": 1024, **draws},
    }


def direct(tables, target, field, value):
    table, _, name = field_paths()[field].rpartition(".")
    return quote(changed(tables, **{table: {name: value}}), [target]).quantities[target].value


@pytest.mark.parametrize("name", ["reference-project", "nvl72-neocloud", "suncatcher"])
def test_bars_of_all_stated_numbers_are_direct_evaluations_to_the_bit(name):
    tables = scenario_tables(name)
    found = sensitivity({"scenario": tables, "target": NPV})
    assert found.value == quote(tables, [NPV]).quantities[NPV].value
    assert len(found.bars) > 5
    for bar in found.bars:
        assert bar.at_low == direct(tables, NPV, bar.field, bar.low)
        assert bar.at_high == direct(tables, NPV, bar.field, bar.high)
        assert bar.swing == abs(bar.at_high - bar.at_low)
        assert bar.low == pytest.approx(0.9 * bar.base) or bar.low == 1.0
        assert bar.base <= bar.high <= 1.1 * bar.base
    swings = [bar.swing for bar in found.bars]
    assert swings == sorted(swings, reverse=True)
    assert "economic_life_years" in found.notes[0]


def test_bars_of_distributions_go_from_their_low_to_their_high():
    bars = {bar.field: bar for bar in sensitivity(spec()).bars}
    ends = {field: (bar.low, bar.high) for field, bar in bars.items()}
    assert ends["rental_price_usd_per_gpu_hour"] == (3.0, 4.0)
    assert ends["utilisation"] == (0.5, 0.9)
    assert ends["wacc_per_year"] == pytest.approx((0.1 - 0.016448536, 0.1 + 0.016448536))
    assert ends["economic_life_years"] == (4.0, 6.0)
    for field, bar in bars.items():
        assert (bar.at_low, bar.at_high) == tuple(
            direct(reference(), NPV, field, end) for end in ends[field]
        )


def test_indices_of_a_product_are_known():
    """Revenue = price x utilisation x constant, both uniform: V1 = m2^2 v1, V2 = m1^2 v2, V12 = v1
    v2.
    """
    fields = {
        "rental_price_usd_per_gpu_hour": {"kind": "uniform", "low": 1.0, "high": 4.0},
        "utilisation": {"kind": "uniform", "low": 0.2, "high": 1.0},
    }
    found = sensitivity(spec(fields, "revenue_usd_per_rack_by_year[1]", count=8192))
    (m1, v1), (m2, v2) = ((2.5, 9 / 12), (0.6, 0.64 / 12))
    alone = {"rental_price_usd_per_gpu_hour": m2**2 * v1, "utilisation": m1**2 * v2}
    variance = sum(alone.values()) + v1 * v2
    for index in found.indices:
        first, total = alone[index.field] / variance, (alone[index.field] + v1 * v2) / variance
        assert index.first_order.value == pytest.approx(first, abs=0.005)
        assert index.total_order.value == pytest.approx(total, abs=0.005)
        assert index.first_order.low < first < index.first_order.high
        assert index.total_order.low < total < index.total_order.high
    assert [index.field for index in found.indices] == sorted(
        alone, key=lambda field: -alone[field]
    )
    assert found.evaluations == 4 * 8192 + 2 * 2 + 1


def test_an_input_on_which_nothing_depends_has_neither():
    fields = {**FIELDS, "carbon_intensity_kg_per_kwh": {"kind": "uniform", "low": 0.1, "high": 0.4}}
    found = sensitivity(spec(fields))
    assert (found.bars[-1].field, found.bars[-1].swing) == ("carbon_intensity_kg_per_kwh", 0.0)
    assert found.indices[-1].total_order.value == 0.0


@pytest.mark.parametrize("method", ["sobol", "random"])
def test_a_seed_repeats_every_bit_on_every_engine(method):
    how = [("numpy", 1), ("numpy", 2), ("jit", 2)]
    found = [sensitivity(spec(method=method, seed=3), backend, threads) for backend, threads in how]
    plain = [msgspec.json.encode((one.bars, one.indices)) for one in found]
    assert plain[0] == plain[1] == plain[2]


def test_correlated_inputs_have_bars_but_no_indices():
    pair = {"between": ["utilisation", "wacc_per_year"], "coefficient": 0.5}
    found = sensitivity(spec(correlations=[pair]))
    assert found.indices == ()
    assert "correlated" in found.notes[0]
    assert len(found.bars) == 4


def test_a_target_that_does_not_vary_has_no_indices():
    found = sensitivity(spec(target="gpu_per_rack"))
    assert found.indices == ()
    assert "does not vary" in found.notes[0]


@pytest.mark.parametrize(("count", "known"), [(2, False), (8, False), (16, True)])
def test_single_rows_of_draws_tell_no_interval(count, known):
    """Each of the eight blocks has `count / 8` rows."""
    (index,) = sensitivity(spec({"utilisation": FIELDS["utilisation"]}, count=count)).indices
    assert (index.first_order.low is not None, index.total_order.standard_error is not None) == (
        known,
        known,
    )


def test_a_single_row_of_draws_tells_no_index():
    found = sensitivity(spec(count=1))
    assert (found.indices, found.missing) == ((), {})
    assert "has a value in fewer than two rows" in found.notes[0]


def test_rows_without_a_value_are_left_out_and_counted():
    fields = {
        "utilisation": {"kind": "uniform", "low": 0.2, "high": 1.0},
        "tax_rate": {"kind": "uniform", "low": 0.1, "high": 0.3},
    }
    found = sensitivity(
        spec(fields, "payback_years", tables=small(hardware={"economic_life_years": 3}))
    )
    bars = {bar.field: bar for bar in found.bars}
    assert (
        bars["utilisation"].at_low,
        bars["utilisation"].status_at_low,
        bars["utilisation"].swing,
    ) == (None, "never", None)
    assert found.bars[0].field == "utilisation"
    assert list(found.missing) == ["never"]
    assert 0 < found.missing["never"] < 1024
    assert all(math.isfinite(index.total_order.value) for index in found.indices)
    never = sensitivity(spec(target="min_dscr"))
    assert (never.value, never.status, never.indices) == (None, "no_debt", ())
    assert never.missing == {"no_debt": 1024}
    assert b"NaN" not in msgspec.json.encode(never)


def test_a_fraction_widens_the_ranges():
    bar = next(
        b
        for b in sensitivity({"scenario": reference(), "target": NPV, "by_fraction": 0.5}).bars
        if b.field == "utilisation"
    )
    assert (bar.low, bar.high) == (0.35, 1.0)


def contracted(count):
    """A rack whose hours are sold in some tranches, together all of them."""
    terms = {
        "contract_price_usd_per_gpu_hour": 3.0,
        "use_fraction": 0.9,
        "default_probability_per_year": 0.1,
        "recovery_fraction": 0.4,
    }
    tranche = {"hours_fraction": 1 / count, **terms}
    return reference(
        revenue={
            "kind": "contract",
            "tranches": [{"label": str(at), **tranche} for at in range(count)],
        }
    )


def test_terms_of_several_tranches_vary_but_not_what_is_1_together():
    found = sensitivity({"scenario": contracted(2), "target": NPV})
    fields = {bar.field for bar in found.bars}
    terms = ("contract_price_usd_per_gpu_hour", "use_fraction", "default_probability_per_year")
    assert {f"tranches[{at}].{term}" for at in (0, 1) for term in terms} < fields
    assert "tranches[0].hours_fraction, tranches[1].hours_fraction" in found.notes[0]
    assert "hours_fraction" in {
        bar.field for bar in sensitivity({"scenario": contracted(1), "target": NPV}).bars
    }


def test_of_many_fields_there_are_fewer_draws():
    found = sensitivity({"scenario": contracted(20), "target": NPV})
    assert len(found.bars) > 80
    assert found.draws.count == 2048
    assert len(found.indices) == len(found.bars)


def test_uncertain_draws_are_few_unless_stated():
    found = sensitivity({"scenario": reference(), "target": NPV})
    assert found.draws.count == 4096
    assert np.isfinite([index.first_order.standard_error for index in found.indices]).all()


@pytest.mark.parametrize(
    ("changes", "where", "expected"),
    [
        ({"target": None}, "target", "text"),
        ({"target": "npv_usd_per_rak"}, "target", "did you mean npv_usd_per_rack"),
        ({"target": "book_value_usd_per_rack"}, "target", "one number"),
        ({"by_fraction": 0.1}, "by_fraction", "because draws state"),
        ({"draws": None, "by_fraction": 0.0}, "by_fraction", "> 0"),
        ({"draws": None, "target": "rack_count"}, "draws", "depends on no stated number"),
        ({"draws": {"fields": FIELDS, "count": 10**6}}, "draws.count", "at most"),
        ({"draws": {"fields": {"pu": FIELDS["utilisation"]}}}, "draws.fields.pu", "known number"),
        (
            {"draws": {"fields": {"utilisation": {"kind": "uniform", "low": 0.5, "high": 2}}}},
            "draws.fields.utilisation",
            "<= 1",
        ),
        ({"draws": {"fields": FIELDS, "correlations": [PAIR]}}, BETWEEN, "that is drawn"),
        ({"targets": [NPV]}, "targets", "part of a question"),
    ],
)
def test_bad_questions(changes, where, expected):
    with pytest.raises(Problem) as caught:
        sensitivity({**spec(), **changes})
    assert caught.value.where == where
    assert expected in str(caught.value)


def test_a_record_is_asked_as_its_tables_are():
    found = [sensitivity(one) for one in (spec(count=64), sensitivity_spec(spec(count=64)))]
    plain = [msgspec.json.encode((one.bars, one.indices, one.draws)) for one in found]
    assert plain[0] == plain[1]
    both = msgspec.structs.replace(sensitivity_spec(spec()), by_fraction=0.2)
    with pytest.raises(Problem, match="because draws state"):
        sensitivity(both)
