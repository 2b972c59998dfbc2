"""Breakeven utilisations, prices and probabilities of default: sections 5 and 8, and what a
backstop and a delay are worth.
"""

import copy
import math

from oracle_cashflow import after_tax_flows, before_operations, no_debt, operate
from oracle_contract import set_fates, steady
from oracle_cost import available_gpu_hours, yearly_costs
from oracle_returns import net_present_value

HALVES = [k / 32 for k in range(33)]
CASH = ("electricity", "carbon", "water", "facility_running", "operations")


def steady_breakevens(s, book_depreciation_year_1, interest_year_1):
    """Cash and accounting breakeven of the steady year: fixed / (price * (1 - overhead) * available
    - variable); under contract the root of the same profit, which need not be a line.
    """
    idle, full = yearly_costs(s, 0.0), yearly_costs(s, 1.0)
    fixed = sum(idle[part] for part in CASH)
    variable = sum(full[part] - idle[part] for part in CASH)
    margin = s.price * (1 - s.revenue_overhead_fraction) * available_gpu_hours(s) - variable
    also_fixed = idle["facility_capital"] + book_depreciation_year_1 + interest_year_1
    if s.tranches:

        def profit(utilisation, deducted):
            year, overhead = steady(s, utilisation), s.revenue_overhead_fraction
            return year.revenue * (1 - overhead) - fixed - variable * year.used - deducted

        return {
            f"{kind}_breakeven_utilisation": first_root(
                lambda u, deducted=deducted: profit(u, deducted), HALVES
            )
            for kind, deducted in (("cash", 0.0), ("accounting", also_fixed))
        }
    return {
        "cash_breakeven_utilisation": within_0_and_1(fixed / margin) if margin > 0 else None,
        "accounting_breakeven_utilisation": within_0_and_1((fixed + also_fixed) / margin)
        if margin > 0
        else None,
    }


def within_0_and_1(utilisation):
    return utilisation if 0 <= utilisation <= 1 else None


def worth(s, utilisation, prices, loan, rate):
    ebitda = [period["ebitda"] for period in operate(s, utilisation, prices)]
    before = before_operations(s, utilisation, loan)
    flows = after_tax_flows(s, ebitda, loan, before)
    outlay = s.it_capex_usd_per_rack - loan.amount - before.received
    return net_present_value(s, outlay, flows, s.residual_usd_per_rack, rate)


def project_worth(s):
    return worth(s, s.utilisation, s.prices, no_debt(s), s.wacc_per_year)


def varied(s, **fields):
    """The same scenario with fields of all its tranches changed."""
    other = copy.copy(s)
    other.tranches = [copy.copy(tranche) for tranche in s.tranches]
    for tranche in other.tranches:
        vars(tranche).update(fields)
    set_fates(other)
    return other


def default_breakeven(s):
    """A probability of default below 1, the same for all tranches, at which the project's NPV falls
    to 0; None where it does not: it may rise, for others may pay more than the contract does.
    """

    def value(probability):
        return -project_worth(varied(s, default_probability_per_year=probability))

    return first_root(value, [0.0, math.nextafter(1.0, 0.0)])


def backstop_value(s):
    return project_worth(s) - project_worth(varied(s, backstop_fraction=0.0))


def cost_of_delay(s):
    """USD a month."""
    if s.D == 0:
        return None
    prompt = copy.copy(s)
    prompt.D = 0
    return (project_worth(prompt) - project_worth(s)) / (12 * s.delay_years)


def value_breakevens(s, debt):
    """Where the project's NPV is 0 at the WACC, and the equity's at the cost of equity, the debt
    held as it is.
    """
    found = {}
    for prefix, loan, rate in (
        ("", no_debt(s), s.wacc_per_year),
        ("equity_", debt, s.cost_of_equity_per_year),
    ):

        def value_at_utilisation(u, loan=loan, rate=rate):
            return worth(s, u, s.prices, loan, rate)

        def value_at_price(p, loan=loan, rate=rate):
            return worth(s, s.utilisation, [p * factor for factor in s.price_shape], loan, rate)

        found[f"{prefix}breakeven_utilisation"] = utilisation_root(s, value_at_utilisation)
        found[f"{prefix}breakeven_price_usd_per_gpu_hour"] = (
            None if s.price_shape is None else price_root(s, value_at_price)
        )
    return found


def utilisation_root(s, value):
    if is_line(s):
        root = root_of_line(value)
        return None if root is None else within_0_and_1(root)
    return first_root(value, HALVES)


def price_root(s, value):
    if is_line(s):
        root = root_of_line(value)
        return root if root is not None and root >= 0 else None
    return first_root(value, [0.0] + [2.0**k for k in range(-6, 41)])


def is_line(s):
    """Losses carried forward bend what a project is worth; so does a contract that pays hours
    unused, or makes good what is missing.
    """
    return s.loss_treatment == "refund" and not s.tranches


def root_of_line(value):
    """Where a rising straight line crosses 0."""
    at_0 = value(0.0)
    slope = value(1.0) - at_0
    return -at_0 / slope if slope > 0 else None


def first_root(value, points):
    """The lowest x among the points' intervals at which a value below 0 rises to 0, by halving down
    to the last bit. None if it is above 0 at the first point (it pays even unsold) or below at all
    of them.
    """
    low = points[0]
    if value(low) >= 0:
        return low if value(low) == 0 else None
    for high in points[1:]:
        if value(high) >= 0:
            break
        low = high
    else:
        return None
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return high
        if value(middle) >= 0:
            high = middle
        else:
            low = middle
