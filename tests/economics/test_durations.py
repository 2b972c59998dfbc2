"""A duration that is not whole periods is refused with the nearest that are."""

import pytest
from racks import SPLIT, changed, reference

from economics import Problem, quote, scenario
from economics.scenario.durations import check_periods, check_whole_years, periods_of
from service.files.reading import scenario_tables

LOAN = {"debt_fraction": 0.5, "debt_rate_per_year": 0.08}
TRANCHE = {"contract_price_usd_per_gpu_hour": 3, "contract_term_years": 1.4}


def refused(tables, target="npv_usd_per_rack"):
    with pytest.raises(Problem) as caught:
        quote(tables, [target])
    return str(caught.value)


@pytest.mark.parametrize(
    ("where", "years", "changes"),
    [
        ("operations.delay_years", 0.0833, {"operations": {"delay_years": 0.0833}}),
        ("hardware.economic_life_years", 4.1, {"hardware": {"economic_life_years": 4.1}}),
        ("finance.debt_tenor_years", 3.3333, {"finance": {**LOAN, "debt_tenor_years": 3.3333}}),
        ("hardware.network_life_years", 2.51, {"hardware": {**SPLIT, "network_life_years": 2.51}}),
        (
            "revenue.tranches[0].contract_term_years",
            1.4,
            {
                "revenue": {
                    "kind": "contract",
                    "tranches": [{"hours_fraction": 0.5, **TRANCHE}],
                }
            },
        ),
    ],
)
def test_every_duration_is_told_with_the_nearest_months(where, years, changes):
    tables = changed(reference(finance={"periods_per_year": 12}), **changes)
    said = refused(tables, "equity_npv_usd_per_rack")
    assert said.startswith(f"{where} = {years}: expected whole periods of 1/12 year")
    months = said.rpartition("nearest: ")[2].split(" or ")
    for one in months:
        shown, count = one.split(" (")
        assert float(shown) == int(count.split(" month")[0]) / 12
        assert abs(float(shown) - years) < 1 / 12


def test_what_is_offered_is_taken():
    tables = reference(finance={"periods_per_year": 12}, operations={"delay_years": 0.0833})
    assert "nearest: 0.08333333333333333 (1 month)" in refused(tables)
    tables["operations"]["delay_years"] = 0.08333333333333333
    assert quote(tables, ["npv_usd_per_rack"]).quantities["npv_usd_per_rack"].status == "ok"


def test_quarters_years_and_lives_that_must_be_whole_years():
    with pytest.raises(Problem, match=r"nearest: 1\.0 \(4 quarters\) or 1\.25 \(5 quarters\)$"):
        check_periods("a", [1.1], 4)
    with pytest.raises(Problem, match=r"nearest: 1\.0 \(1 year\)$"):
        check_periods("a", [0.3], 1)
    with pytest.raises(Problem, match=r"needed by b; nearest: 5\.0 \(5 years\) or 6\.0 \(6 years"):
        check_whole_years("a", [5.5], "b")
    with pytest.raises(Problem, match="at most 1200 periods"):
        check_periods("a", [101], 12)
    check_periods("a", [1 / 3, 5.0], 12)
    check_whole_years("a", [5.0], "b")


def test_periods_of_a_life():
    quarters = reference(finance={"periods_per_year": 4})
    assert periods_of(scenario(quarters)) == 20.0
    assert periods_of(scenario(changed(quarters, hardware={"economic_life_years": None}))) == 0.0
    assert periods_of(scenario(scenario_tables("azure-openai-2024"))) == 0.0
