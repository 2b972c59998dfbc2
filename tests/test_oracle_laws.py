"""Laws that the oracle keeps over random scenarios, and its count of roots."""

import copy
import math
from fractions import Fraction

import oracle_roots
import pytest
from hypothesis import given
from laws import examples
from oracle import all_finite, evaluate
from strategies import scenarios


def changed(scenario, **changes):
    scenario = copy.deepcopy(scenario)
    for table, fields in changes.items():
        scenario[table].update(fields)
    return scenario


@pytest.mark.parametrize(
    ("flows", "status", "count", "rate"),
    [
        ([-100, 110], "ok", 1, 0.1),
        ([-100, 230, -132], "several_roots", 2, None),  # 10 % and 20 %
        ([-1000, 3600, -4310, 1716], "several_roots", 3, None),  # 10, 20 and 30 %
        ([-100, 300, -250], "no_root", 0, None),
        ([100, 10], "no_sign_change", 0, None),
        ([-100, 50], "ok", 1, -0.5),
        ([-100, 150, -50], "ok", 2, 0.0),  # it rises at -50 %
        ([-100, 0.5], "below_minus_99_percent", 0, None),
        ([100, -110], "borrowing", 1, None),
        ([-100, 100], "ok", 1, 0.0),
        ([-100, 0, 0, 0], "no_sign_change", 0, None),
        ([-100] + [0] * 59 + [100 * 1.5**5], "ok", 1, 1.5 ** (1 / 12) - 1),
        ([0] * 6 + [-100, 110], "ok", 1, 0.1),  # nothing is paid for a while
        ([-1, 4, -4, 0], "several_roots", 2, None),  # a double root, at 100 %: touched
    ],
)
def test_roots(flows, status, count, rate):
    found, why, roots = oracle_roots.internal_rate(dict(enumerate(map(float, flows))), 1)
    assert (why, roots) == (status, count)
    assert found == (None if rate is None else pytest.approx(rate, abs=1e-14))


@given(scenarios(whole_years=False, periods=(4, 12), max_life=3))
@examples(60)
def test_sturm_and_bisection_part_the_same_roots(scenario):
    flows = evaluate(changed(scenario, finance={"periods_per_year": 12}))[
        "equity_flow_usd_per_rack_by_year"
    ]["values"]
    p = oracle_roots.polynomial(dict(enumerate(flows)))
    q = [c * (-1) ** (k // 2) for k, c in enumerate(p)]  # the same with many sign changes
    for one in (p, q):
        by_sturm, by_descartes = (
            part(one, Fraction(100))
            for part in (oracle_roots.parted_by_sturm, oracle_roots.parted_by_descartes)
        )
        assert len(by_sturm) == len(by_descartes)
        for (low, high), (least, most) in zip(by_sturm, by_descartes, strict=True):
            assert max(low, least) < min(high, most)


@given(scenarios(whole_years=False))
@examples(60)
def test_every_answer_is_finite_and_adds_up(scenario):
    answer = evaluate(scenario)
    assert all_finite(answer)
    by_year = {
        name.removesuffix("_usd_per_rack_by_year"): x["values"]
        for name, x in answer.items()
        if name.endswith("_usd_per_rack_by_year")
    }
    capex, debt = answer["it_capex_usd_per_rack"], answer["debt_usd_per_rack"]
    tolerance = 1e-9 * max(capex, *by_year["revenue"])
    assert sum(by_year["principal"]) == pytest.approx(debt, abs=tolerance)
    assert by_year["debt_balance"][-1] == pytest.approx(0, abs=tolerance)
    assert by_year["equity_flow"][0] == pytest.approx(debt - capex, abs=tolerance)
    total = {name: math.fsum(values) for name, values in by_year.items()}
    before_tax = total["ebitda"] - capex + answer["residual_usd_per_rack"]
    assert total["project_flow"] == pytest.approx(
        before_tax - total["unlevered_tax"], abs=tolerance
    )
    assert total["equity_flow"] == pytest.approx(
        before_tax - total["tax"] - total["interest"], abs=tolerance
    )


@given(scenarios(whole_years=False, without=("tax", "decline", "path")))
@examples(60)
def test_lcoc_as_price_makes_npv_0(scenario):
    lcoc = evaluate(scenario)["lcoc_usd_per_gpu_hour"]
    answer = evaluate(changed(scenario, revenue={"rental_price_usd_per_gpu_hour": lcoc}))
    assert answer["npv_usd_per_rack"] == pytest.approx(
        0, abs=1e-9 * answer["it_capex_usd_per_rack"]
    )
    assert answer["breakeven_price_usd_per_gpu_hour"] == pytest.approx(lcoc, rel=1e-11)


@given(scenarios(whole_years=False, without=("ramp", "electricity_escalation", "opex_escalation")))
@examples(60)
def test_lcoc_is_the_level_cost_when_nothing_escalates(scenario):
    answer = evaluate(scenario)
    assert answer["lcoc_usd_per_gpu_hour"] == pytest.approx(
        answer["cost_usd_per_gpu_hour"], rel=1e-11
    )


@given(scenarios(whole_years=False))
@examples(60)
def test_breakevens_make_npv_0(scenario):
    answer = evaluate(scenario)
    tolerance = 1e-9 * answer["it_capex_usd_per_rack"]
    price = answer["breakeven_price_usd_per_gpu_hour"]
    if price is not None:
        path = scenario["revenue"].get("price_path_usd_per_gpu_hour", [1.0])
        at_price = {"rental_price_usd_per_gpu_hour": price}
        if "price_path_usd_per_gpu_hour" in scenario["revenue"]:
            at_price["price_path_usd_per_gpu_hour"] = [p / path[0] * price for p in path]
        assert evaluate(changed(scenario, revenue=at_price))["npv_usd_per_rack"] == pytest.approx(
            0, abs=tolerance
        )
    if answer["breakeven_utilisation"]:
        at_root = changed(scenario, revenue={"utilisation": answer["breakeven_utilisation"]})
        assert evaluate(at_root)["npv_usd_per_rack"] == pytest.approx(0, abs=tolerance)


@given(scenarios(timings=("end",), periods=(1,)))
@examples(60)
def test_the_irr_makes_npv_0(scenario):
    answer = evaluate(scenario)
    for prefix in ("", "equity_"):
        rate = answer[f"{prefix}irr_per_year"]
        flows = answer[f"{prefix or 'project_'}flow_usd_per_rack_by_year"]["values"]
        if rate is not None:
            worth = [f * (1 + rate) ** -k for k, f in enumerate(flows)]
            assert math.fsum(worth) == pytest.approx(0, abs=1e-9 * max(map(abs, worth)))
