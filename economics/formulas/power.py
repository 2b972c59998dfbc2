"""Energy, and what is paid for it: electricity, carbon, water. A satellite makes its own."""

from economics.formulas.expense import expense
from kernels.language.node import named, when

ON_THE_GROUND = ("colocation", "owned")


@when(load="by_use")
def load_factor(idle_load_fraction, utilisation, availability):
    """Mean draw of the rack over its draw at full load. Not utilisation, which counts sold
    hours.
    """
    return idle_load_fraction + (1.0 - idle_load_fraction) * utilisation * availability


@when(load="full")
@named("load_factor")
def full_load_factor():
    """Mean draw of the rack over its draw at full load: 1 where it draws all of it unsold too."""
    return 1.0


def it_energy_kwh_per_rack_year(it_load_kw_per_rack, load_factor, hour_per_year):
    """Energy that the rack draws in a year, cooling not included."""
    return it_load_kw_per_rack * load_factor * hour_per_year


@when(facility=ON_THE_GROUND)
def facility_load_kw_per_rack(it_load_kw_per_rack, pue):
    """Load of the rack at full draw as the grid sees it: cooling and losses included."""
    return it_load_kw_per_rack * pue


@expense(escalates_by="electricity", cash=True, with_use=True)
@when(facility=ON_THE_GROUND)
def electricity_cost_usd_per_rack_year(
    it_energy_kwh_per_rack_year,
    pue,
    electricity_price_usd_per_kwh,
    facility_load_kw_per_rack,
    demand_charge_usd_per_kw_month,
    month_per_year,
):
    """Electricity bill of a rack: energy with cooling, and the demand charge on its full load."""
    energy = it_energy_kwh_per_rack_year * pue * electricity_price_usd_per_kwh
    return energy + facility_load_kw_per_rack * demand_charge_usd_per_kw_month * month_per_year


@expense(escalates_by="opex", cash=True, with_use=True)
@when(facility=ON_THE_GROUND)
def carbon_cost_usd_per_rack_year(
    it_energy_kwh_per_rack_year, pue, carbon_intensity_kg_per_kwh, carbon_price_usd_per_kg
):
    """Carbon price on the electricity of a rack, cooling included."""
    return it_energy_kwh_per_rack_year * pue * carbon_intensity_kg_per_kwh * carbon_price_usd_per_kg


@expense(escalates_by="opex", cash=True, with_use=True)
@when(facility=ON_THE_GROUND)
def water_cost_usd_per_rack_year(
    it_energy_kwh_per_rack_year, water_use_l_per_kwh, water_price_usd_per_l
):
    """Water bill of a rack: litres by IT kWh."""
    return it_energy_kwh_per_rack_year * water_use_l_per_kwh * water_price_usd_per_l


@expense(escalates_by=None, cash=True, with_use=False)
@when(facility="orbital")
@named("electricity_cost_usd_per_rack_year")
def orbital_electricity():
    """Electricity bill of a rack in orbit: none, the satellite's panels are part of its capital."""
    return 0.0


@expense(escalates_by=None, cash=True, with_use=False)
@when(facility="orbital")
@named("carbon_cost_usd_per_rack_year")
def orbital_carbon():
    """Carbon price on the electricity of a rack in orbit: none."""
    return 0.0


@expense(escalates_by=None, cash=True, with_use=False)
@when(facility="orbital")
@named("water_cost_usd_per_rack_year")
def orbital_water():
    """Water bill of a rack in orbit: none."""
    return 0.0
