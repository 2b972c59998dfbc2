"""Breakeven utilisations and prices: section 5."""

from oracle_cashflow import after_tax_flows, no_debt, operate
from oracle_cost import available_gpu_hours, yearly_costs
from oracle_returns import net_present_value

CASH = ("electricity", "carbon", "water", "facility_running", "operations")


def steady_breakevens(s, book_depreciation_year_1, interest_year_1):
    """Cash and accounting breakeven of the steady year: fixed / (price * (1 - overhead) * available - variable)."""
    idle, full = yearly_costs(s, 0.0), yearly_costs(s, 1.0)
    fixed = sum(idle[part] for part in CASH)
    variable = sum(full[part] - idle[part] for part in CASH)
    margin = s.price * (1 - s.revenue_overhead_fraction) * available_gpu_hours(s) - variable
    also_fixed = idle["facility_capital"] + book_depreciation_year_1 + interest_year_1
    return {
        "cash_breakeven_utilisation": within_0_and_1(fixed / margin) if margin > 0 else None,
        "accounting_breakeven_utilisation": within_0_and_1((fixed + also_fixed) / margin) if margin > 0 else None,
    }


def within_0_and_1(utilisation):
    return utilisation if 0 <= utilisation <= 1 else None


def value_breakevens(s, debt):
    """Where the project's NPV is 0 at the WACC, and the equity's at the cost of equity, the debt held as it is."""
    found = {}
    for prefix, loan, rate in (("", no_debt(s), s.wacc_per_year), ("equity_", debt, s.cost_of_equity_per_year)):

        def value(utilisation, prices, loan=loan, rate=rate):
            ebitda = [period["ebitda"] for period in operate(s, utilisation, prices)]
            flows = after_tax_flows(s, ebitda, loan)
            return net_present_value(s, s.it_capex_usd_per_rack - loan.amount, flows, s.residual_usd_per_rack, rate)

        def value_at_utilisation(u, value=value):
            return value(u, s.prices)

        def value_at_price(p, value=value):
            return value(s.utilisation, [p * factor for factor in s.price_shape])

        found[f"{prefix}breakeven_utilisation"] = utilisation_root(s, value_at_utilisation)
        found[f"{prefix}breakeven_price_usd_per_gpu_hour"] = None if s.price_shape is None else price_root(s, value_at_price)
    return found


def utilisation_root(s, value):
    if s.loss_treatment == "refund":
        root = root_of_line(value)
        return None if root is None else within_0_and_1(root)
    if value(0.0) > 0:  # profit even unsold
        return None
    return first_root(value, [k / 32 for k in range(33)])


def price_root(s, value):
    if s.loss_treatment == "refund":
        root = root_of_line(value)
        return root if root is not None and root >= 0 else None
    if value(0.0) > 0:
        return None
    return first_root(value, [0.0] + [2.0**k for k in range(-6, 41)])


def root_of_line(value):
    """Where a rising straight line crosses 0."""
    at_0 = value(0.0)
    slope = value(1.0) - at_0
    return -at_0 / slope if slope > 0 else None


def first_root(value, points):
    """The lowest x among the points' intervals at which a value below 0 rises to 0, by halving down to the last bit."""
    low = points[0]
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
