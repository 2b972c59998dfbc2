"""Cost of a rack, level over its life: section 4."""

import math

from oracle_components import set_components, worth_at_end
from oracle_contract import steady
from oracle_scenario import HOURS

MONTHS = 12


def period_rate(r, m):
    """i = (1 + r) ** (1 / m) - 1, written so that small rates keep their digits."""
    return math.expm1(math.log1p(r) / m)


def capital_recovery_factor(r, life, m, timing):
    if r == 0:
        factor = 1 / life
    else:
        i = period_rate(r, m)
        factor = m * i / -math.expm1(-life * m * math.log1p(i))  # 1 - (1 + i) ** (-life * m)
    if timing == "mid":
        factor = factor / (1 + period_rate(r, m)) ** 0.5
    return factor


def set_capital(s):
    per_gpu = s.gpu_price_usd_per_gpu + s.network_price_usd_per_gpu + s.storage_price_usd_per_gpu
    s.equipment_price_usd_per_rack = per_gpu * s.gpu_per_rack + s.server_price_usd_per_rack
    s.it_capex_usd_per_rack = (
        s.equipment_price_usd_per_rack * (1 + s.spare_fraction) * (1 + s.installation_fraction)
    )
    set_components(s)
    s.residual_usd_per_rack = s.main_residual + math.fsum(worth_at_end(s, c) for c in s.components)


def load_factor(s, utilisation):
    return s.idle_load_fraction + (1 - s.idle_load_fraction) * utilisation * s.availability


def it_energy(s, utilisation):
    return s.it_load_kw_per_rack * load_factor(s, utilisation) * HOURS


def facility_capital_charge(s):
    if s.kind == "colocation":
        return 0.0
    if s.kind == "owned":
        capex = s.it_load_kw_per_rack * s.provision_factor * s.facility_capex_usd_per_kw
        return capex * capital_recovery_factor(
            s.wacc_per_year, s.facility_life_years, s.m, s.timing
        )
    capex = s.it_load_kw_per_rack * (
        s.satellite_mass_kg_per_kw * s.launch_price_usd_per_kg + s.satellite_price_usd_per_kw
    )
    return capex * capital_recovery_factor(s.wacc_per_year, s.satellite_life_years, s.m, s.timing)


def facility_running_cost(s):
    if s.kind == "colocation":
        return (
            s.it_load_kw_per_rack
            * s.provision_factor
            * s.colocation_price_usd_per_kw_month
            * MONTHS
        )
    if s.kind == "owned":
        return s.it_load_kw_per_rack * s.provision_factor * s.facility_opex_usd_per_kw_year
    return 0.0


def operations_cost(s):
    rates = (
        s.maintenance_fraction_per_year
        + s.insurance_fraction_per_year
        + s.property_tax_fraction_per_year
    )
    staff_and_more = (
        s.staff_cost_usd_per_rack_year
        + s.software_cost_usd_per_gpu_year * s.gpu_per_rack
        + s.other_cost_usd_per_rack_year
    )
    return s.it_capex_usd_per_rack * rates + staff_and_more


def yearly_costs(s, utilisation):
    """Every cost but the rack's own capital charge, in USD a year at the prices of year 1."""
    electricity = carbon = water = 0.0
    if s.kind != "orbital":
        energy = it_energy(s, utilisation)
        electricity = energy * s.pue * s.electricity_price_usd_per_kwh
        electricity = (
            electricity + s.it_load_kw_per_rack * s.pue * s.demand_charge_usd_per_kw_month * MONTHS
        )
        carbon = energy * s.pue * s.carbon_intensity_kg_per_kwh * s.carbon_price_usd_per_kg
        water = energy * s.water_use_l_per_kwh * s.water_price_usd_per_l
    return {
        "electricity": electricity,
        "carbon": carbon,
        "water": water,
        "facility_running": facility_running_cost(s),
        "facility_capital": facility_capital_charge(s),
        "operations": operations_cost(s),
    }


def available_gpu_hours(s):
    return s.gpu_per_rack * HOURS * s.availability


def level_costs(s):
    """The targets of section 4, but for lcoc_usd_per_gpu_hour."""
    r, year = s.wacc_per_year, steady(s, s.utilisation)
    crf = capital_recovery_factor(r, s.L, s.m, s.timing)
    charges = {
        "main_charge_usd_per_rack_year": (s.main_capital - s.main_residual * (1 + r) ** -s.L) * crf
    }
    for c in s.components:
        own = capital_recovery_factor(r, c.life, s.m, s.timing)
        charges[f"{c.name}_charge_usd_per_rack_year"] = (
            c.capital - c.residual * (1 + r) ** -c.life
        ) * own
    capital_charge = math.fsum(charges.values())
    cost = yearly_costs(s, year.used)
    total = capital_charge + math.fsum(cost.values())
    available = available_gpu_hours(s)
    sold = available * year.sold
    return {
        **(charges if s.components else {}),
        "equipment_price_usd_per_rack": s.equipment_price_usd_per_rack,
        "it_capex_usd_per_rack": s.it_capex_usd_per_rack,
        "residual_usd_per_rack": s.residual_usd_per_rack,
        "capital_recovery_factor_per_year": crf,
        "capital_charge_usd_per_rack_year": capital_charge,
        "load_factor": load_factor(s, year.used),
        "it_energy_kwh_per_rack_year": it_energy(s, year.used),
        "electricity_cost_usd_per_rack_year": cost["electricity"],
        "carbon_cost_usd_per_rack_year": cost["carbon"],
        "water_cost_usd_per_rack_year": cost["water"],
        "facility_capital_charge_usd_per_rack_year": cost["facility_capital"],
        "facility_running_cost_usd_per_rack_year": cost["facility_running"],
        "facility_cost_usd_per_rack_year": cost["facility_capital"] + cost["facility_running"],
        "operations_cost_usd_per_rack_year": cost["operations"],
        "cost_usd_per_rack_year": total,
        "available_gpu_hour_per_rack_year": available,
        "sold_gpu_hour_per_rack_year": sold,
        "cost_usd_per_rack_hour": total / HOURS,
        "cost_usd_per_available_gpu_hour": total / available if available > 0 else None,
        "cost_usd_per_gpu_hour": total / (sold * (1 - s.revenue_overhead_fraction))
        if sold > 0
        else None,
        "site_it_capex_usd": s.rack_count * s.it_capex_usd_per_rack,
        "site_cost_usd_per_year": s.rack_count * total,
        "site_it_load_kw": s.rack_count * s.it_load_kw_per_rack,
    }
