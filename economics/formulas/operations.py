"""People, maintenance, insurance, property tax, software."""

from economics.formulas.expense import expense


@expense(escalates_by="opex", cash=True, with_use=False)
def operations_cost_usd_per_rack_year(
    it_capex_usd_per_rack,
    maintenance_fraction_per_year,
    insurance_fraction_per_year,
    property_tax_fraction_per_year,
    staff_cost_usd_per_rack_year,
    software_cost_usd_per_gpu_year,
    gpu_per_rack,
    other_cost_usd_per_rack_year,
):
    """Yearly cost of running a rack beside power and space: shares of its capital, staff, software
    and the rest.
    """
    by_capital = it_capex_usd_per_rack * (
        maintenance_fraction_per_year + insurance_fraction_per_year + property_tax_fraction_per_year
    )
    return (
        by_capital
        + staff_cost_usd_per_rack_year
        + software_cost_usd_per_gpu_year * gpu_per_rack
        + other_cost_usd_per_rack_year
    )
