"""NREL's System Advisor Model (PySAM, BSD) on the reference project, its conventions set to ours.

A plant of 441,504 kWh a year stands for the rack's sold GPU-hours, a fixed cost for its running
costs. SAM discounts yearly flows from the year's end, loses tax basis that is left, and finds its
IRR to some 1e-6.
"""

from PySAM import Singleowner

SOLD_KWH = 72 * 8760 * 0.7
RUNNING_USD = 132 * 8760 * 1.25 * 0.08 + 120_000
NOTHING = """
real_discount_rate inflation_rate property_tax_rate insurance_rate salvage_percentage
om_fixed_escal ppa_escalation
construction_financing_cost cost_debt_closing cost_debt_fee cost_other_financing
dscr_reserve_months reserves_interest
equip1_reserve_cost equip2_reserve_cost equip3_reserve_cost months_working_reserve
months_receivables_reserve
depr_alloc_macrs_5_percent depr_alloc_macrs_15_percent depr_alloc_sl_5_percent
depr_alloc_sl_15_percent depr_alloc_sl_20_percent
depr_alloc_sl_39_percent depr_alloc_custom_percent depr_bonus_fed depr_bonus_sta
"""


def project(tax_rate=0.0, macrs=False, debt_fraction=0.0):
    """The stated project, not yet executed."""
    model = Singleowner.default("CustomGenerationProfileSingleOwner")
    stated = dict.fromkeys(NOTHING.split(), 0.0) | {
        "gen": [SOLD_KWH / 8760] * 8760,
        "system_capacity": 1000.0,
        "degradation": [0.0],
        "analysis_period": 5,
        "real_discount_rate": 10.0,
        "federal_tax_rate": [100 * tax_rate],
        "state_tax_rate": [0.0],
        "total_installed_cost": 4e6,
        "om_fixed": [RUNNING_USD],
        "om_production": [0.0],
        "om_capacity": [0.0],
        "itc_fed_percent": [0.0],
        "itc_sta_percent": [0.0],
        "ptc_fed_amount": [0.0],
        "ptc_sta_amount": [0.0],
        "ppa_soln_mode": 1,
        "ppa_price_input": [3.5],
        "ppa_multiplier_model": 1,
        "dispatch_factors_ts": [1.0] * 8760,
        "debt_option": 0,
        "debt_percent": 100 * debt_fraction,
        "term_int_rate": 11.0,
        "term_tenor": 5,
        "depr_custom_schedule": [20.0] * 5,
        "depr_alloc_macrs_5_percent" if macrs else "depr_alloc_custom_percent": 100.0,
        "flip_target_percent": 10.0,
        "flip_target_year": 5,
    }
    for name, value in stated.items():
        model.value(name, value)
    return model


def executed(model):
    """(NPV, IRR, flows from year 0) of equity by SAM."""
    model.execute(0)
    said = model.Outputs
    return (
        said.project_return_aftertax_npv,
        said.project_return_aftertax_irr / 100,
        said.cf_project_return_aftertax,
    )
