"""Half a scenario answers what it can, of every model; what it does not answer says which fields it
needs.
"""

import pytest
from racks import reference, value

from economics import Problem, compare, quote, simulate, sweep

PRICE, USE = "revenue.rental_price_usd_per_gpu_hour", "revenue.utilisation"
HALVES = {
    "no price": ({"rental_price_usd_per_gpu_hour": None}, "lcoc_usd_per_gpu_hour", {PRICE}),
    "no use": ({"utilisation": None}, "breakeven_utilisation", {USE}),
    "neither": (
        {"rental_price_usd_per_gpu_hour": None, "utilisation": None},
        "cost_usd_per_rack_year",
        {PRICE, USE},
    ),
}


@pytest.mark.parametrize("half", HALVES)
def test_half_a_scenario_answers_what_it_can(half):
    left_out, answered, fields = HALVES[half]
    whole, found = quote(reference()), quote(reference(revenue=left_out))
    assert answered in found.quantities
    assert found.quantities == {name: whole.quantities[name] for name in found.quantities}
    assert {*found.quantities, *found.unanswered} == {*whole.quantities}
    assert {path for paths in found.unanswered.values() for path in paths} == fields
    said = " ".join(found.notices)
    assert all(f"{name}" in said for name in (*found.unanswered, *fields))


def test_a_cost_alone_has_a_cost_and_a_price_that_breaks_even():
    """30,000 USD over 3 years of 8,760 hours, 70 % of them sold."""
    alone = reference(
        hardware={
            "gpu_per_rack": 1,
            "server_price_usd_per_rack": 30_000,
            "it_load_kw_per_rack": 0,
            "economic_life_years": 3,
        },
        operations={"other_cost_usd_per_rack_year": 0},
        finance={"wacc_per_year": 0},
        revenue={"rental_price_usd_per_gpu_hour": None},
    )
    found = quote(alone).quantities
    for name in (
        "cost_usd_per_gpu_hour",
        "lcoc_usd_per_gpu_hour",
        "breakeven_price_usd_per_gpu_hour",
    ):
        assert found[name].value == pytest.approx(30_000 / (3 * 8760 * 0.7), rel=1e-12)  # 1.63079


def test_a_rack_that_draws_less_unsold_needs_its_use_for_a_years_cost():
    half = reference(hardware={"idle_load_fraction": 0.5}, revenue={"utilisation": None})
    assert quote(half).unanswered["cost_usd_per_rack_year"] == (USE,)


def test_what_is_not_discounted_needs_no_wacc():
    found = quote(reference(finance={"wacc_per_year": None}))
    assert {"irr_per_year", "payback_years", "moic"} <= {*found.quantities}
    assert value(reference(finance={"wacc_per_year": None}), "moic") == value(reference(), "moic")


def test_a_target_that_is_named_says_all_fields_that_it_lacks():
    half = reference(revenue={"rental_price_usd_per_gpu_hour": None, "utilisation": None})
    with pytest.raises(Problem, match=f"{USE}.*{PRICE}|{PRICE}.*{USE}"):
        quote(half, ["npv_usd_per_rack"])


@pytest.mark.parametrize(
    ("tables", "answered", "field"),
    [
        (
            {"model": "lease", "lease": {"build_capex_usd": 100, "lease_term_years": 5}},
            "breakeven_rent_usd_per_year",
            "lease.rent_usd_per_year",
        ),
        (
            {"model": "bill", "bill": {"bill_usd_per_year": 9, "bill_price_usd_per_gpu_hour": 3}},
            "fleet_gpu",
            "bill.list_price_usd_per_gpu_hour",
        ),
        (
            {"model": "program", "program": {"spend_usd": [100]}},
            "total_spend_usd",
            "program.book_depreciation",
        ),
        (
            {"model": "commitments", "commitments": {"committed_usd": [10, 20]}},
            "total_committed_usd",
            "commitments.revenue_usd",
        ),
    ],
)
def test_half_of_any_model_answers_what_it_can(tables, answered, field):
    if tables["model"] == "lease":
        tables = {**tables, "finance": {"wacc_per_year": 0.1}}
    found = quote(tables)
    assert found.quantities[answered].status == "ok"
    assert any(field in paths for paths in found.unanswered.values())


def test_what_walks_periods_needs_the_life():
    half = reference(hardware={"economic_life_years": None})
    life = "hardware.economic_life_years"
    assert {*quote(half).unanswered.values()} == {(life,)}
    with pytest.raises(Problem, match=rf"^required: {life}, needed by renewal_usd"):
        quote(half, ["renewal_usd_per_rack_by_year"])


def test_nothing_that_can_be_answered_is_an_error_that_names_the_fields():
    with pytest.raises(Problem, match=r"margin\.compute_cost_usd_per_year, margin\.revenue_usd"):
        quote({"model": "margin"})


TOKENS = {
    "kind": "tokens",
    "output_token_per_second_per_gpu": 3048,
    "output_price_usd_per_mtok": 0.21,
    "utilisation": 0.75,
}
USERS = {
    "kind": "subscription",
    "price_usd_per_user_month": 20,
    "request_per_user_month": 100,
    "output_token_per_request": 1000,
    "output_token_per_second_per_gpu": 500,
    "utilisation": 0.7,
}
INPUT_RATE = "revenue.input_token_per_second_per_gpu"


def selling(sold, **fields):
    """The reference project that sells something else."""
    return {**reference(), "revenue": {**sold, **fields}}


def test_tokens_that_read_nothing_need_no_rate_of_reading():
    """A GPU-hour makes 3,048 x 3,600 tokens, whatever it would read."""
    cost = value(selling(TOKENS), "cost_usd_per_gpu_hour")
    factor = 0.21 * 3048 * 3600 / 1e6 / cost
    assert value(selling(TOKENS), "price_to_cost_factor") == pytest.approx(factor, rel=1e-12)
    cached = selling(TOKENS, input_token_per_output_token=5, cached_input_fraction=1.0)
    assert value(cached, "cost_usd_per_mtok") == pytest.approx(
        value(selling(TOKENS), "cost_usd_per_mtok") / 6, rel=1e-12
    )


def test_a_rate_of_reading_alone_answers_what_reading_costs():
    sold = {name: one for name, one in TOKENS.items() if name != "output_token_per_second_per_gpu"}
    alone = selling(sold, input_token_per_second_per_gpu=1000)
    found = quote(alone)
    cost = found.quantities["cost_usd_per_gpu_hour"].value
    assert found.quantities["cost_usd_per_mtok_input"].value == pytest.approx(cost / 3.6)
    missing = ("revenue.output_token_per_second_per_gpu",)
    assert found.unanswered["price_to_cost_factor"] == missing


def test_a_contract_without_a_price_has_a_cost():
    sold = {"kind": "contract", "utilisation": 0.7, "rental_price_usd_per_gpu_hour": 3}
    found = quote({**reference(), "revenue": {**sold, "tranches": [{"hours_fraction": 0.5}]}})
    assert "cost_usd_per_gpu_hour" in found.quantities
    assert found.unanswered["npv_usd_per_rack"] == (
        "revenue.tranches[0].contract_price_usd_per_gpu_hour",
    )


@pytest.mark.parametrize("sold", [TOKENS, USERS], ids=lambda sold: sold["kind"])
def test_a_rate_of_reading_that_is_not_needed_changes_no_bit(sold):
    without, stated = (
        quote(selling(sold, **rate)) for rate in ({}, {"input_token_per_second_per_gpu": 7})
    )
    assert without.quantities.items() <= stated.quantities.items()
    assert {*stated.quantities} - {*without.quantities} == {"cost_usd_per_mtok_input"}
    assert not without.unanswered


@pytest.mark.parametrize(
    ("sold", "read", "answered"),
    [
        (TOKENS, {"input_token_per_output_token": 3}, "cost_usd_per_mtok_output"),
        (USERS, {"input_token_per_request": 3}, "breakeven_price_usd_per_gpu_hour"),
    ],
    ids=lambda one: one.get("kind") if isinstance(one, dict) else None,
)
def test_what_is_read_needs_a_rate_of_reading(sold, read, answered):
    found = quote(selling(sold, **read))
    assert found.quantities[answered].status == "ok"
    assert {path for paths in found.unanswered.values() for path in paths} == {INPUT_RATE}
    axis = {"kind": "values", "field": next(iter(read)), "values": [0, 1]}
    with pytest.raises(Problem, match=INPUT_RATE):
        sweep({"scenario": selling(sold), "axes": [axis], "targets": ["npv_usd_per_rack"]})


def test_a_sweep_and_a_simulation_answer_what_they_can():
    half = reference(revenue={"rental_price_usd_per_gpu_hour": None})
    axis = {"kind": "values", "field": "utilisation", "values": [0.5, 0.7]}
    draw = {"utilisation": {"kind": "uniform", "low": 0.5, "high": 0.7}}
    table = sweep({"scenario": half, "axes": [axis]})
    drawn = simulate({"scenario": half, "draws": {"fields": draw, "count": 64}})
    for targets, basis in ((table.columns, table.basis), (drawn.targets, drawn.basis)):
        assert "cost_usd_per_gpu_hour" in targets
        assert "npv_usd_per_rack" not in targets
        assert f"not answered without {PRICE}: breakeven_utilisation, npv_usd_per_rack" in (
            basis.notices
        )
    priced = {"kind": "values", "field": "rental_price_usd_per_gpu_hour", "values": [3, 4]}
    assert "npv_usd_per_rack" in sweep({"scenario": half, "axes": [priced]}).columns


def test_a_comparison_answers_what_all_can():
    half = reference(revenue={"rental_price_usd_per_gpu_hour": None})
    found = compare([half, reference()])
    assert "lcoc_usd_per_gpu_hour" in found.outputs
    assert "npv_usd_per_rack" not in found.outputs
    first, second = (basis.notices for basis in found.bases)
    assert any(one.startswith(f"not answered without {PRICE}: margin_fraction") for one in first)
    assert not [one for one in second if "not answered" in one]
