"""Hours sold in tranches, default, backstop, prepayment: section 8, the periods in which a customer
may default taken one by one.
"""

import math
from types import SimpleNamespace

from oracle_depreciation import ramped_years
from oracle_scenario import HOURS


def ramp_of(s, k):
    """Mean level of the ramp over period k."""
    start, end = (k - 1) / s.m, k / s.m
    if start >= s.ramp_years:
        return 1.0
    return (ramped_years(end, s.ramp_years) - ramped_years(start, s.ramp_years)) * s.m


def set_fates(s):
    """For each tranche and period 1..N, the probabilities that its customer pays, that its hours
    stand empty, and that others have them.
    """
    for tranche in s.tranches:
        stays = [
            (1 - tranche.default_probability_per_year) ** (k / s.m) for k in range(tranche.term + 1)
        ]  # not yet in default
        defaults = [stays[j - 1] - stays[j] for j in range(1, tranche.term + 1)]
        tranche.fates = []
        for k in range(1, s.N + 1):
            fate = {"paying": 0.0, "empty": 0.0, "others": 0.0}
            for j in range(1, min(k, tranche.term) + 1):
                fate["others" if k >= j + tranche.vacancy else "empty"] += defaults[j - 1]
            fate["paying" if k <= tranche.term else "others"] += stays[min(k, tranche.term)]
            tranche.fates.append(fate)


def merchant_fraction(s):
    """Share of the available hours that no tranche has."""
    return 1 - math.fsum(tranche.hours_fraction for tranche in s.tranches)


def use_of(tranche, utilisation):
    return utilisation if tranche.use_fraction is None else tranche.use_fraction


def shares(tranche, utilisation, ramp):
    """Shares of all available hours that a tranche uses and pays, and that others would use in its
    place.
    """
    used = use_of(tranche, utilisation) * ramp
    return SimpleNamespace(
        used=tranche.hours_fraction * used,
        paid=tranche.hours_fraction * max(used, tranche.take_or_pay_fraction),
        others=tranche.hours_fraction * utilisation * ramp,
    )


def available_in_a_period(s):
    return s.gpu_per_rack * HOURS * s.availability / s.m


def full_payment(s, tranche, k, utilisation):
    """What the contract has due in period k before anything is prepaid."""
    if k > tranche.term:
        return 0.0
    return (
        shares(tranche, utilisation, ramp_of(s, k)).paid
        * available_in_a_period(s)
        * tranche.contract_price_usd_per_gpu_hour
    )


def payment(s, tranche, k, utilisation):
    """What it still has due in period k."""
    return full_payment(s, tranche, k, utilisation) * (1 - tranche.prepayment_fraction)


def prepayment(s, tranche, utilisation):
    return tranche.prepayment_fraction * math.fsum(
        full_payment(s, tranche, k, utilisation) for k in range(1, tranche.term + 1)
    )


def prepaid_net(s, utilisation):
    """What comes at time 0 of all contracts, less overheads."""
    received = math.fsum(prepayment(s, tranche, utilisation) for tranche in s.tranches)
    return received * (1 - s.revenue_overhead_fraction)


def sell(s, k, utilisation, price):
    """Expected in period k: the share of the available hours in use, the GPU-hours that are paid
    for, and revenue.
    """
    available, ramp = available_in_a_period(s), ramp_of(s, k)
    merchant = merchant_fraction(s) * utilisation * ramp
    used, sold, revenue = merchant, merchant * available, merchant * available * price
    for tranche in s.tranches:
        share, fate = shares(tranche, utilisation, ramp), tranche.fates[k - 1]
        used += fate["paying"] * share.used + fate["others"] * share.others
        sold += (fate["paying"] * share.paid + fate["others"] * share.others) * available
        revenue += tranche_revenue(s, tranche, k, utilisation, price)
    return used, sold, revenue


def tranche_revenue(s, tranche, k, utilisation, price):
    due = payment(s, tranche, k, utilisation)
    others = shares(tranche, utilisation, ramp_of(s, k)).others * available_in_a_period(s) * price
    made_good = (
        tranche.recovery_fraction + (1 - tranche.recovery_fraction) * tranche.backstop_fraction
    )
    fate = tranche.fates[k - 1]
    return math.fsum(
        (
            fate["paying"] * due,
            fate["empty"] * made_good * due,
            fate["others"] * (others + made_good * max(0.0, due - others)),
        )
    )


def steady(s, utilisation):
    """Of a year in which all customers pay: the shares of the available hours that are used and
    that are sold, and revenue in USD.
    """
    merchant = merchant_fraction(s) * utilisation
    each = [shares(tranche, utilisation, 1.0) for tranche in s.tranches]
    prices = [tranche.contract_price_usd_per_gpu_hour for tranche in s.tranches]
    paid = merchant * s.price + math.fsum(
        one.paid * price for one, price in zip(each, prices, strict=True)
    )
    return SimpleNamespace(
        used=merchant + math.fsum(one.used for one in each),
        sold=merchant + math.fsum(one.paid for one in each),
        revenue=available_in_a_period(s) * s.m * paid,
    )


def readings(s, tranche):
    """What a lender against the contract loses on default, and the spread that pays for it."""
    h, lgd = (
        tranche.default_probability_per_year,
        (1 - s.lender_recovery_fraction) * (1 - tranche.backstop_fraction),
    )
    spread = (
        None
        if s.debt_rate_per_year is None
        else (1 + s.debt_rate_per_year) * h * lgd / (1 - h * lgd)
    )
    return {"lgd": lgd, **({} if spread is None else {"fair_spread_per_year": spread})}
