"""Revenue, tax and what is left, by operating year."""

import math

import pytest
from hypothesis import given
from racks import asked, small, value, values
from strategies import scenarios

PATH = {"rental_price_usd_per_gpu_hour": None, "price_path_usd_per_gpu_hour": [5 / 8760, 45 / 8760]}


@pytest.mark.parametrize(
    ("finance", "tax"),
    [
        ({"loss_treatment": "refund"}, [-10, 10, 10, 10]),
        ({"loss_treatment": "carry_forward"}, [0, 0, 10, 10]),
        ({"loss_treatment": "carry_forward", "loss_limit_fraction": 0.5}, [0, 5, 5, 10]),
        ({"loss_treatment": "carry_forward", "loss_limit_fraction": 0.0}, [0, 10, 10, 10]),
    ],
)
def test_losses(finance, tax):
    """Incomes -20, 20, 20, 20: 25 a year of depreciation."""
    tables = small(finance={"tax_rate": 0.5, **finance}, revenue=PATH)
    assert values(tables, "taxable_income_usd_per_rack_by_year") == pytest.approx(
        [-20, 20, 20, 20], rel=1e-13
    )
    assert values(tables, "tax_usd_per_rack_by_year") == pytest.approx(tax, rel=1e-13, abs=1e-13)


@pytest.mark.parametrize(("basis", "last"), [("written_off", 30 + 20 - 60), ("lost", 30 + 20)])
def test_disposal(basis, last):
    """A tenth of the basis a year: 60 are left at the end, against a residual of 20."""
    finance = {
        "tax_rate": 0.3,
        "tax_depreciation": {"method": "custom", "schedule": [0.1] * 4},
        "basis_at_disposal": basis,
    }
    tables = small(finance=finance, hardware={"residual_fraction": 0.2})
    assert values(tables, "taxable_income_usd_per_rack_by_year") == pytest.approx(
        [30, 30, 30, last], rel=1e-12
    )
    assert values(tables, "project_flow_usd_per_rack_by_year")[-1] == pytest.approx(
        40 + 20 - 0.3 * last, rel=1e-12
    )


@pytest.mark.parametrize("instalments", [1, 2, 4])
def test_tax_is_paid_in_equal_parts_of_its_year(instalments):
    """Two and a half years by quarters: the last half year ends with the life."""
    tables = small(
        hardware={"economic_life_years": 2.5, "residual_fraction": 1.0},
        finance={
            "periods_per_year": 4,
            "tax_instalments_per_year": instalments,
            "tax_rate": 0.5,
            "wacc_per_year": 0.1,
        },
    )
    assert values(tables, "tax_usd_per_rack_by_year") == pytest.approx([20, 20, 10], rel=1e-13)
    quarters = math.fsum(10 * 1.1 ** (-k / 4) for k in range(1, 11))
    dates = [(k / instalments, 20 / instalments) for k in range(1, 2 * instalments + 1)]
    last = [2.25, 2.5] if instalments == 4 else [2.5]
    dates += [(date, 10 / len(last)) for date in last]
    taxes = math.fsum(tax * 1.1**-date for date, tax in dates)
    assert value(tables, "npv_usd_per_rack") == pytest.approx(
        -100 + quarters - taxes + 100 * 1.1**-2.5, rel=1e-11
    )


@given(scenarios(whole_years=False))
def test_everything_adds_up(scenario):
    names = (
        "revenue",
        "overhead",
        "electricity",
        "carbon",
        "water",
        "facility",
        "operations",
        "ebitda",
        "tax",
        "unlevered_tax",
        "interest",
        "principal",
        "project_flow",
        "equity_flow",
    )
    answers = asked(
        scenario,
        *(f"{name}_usd_per_rack_by_year" for name in names),
        "it_capex_usd_per_rack",
        "residual_usd_per_rack",
    )
    total = {name: math.fsum(answers[f"{name}_usd_per_rack_by_year"].values) for name in names}
    capital, residual = (
        answers["it_capex_usd_per_rack"].value,
        answers["residual_usd_per_rack"].value,
    )
    near = 1e-10 * max(capital, total["revenue"])
    bills = math.fsum(
        total[name] for name in ("electricity", "carbon", "water", "facility", "operations")
    )
    assert total["ebitda"] == pytest.approx(total["revenue"] - total["overhead"] - bills, abs=near)
    assert total["project_flow"] == pytest.approx(
        total["ebitda"] - total["unlevered_tax"] + residual - capital, abs=near
    )
    assert total["equity_flow"] == pytest.approx(
        total["ebitda"] - total["tax"] - total["interest"] + residual - capital, abs=near
    )
