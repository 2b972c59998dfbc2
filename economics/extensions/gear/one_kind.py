"""One kind of component with a life of its own: what it costs, how it wears, when it is replaced.

The formulas stand in the graph once for each kind, under its name in place of `gear`.
"""

from economics.formulas.discounting import annuity_per_year
from kernels.language.flow import flow
from kernels.language.node import (
    by_year,
    inner,
)
from kernels.language.profile import Profile


def network_price_usd_per_rack(network_price_usd_per_gpu, gpu_per_rack):
    """Price of the rack's network equipment."""
    return network_price_usd_per_gpu * gpu_per_rack


def storage_price_usd_per_rack(storage_price_usd_per_gpu, gpu_per_rack):
    """Price of the rack's storage."""
    return storage_price_usd_per_gpu * gpu_per_rack


def gear_capex_usd_per_rack(gear_price_usd_per_rack, spare_fraction, installation_fraction):
    """Capital spent on the {gear} component each time it is bought, at the same price: with spares,
    freight, integration and sales tax.
    """
    return gear_price_usd_per_rack * (1.0 + spare_fraction) * (1.0 + installation_fraction)


def gear_residual_usd_per_rack(residual_fraction, gear_price_usd_per_rack):
    """What the {gear} component is sold for at the end of its own life."""
    return residual_fraction * gear_price_usd_per_rack


def gear_charge_usd_per_rack_year(
    gear_capex_usd_per_rack,
    gear_residual_usd_per_rack,
    wacc_per_year,
    gear_life_years,
    periods_per_year,
    flow_lead_years,
    xp,
):
    """Level yearly charge that repays the {gear} component, less its residual, with the WACC over
    its own life.
    """
    residual_now = gear_residual_usd_per_rack * xp.compound(wacc_per_year, -1.0 * gear_life_years)
    return (gear_capex_usd_per_rack - residual_now) * annuity_per_year(
        wacc_per_year, gear_life_years, periods_per_year, flow_lead_years, xp
    )


def gear_depreciation_usd_per_rack_year(
    gear_capex_usd_per_rack, gear_residual_usd_per_rack, gear_life_years
):
    """Yearly depreciation of the {gear} component, for books and for tax: straight line over its
    own life to its residual.
    """
    return (gear_capex_usd_per_rack - gear_residual_usd_per_rack) / gear_life_years


@inner
def gear_left_factor_by_period(calendar, gear_life_years, life_period, periods_per_year, xp):
    """Share of its own life that the {gear} component has left at the end of each period, 1 where
    it has just been replaced.
    """
    lasts = gear_life_years * periods_per_year

    def grow(age, k):
        older = age + xp.where(life_period >= k - 0.5, 1.0, 0.0)
        renewed = (older > lasts - 0.5) & (life_period > k + 0.5)
        age = xp.where(renewed, 0.0, older)
        return (age,), 1.0 - age / lasts

    return xp.scan(grow, (0.0,), calendar.period)


@inner
def gear_renewal_usd_per_rack_by_period(
    gear_capex_usd_per_rack, gear_residual_usd_per_rack, gear_left_factor_by_period, xp
):
    """What replacing the {gear} component costs in each period: the new one less what the old one
    is sold for.
    """
    renewed = gear_left_factor_by_period.map(lambda left: xp.where(left >= 1.0, 1.0, 0.0))
    return flow(gear_capex_usd_per_rack - gear_residual_usd_per_rack, renewed)


@by_year(0)
def gear_value_usd_per_rack(
    gear_capex_usd_per_rack, gear_residual_usd_per_rack, gear_left_factor_by_period, calendar
):
    """Straight-line value of the {gear} component at time 0 and at each year's end, at which it
    could be sold.
    """
    m, left = calendar.periods_per_year, gear_left_factor_by_period.values
    at_ends = (left[min(m * year, len(left)) - 1] for year in range(1, calendar.years + 1))
    worn = gear_capex_usd_per_rack - gear_residual_usd_per_rack
    return Profile(
        (gear_capex_usd_per_rack, *(gear_residual_usd_per_rack + worn * one for one in at_ends))
    )
