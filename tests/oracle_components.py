"""Gear with a life of its own: host, network and storage, each charged, written off and bought
again over its own life.
"""

from types import SimpleNamespace

from oracle_depreciation import share_of_year
from oracle_scenario import whole_periods


def set_components(s):
    """Each gear whose life is stated, and what is left of the rack without it: capital and residual
    of the main part.
    """
    prices = {
        "server": s.server_price_usd_per_rack,
        "network": s.network_price_usd_per_gpu * s.gpu_per_rack,
        "storage": s.storage_price_usd_per_gpu * s.gpu_per_rack,
    }
    s.components = []
    for name, price in prices.items():
        life = getattr(s, f"{name}_life_years")
        if life is not None:
            capital = price * (1 + s.spare_fraction) * (1 + s.installation_fraction)
            s.components.append(
                SimpleNamespace(
                    name=name,
                    life=life,
                    price=price,
                    capital=capital,
                    residual=s.residual_fraction * price,
                )
            )
    main_price = s.equipment_price_usd_per_rack - sum(c.price for c in s.components)
    s.main_capital = main_price * (1 + s.spare_fraction) * (1 + s.installation_fraction)
    s.main_residual = s.residual_fraction * main_price


def worth_at(c, age):
    """Straight-line value of one at an age."""
    return c.residual + (c.capital - c.residual) * (1 - age / c.life)


def worth_after(s, c, k):
    """Of the one in service after period k; a new one if the old one's life ends then."""
    return worth_at(c, k % whole_periods(c.life, s.m, c.name) / s.m)


def worth_at_end(s, c):
    """Of the one in service when the life of the rack ends; nothing is bought any more."""
    return worth_at(c, ((s.N - 1) % whole_periods(c.life, s.m, c.name) + 1) / s.m)


def renewals(s):
    """What is paid in each period 1..N for gear bought again, less what the old brings."""
    paid = [0.0] * s.N
    for c in s.components:
        periods = whole_periods(c.life, s.m, c.name)
        for k in range(periods, s.N, periods):
            paid[k - 1] += c.capital - c.residual
    return paid


def depreciation(s, y):
    """Of all gear in operating year y."""
    return sum((c.capital - c.residual) / c.life * share_of_year(y, s.L) for c in s.components)


def with_components(s, basis_fractions):
    """Depreciation by operating year, the main part's by its schedule."""
    return [
        s.main_capital * fraction + depreciation(s, y)
        for y, fraction in enumerate(basis_fractions, 1)
    ]


def values_by_year(s, main_values):
    """The main part's values at the end of years 0..L with those of the gear."""
    ends = [worth_at_end(s, c) for c in s.components]
    values = [
        value + sum(worth_after(s, c, y * s.m) for c in s.components)
        for y, value in enumerate(main_values)
    ]
    return [*values[:-1], main_values[-1] + sum(ends)]
