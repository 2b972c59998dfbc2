"""A second opinion on the reference project: NREL's System Advisor Model."""

import pytest
import system_advisor
from racks import asked, reference


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"tax_rate": 0.21},
        {"tax_rate": 0.21, "macrs": True},
        {"tax_rate": 0.21, "macrs": True, "debt_fraction": 0.6},
    ],
    ids=["plain", "tax", "macrs", "debt"],
)
def test_sam_agrees_on_the_reference_project(choices):
    npv, irr, flows = system_advisor.executed(system_advisor.project(**choices))
    finance = {
        "tax_rate": choices.get("tax_rate", 0.0),
        "debt_fraction": choices.get("debt_fraction", 0.0),
        "debt_rate_per_year": 0.11,
    }
    if choices.get("macrs"):
        finance |= {
            "tax_depreciation": {"method": "macrs", "recovery_years": 5},
            "basis_at_disposal": "lost",
        }
    ours = asked(
        reference(finance=finance),
        "equity_npv_usd_per_rack",
        "equity_irr_per_year",
        "equity_flow_usd_per_rack_by_year",
    )
    assert ours["equity_npv_usd_per_rack"].value == pytest.approx(npv, abs=1e-6)
    assert ours["equity_irr_per_year"].value == pytest.approx(irr, abs=3e-6)
    assert ours["equity_flow_usd_per_rack_by_year"].values == pytest.approx(flows, abs=1e-6)
