"""Simulations: estimates that are right, repeat, and say how far off they may be."""

import msgspec
import numpy as np
import pytest
from racks import reference, small

from economics import Problem, sweep
from economics.uncertainty.simulate import prepare, run, simulate, simulation_spec

NPV = "npv_usd_per_rack"
FIELDS = {
    "rental_price_usd_per_gpu_hour": {"kind": "lognormal", "median": 3.5, "sigma": 0.25},
    "utilisation": {"kind": "triangular", "low": 0.4, "mode": 0.7, "high": 0.95},
    "electricity_price_usd_per_kwh": {"kind": "uniform", "low": 0.05, "high": 0.12},
}
PAIR = {"between": ["rental_price_usd_per_gpu_hour", "utilisation"], "coefficient": 0.4}


def spec(tables=None, targets=(NPV,), conditions=(), **draws):
    drawn = {"fields": FIELDS, "count": 4096, **draws}
    return {
        "scenario": tables or reference(),
        "draws": drawn,
        "targets": list(targets),
        "conditions": list(conditions),
    }


def plain(found):
    """All of an answer that does not depend on where and when it was computed."""
    return msgspec.json.encode((found.draws, found.targets, found.conditions, found.intervals))


@pytest.mark.parametrize("method", ["sobol", "random"])
def test_estimates_are_those_of_the_cells(method):
    asked = spec(
        targets=[NPV, "payback_years"],
        conditions=[f"{NPV} > 0"],
        method=method,
        correlations=[PAIR],
    )
    found = simulate(asked)
    table = sweep(
        {
            "scenario": reference(),
            "axes": [{"kind": "draws", **asked["draws"]}],
            "targets": asked["targets"],
        }
    )
    values = table.columns[NPV].values
    one = found.targets[NPV]
    assert (one.count, one.missing, one.unit) == (4096, {}, "usd/rack")
    assert (one.least, one.greatest) == (values.min(), values.max())
    assert one.mean.value == pytest.approx(values.mean(), rel=1e-12)
    assert one.standard_deviation == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert list(one.quantiles) == ["p05", "p10", "p25", "p50", "p75", "p90", "p95"]
    for name, quantile in one.quantiles.items():
        assert quantile.value == pytest.approx(
            np.quantile(values, int(name[1:]) / 100, method="hazen"), rel=1e-12
        )
        assert quantile.low < quantile.value < quantile.high
    (chance,) = found.conditions
    assert chance.condition == f"{NPV} > 0"
    assert chance.met == (values > 0).sum()
    assert chance.probability.value == chance.met / 4096
    assert chance.probability.low < chance.probability.value < chance.probability.high
    slow = found.targets["payback_years"]
    assert slow.missing == {"never": int(np.isnan(table.columns["payback_years"].values).sum())}
    assert slow.count + slow.missing["never"] == 4096


def test_the_mean_of_a_linear_target_is_known():
    """Revenue of the first year is price x hours x utilisation: independent, so the mean is the
    product of the means.
    """
    target = "revenue_usd_per_rack_by_year[1]"
    one = simulate(spec(targets=[target], count=2**16)).targets[target]
    truth = 72 * 8760 * 3.5 * np.exp(0.25**2 / 2) * (0.4 + 0.7 + 0.95) / 3
    assert one.mean.value == pytest.approx(truth, rel=1e-4)
    assert one.mean.low < truth < one.mean.high
    assert one.mean.standard_error < 1e-4 * truth


@pytest.mark.parametrize("backend", ["numpy", "jit"])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("method", ["sobol", "random"])
def test_a_seed_repeats_every_bit_on_every_engine(backend, threads, method):
    rates = {**FIELDS, "wacc_per_year": {"kind": "normal", "mean": 0.1, "standard_deviation": 0.01}}
    asked = spec(
        fields=rates,
        count=40_000,
        method=method,
        seed=11,
        targets=[NPV, "irr_per_year"],
        conditions=["irr_per_year < 0.1"],
    )
    assert plain(simulate(asked, backend, threads)) == plain(simulate(asked, "numpy", 1))
    assert plain(simulate(spec(seed=12), backend)) != plain(simulate(spec(seed=11), backend))


def test_intervals_cover_the_truth():
    """Of 60 simulations of 1,024 draws each, about 57 have the value of a million draws inside."""
    target = "cost_usd_per_gpu_hour"
    truth = {
        name: (one.mean.value, one.quantiles["p50"].value)
        for name, one in simulate(spec(targets=[target], count=2**19, seed=1000)).targets.items()
    }[target]
    for method in ("sobol", "random"):
        covered = np.zeros(2, dtype=int)
        for seed in range(60):
            one = simulate(
                spec(targets=[target], count=1024, seed=seed, method=method), "numpy"
            ).targets[target]
            covered += [
                each.low <= value <= each.high
                for each, value in zip((one.mean, one.quantiles["p50"]), truth, strict=True)
            ]
        assert (covered >= 52).all(), (method, covered)


def test_sobol_draws_are_nearer_than_random_ones():
    """Root-mean-square error of P50 at 4,096 draws over 40 seeds: at least 3 times as small."""
    truth = simulate(spec(count=2**19, seed=1000)).targets[NPV].quantiles["p50"].value
    errors = {
        method: np.sqrt(np.mean([(_median(method, seed) - truth) ** 2 for seed in range(40)]))
        for method in ("sobol", "random")
    }
    assert errors["random"] > 3.0 * errors["sobol"], errors


def _median(method, seed):
    return simulate(spec(method=method, seed=seed), "numpy").targets[NPV].quantiles["p50"].value


def test_a_target_without_any_value_is_counted_and_has_no_estimate():
    found = simulate(spec(small(), targets=["min_dscr"], conditions=["min_dscr > 1"], count=64))
    one = found.targets["min_dscr"]
    assert (one.count, one.missing, one.mean, one.quantiles) == (0, {"no_debt": 64}, None, {})
    assert found.conditions[0].no_value == {"no_debt": 64}
    assert found.conditions[0].probability.value == 0.0
    assert b"NaN" not in msgspec.json.encode(found)


def test_a_level_of_a_chance_may_be_meant_in_percent():
    found = simulate(spec(small(), conditions=["irr_per_year > 15", "moic > 2"], count=64))
    assert "irr_per_year is compared with 15, which is 1,500 %" in found.notes[-1]
    assert not any("moic" in note for note in found.notes)


def test_a_target_that_does_not_vary_is_what_it_is():
    one = simulate(spec(targets=["gpu_per_rack"], count=64)).targets["gpu_per_rack"]
    assert (
        one.least,
        one.greatest,
        one.mean.value,
        one.mean.standard_error,
        one.quantiles["p05"].low,
    ) == (72.0, 72.0, 72.0, 0.0, 72.0)


@pytest.mark.parametrize("count", [1, 7])
def test_few_draws_have_estimates_without_intervals(count):
    found = simulate(spec(count=count, conditions=[f"{NPV} > 0"]))
    assert found.targets[NPV].quantiles["p50"].low is found.targets[NPV].mean.standard_error is None
    assert found.conditions[0].probability.low is None
    assert found.intervals == "none: they take 8 draws of a Sobol sequence, or more"
    assert (found.targets[NPV].standard_deviation is None) == (count == 1)


def test_any_number_of_draws_has_intervals():
    found = simulate(spec(count=1003, conditions=[f"{NPV} > 0"]))
    assert found.targets[NPV].count == 1003
    for one in (
        found.targets[NPV].mean,
        *found.targets[NPV].quantiles.values(),
        found.conditions[0].probability,
    ):
        assert one.low < one.value < one.high


def test_it_says_how_intervals_were_found():
    assert "8 blocks of a Sobol sequence" in simulate(spec(count=64)).intervals
    assert "Wilson" in simulate(spec(count=64, method="random")).intervals


def test_progress_may_stop_it():
    class Enough(Exception):
        pass

    def watch(done, cells):
        assert cells == 300_000
        raise Enough

    plan = prepare(spec(count=300_000))
    with pytest.raises(Enough):
        run(plan, watch)


def test_lives_may_be_drawn():
    lives = {
        "economic_life_years": {
            "kind": "discrete",
            "values": [3, 4, 6],
            "probabilities": [0.25, 0.5, 0.25],
        }
    }
    one = simulate(spec(fields=lives, count=4096)).targets[NPV]
    axis = {"kind": "values", "field": "economic_life_years", "values": [3, 4, 6]}
    each = sweep({"scenario": reference(), "axes": [axis], "targets": [NPV]})
    assert one.mean.value == pytest.approx(each.columns[NPV].values @ [0.25, 0.5, 0.25], rel=1e-12)


@pytest.mark.parametrize(
    ("changed", "where", "expected"),
    [
        ({"draws": None}, "draws", "a table with fields"),
        ({"draws": {}}, "draws.fields", "a value"),
        ({"draws": {"fields": FIELDS, "counts": 2}}, "draws.counts", "a known field of draws"),
        (
            {"draws": {"fields": {"utilisation": {"kind": "uniform", "low": 0.5, "high": 1.5}}}},
            "draws.fields.utilisation",
            "<= 1",
        ),
        (
            {"draws": {"fields": {"utilisation": {"kind": "uniform", "low": 0.5, "high": "x"}}}},
            "draws.fields.utilisation.high",
            "a number",
        ),
        ({"targets": ["npv_usd_per_rak"]}, "targets", "did you mean npv_usd_per_rack"),
        ({"targets": ["book_value_usd_per_rack"]}, "targets", "[1] is that of year 1"),
        ({"targets": [], "conditions": []}, "targets", "at least one"),
        ({"conditions": [f"{NPV} = 0"]}, "conditions[0]", "a condition such as"),
        ({"conditions": [f"{NPV} > inf"]}, "conditions[0]", "a condition such as"),
        ({"conditions": ["npv_usd_per_rak > 0"]}, "conditions[0]", "did you mean npv_usd_per_rack"),
        ({"reduce": {"kind": "summary"}}, "reduce", "part of a simulation"),
        ({"backend": "gpu"}, "backend", "a known engine"),
    ],
)
def test_bad_simulations(changed, where, expected):
    with pytest.raises(Problem) as caught:
        simulate({**spec(), **changed})
    assert caught.value.where == where
    assert expected in str(caught.value)


def test_a_record_is_asked_as_its_tables_are():
    tables = spec(conditions=[f"{NPV} > 0"], count=64)
    record = simulation_spec(tables)
    assert plain(simulate(record)) == plain(simulate(tables))
    assert simulate(msgspec.structs.replace(record, targets=None)).targets.keys() > {NPV}
    assert simulate(record, "jit").backend == "jit"
