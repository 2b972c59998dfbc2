"""The building around the rack: rented space, an owned hall, or a satellite. Its capital is charged
as an internal rent.
"""

from economics.formulas.discounting import annuity_per_year
from economics.formulas.expense import expense
from economics.formulas.power import ON_THE_GROUND
from kernels.language.node import named, when

CAPITAL_CHARGE = "facility_capital_charge_usd_per_rack_year"
RUNNING_COST = "facility_running_cost_usd_per_rack_year"
rent_of_capital = expense(escalates_by=None, cash=False, with_use=False)
running_cost = expense(escalates_by="opex", cash=True, with_use=False)


@when(facility=ON_THE_GROUND)
def provisioned_load_kw_per_rack(it_load_kw_per_rack, provision_factor):
    """IT load that is rented or built for a rack."""
    return it_load_kw_per_rack * provision_factor


@rent_of_capital
@when(facility="colocation")
@named(CAPITAL_CHARGE)
def colocation_capital_charge():
    """Yearly charge for the building's capital: none where the space is rented."""
    return 0.0


@rent_of_capital
@when(facility="owned")
@named(CAPITAL_CHARGE)
def owned_capital_charge(
    provisioned_load_kw_per_rack,
    facility_capex_usd_per_kw,
    wacc_per_year,
    facility_life_years,
    periods_per_year,
    flow_lead_years,
    xp,
):
    """Level yearly charge for the capital of an owned hall over its own life."""
    charge = annuity_per_year(
        wacc_per_year, facility_life_years, periods_per_year, flow_lead_years, xp
    )
    return provisioned_load_kw_per_rack * facility_capex_usd_per_kw * charge


@when(facility="orbital")
def satellite_capex_usd_per_kw(
    satellite_mass_kg_per_kw, launch_price_usd_per_kg, satellite_price_usd_per_kw
):
    """Capital of a kilowatt in orbit: launched and built."""
    return satellite_mass_kg_per_kw * launch_price_usd_per_kg + satellite_price_usd_per_kw


@when(facility="orbital")
def launched_power_price_usd_per_kw_year(
    satellite_mass_kg_per_kw, launch_price_usd_per_kg, satellite_life_years
):
    """What launching a kilowatt of power costs for each year of the satellite's life, undiscounted;
    the satellite is not in it.

    Source: arXiv 2511.19468, table 1, which sets it beside what power costs a data center on the
    ground.
    """
    return satellite_mass_kg_per_kw * launch_price_usd_per_kg / satellite_life_years


@rent_of_capital
@when(facility="orbital")
@named(CAPITAL_CHARGE)
def orbital_capital_charge(
    it_load_kw_per_rack,
    satellite_capex_usd_per_kw,
    wacc_per_year,
    satellite_life_years,
    periods_per_year,
    flow_lead_years,
    xp,
):
    """Level yearly charge for the satellite that powers, cools and carries the rack, launch
    included.
    """
    charge = annuity_per_year(
        wacc_per_year, satellite_life_years, periods_per_year, flow_lead_years, xp
    )
    return it_load_kw_per_rack * satellite_capex_usd_per_kw * charge


@running_cost
@when(facility="colocation")
@named(RUNNING_COST)
def colocation_rent(
    provisioned_load_kw_per_rack, colocation_price_usd_per_kw_month, month_per_year
):
    """Rent of the space, by provisioned kW of IT load."""
    return provisioned_load_kw_per_rack * colocation_price_usd_per_kw_month * month_per_year


@running_cost
@when(facility="owned")
@named(RUNNING_COST)
def owned_running_cost(provisioned_load_kw_per_rack, facility_opex_usd_per_kw_year):
    """Running cost of an owned hall, by provisioned kW of IT load."""
    return provisioned_load_kw_per_rack * facility_opex_usd_per_kw_year


@running_cost
@when(facility="orbital")
@named(RUNNING_COST)
def orbital_running_cost():
    """Running cost of the satellite: none beyond its capital."""
    return 0.0


def facility_cost_usd_per_rack_year(
    facility_capital_charge_usd_per_rack_year, facility_running_cost_usd_per_rack_year
):
    """Yearly cost of the space around a rack: capital charge and running cost."""
    return facility_capital_charge_usd_per_rack_year + facility_running_cost_usd_per_rack_year
