"""What the ready-made questions ask for."""

VALUES = ("book_value_usd_per_rack", "tax_value_usd_per_rack", "economic_value_usd_per_rack", "impairment_gap_usd_per_rack")
FALLS = ("book_depreciation_usd_per_rack_year", "tax_depreciation_usd_per_rack_year", "economic_depreciation_usd_per_rack_year")
DEPRECIATION = (*VALUES, *FALLS, "book_write_off_usd_per_rack", "retirement_age_years")
LINES = (
    *("revenue", "overhead", "electricity", "carbon", "water", "facility", "operations", "ebitda", "renewal"),
    *("tax_depreciation", "interest", "principal", "taxable_income", "tax", "project_flow", "equity_flow", "debt_balance"),
)
RETURNS = ("npv_usd_per_rack", "irr_per_year", "payback_years", "moic", "equity_npv_usd_per_rack", "equity_irr_per_year", "min_dscr")
CASHFLOW = (*(f"{line}_usd_per_rack_by_year" for line in LINES), *RETURNS)
