"""Cash flow, tax and debt, period by period: section 7."""

import math
from types import SimpleNamespace

from oracle_components import renewals, with_components
from oracle_contract import prepaid_net, sell
from oracle_cost import yearly_costs
from oracle_depreciation import schedule


def year_of(s, k):
    """The operating year of period k, both counted from 1."""
    return (k - 1) // s.m + 1


def operate(s, utilisation, prices):
    """The operating flows of each period 1..N, at a utilisation and a price for each of
    them.
    """
    periods = []
    for k in range(1, s.N + 1):
        y = year_of(s, k)
        used, sold, revenue = sell(s, k, utilisation, prices[k - 1])
        cost = yearly_costs(s, used)
        electricity_growth = (1 + s.electricity_escalation_per_year) ** (y - 1)
        opex_growth = (1 + s.opex_escalation_per_year) ** (y - 1)
        flow = {
            "sold": sold,
            "electricity": cost["electricity"] * electricity_growth / s.m,
            "carbon": cost["carbon"] * opex_growth / s.m,
            "water": cost["water"] * opex_growth / s.m,
            "facility": (cost["facility_running"] * opex_growth + cost["facility_capital"]) / s.m,
            "operations": cost["operations"] * opex_growth / s.m,
        }
        flow["cost"] = (
            flow["electricity"]
            + flow["carbon"]
            + flow["water"]
            + flow["facility"]
            + flow["operations"]
        )
        flow["revenue"] = revenue
        flow["overhead"] = flow["revenue"] * s.revenue_overhead_fraction
        flow["ebitda"] = flow["revenue"] - flow["overhead"] - flow["cost"]
        periods.append(flow)
    return periods


def by_year(s, per_period):
    """Sums of a per-period list (period 1 first) by operating year."""
    return [math.fsum(per_period[(y - 1) * s.m : y * s.m]) for y in range(1, s.Y + 1)]


def set_tax_basis(s):
    """Tax depreciation by operating year, and what the end of life adds to taxable income."""
    fractions = schedule(s, s.tax_depreciation, s.Y)
    s.tax_depreciation_by_year = with_components(s, fractions)
    remaining = s.main_capital * (
        1 - math.fsum(fractions)
    )  # gear with a life of its own is sold at its own basis
    s.gain_at_end = (
        s.main_residual - remaining
        if s.basis_at_disposal == "written_off"
        else s.residual_usd_per_rack
    )


def before_operations(s, utilisation, debt):
    """What comes at time 0 beside the capital, and rent and interest of each period of a delay."""
    year = yearly_costs(s, 0.0)
    rent = (
        (year["facility_running"] + year["facility_capital"]) / s.m if s.rent_during_delay else 0.0
    )
    interest = debt.amount * s.debt_rate_per_year / s.m if debt.amount else 0.0
    return SimpleNamespace(
        received=prepaid_net(s, utilisation), rent=[rent] * s.D, interest=[interest] * s.D
    )


def taxable_income(s, ebitda, debt, before):
    """By operating year, from what falls in each period; what comes before operations counts with
    year 1.
    """
    income = []
    ebitda_by_year, interest_by_year = by_year(s, ebitda), by_year(s, debt.interest)
    for y in range(1, s.Y + 1):
        amount = ebitda_by_year[y - 1] - s.tax_depreciation_by_year[y - 1] - interest_by_year[y - 1]
        if y == 1:
            amount = amount + before.received - math.fsum(before.rent) - math.fsum(before.interest)
        if y == s.Y:
            amount = amount + s.gain_at_end
        income.append(amount)
    return income


def tax(s, income):
    """Tax of each operating year; negative is a refund."""
    if s.loss_treatment == "refund":
        return [s.tax_rate * amount for amount in income]
    taxes, losses = [], 0.0
    for amount in income:
        if amount < 0:
            losses = losses - amount
            taxes.append(0.0)
        else:
            used = min(losses, s.loss_limit_fraction * amount)
            losses = losses - used
            taxes.append(s.tax_rate * (amount - used))
    return taxes


def instalment_dates(s, y):
    """The periods in which the tax of operating year y is paid: the last of each part of the year,
    and the last of the life in a year that it cuts short.
    """
    part = s.m // s.tax_instalments_per_year
    year = range((y - 1) * s.m + 1, min(y * s.m, s.N) + 1)
    return [k for k in year if (k - (y - 1) * s.m) % part == 0 or k == s.N]


def in_instalments(s, yearly):
    """A yearly list as a per-period one: each year's amount in equal parts on its dates."""
    per_period = [0.0] * s.N
    for y, amount in enumerate(yearly, 1):
        dates = instalment_dates(s, y)
        for k in dates:
            per_period[k - 1] = amount / len(dates)
    return per_period


def no_debt(s):
    zeros = [0.0] * s.N
    return SimpleNamespace(
        amount=0.0, interest=zeros, principal=zeros, service=zeros, balance=[0.0] * (s.N + 1)
    )


def cash_for_debt(s, ebitda):
    """What each period 1..N has for debt service before tax: ebitda less gear bought again."""
    return [earned - bought for earned, bought in zip(ebitda, renewals(s), strict=True)]


def size_debt(s, cash):
    """The debt: its amount, and interest, principal and service by period 1..N, and the balance at
    0..N.
    """
    if s.debt_fraction == 0:
        return no_debt(s)
    j, n = s.debt_rate_per_year / s.m, s.tenor_periods
    cap = s.debt_fraction * s.it_capex_usd_per_rack
    amount = cap
    if s.amortisation == "sculpted":
        payments = [max(0.0, cash[k - 1]) / s.target_dscr for k in range(1, n + 1)]
        amount = math.fsum(payments[k - 1] * (1 + j) ** -k for k in range(1, n + 1))
        if amount > cap:
            payments = [payment * (cap / amount) for payment in payments]
            amount = cap
    debt = SimpleNamespace(amount=amount, interest=[], principal=[], service=[], balance=[amount])
    for k in range(1, s.N + 1):
        interest = debt.balance[-1] * j if k <= n else 0.0
        if k > n:
            principal = 0.0
        elif s.amortisation == "level":
            payment = amount / n if j == 0 else amount * j / -math.expm1(-n * math.log1p(j))
            principal = payment - interest
        elif s.amortisation == "straight":
            principal = amount / n
        elif s.amortisation == "bullet":
            principal = amount if k == n else 0.0
        else:
            principal = payments[k - 1] - interest
        debt.interest.append(interest)
        debt.principal.append(principal)
        due = payments[k - 1] if s.amortisation == "sculpted" and k <= n else interest + principal
        debt.service.append(due)
        debt.balance.append(debt.balance[-1] - principal)
    return debt


def after_tax_flows(s, ebitda, debt, before):
    """The flow of each period after tax and debt service, those of a delay first; the residual is
    not in it.
    """
    paid = in_instalments(s, tax(s, taxable_income(s, ebitda, debt, before)))
    meanwhile = [-before.rent[k] - before.interest[k] for k in range(s.D)]
    renewed = renewals(s)
    return meanwhile + [ebitda[k] - renewed[k] - debt.service[k] - paid[k] for k in range(s.N)]


def debt_cover(s, cash, debt, taxes):
    """Cover of each operating year before and after tax (None without service), the least and the
    mean of it, LLCR, PLCR, and the debt's average life; `taxes` by operating year are equity's.
    """
    n, j = s.tenor_periods, s.debt_rate_per_year / s.m if debt.amount else 0.0
    service, paid = by_year(s, debt.service), in_instalments(s, taxes)
    after_tax = [earned - tax for earned, tax in zip(cash, paid, strict=True)]
    answer = {}
    for prefix, per_period in (("", cash), ("after_tax_", after_tax)):
        within = [one if k <= n else 0.0 for k, one in enumerate(per_period, 1)]
        cover = [e / d if d > 0 else None for e, d in zip(by_year(s, within), service, strict=True)]
        some = [one for one in cover if one is not None]
        answer[f"{prefix}dscr_by_year"] = {"index": list(range(1, s.Y + 1)), "values": cover}
        answer[f"{prefix}min_dscr"] = min(some) if some else None
        answer[f"{prefix}mean_dscr"] = math.fsum(some) / len(some) if some else None
    for name, last in (("llcr", n), ("plcr", s.N)):
        worth = math.fsum(cash[k - 1] * (1 + j) ** -k for k in range(1, last + 1))
        answer[name] = worth / debt.amount if debt.amount else None
    weighted = math.fsum(one * k / s.m for k, one in enumerate(debt.principal, 1))
    answer["debt_average_life_years"] = weighted / debt.amount if debt.amount else None
    return answer
