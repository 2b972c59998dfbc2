"""What a series of flows returns: NPV, IRR, MIRR, paybacks, multiple. Section 7.

A series is an outlay at time 0 (positive), a flow for each period from then on, those of a delay
first, and a residual at the end of the last.
"""

import math

from oracle_roots import internal_rate


def date_of(s, k):
    """When the flows of period k stand, in years."""
    return (k - 0.5) / s.m if s.timing == "mid" else k / s.m


def present_value(s, flows, rate):
    """Worth at time 0 of flows by period."""
    return math.fsum(flow * (1 + rate) ** -date_of(s, k) for k, flow in enumerate(flows, 1))


def at_end(s, rate):
    """Worth at time 0 of 1 USD at the end of the life."""
    return (1 + rate) ** -end_of(s)


def end_of(s):
    """When the life ends, in years."""
    return (s.D + s.N) / s.m


def net_present_value(s, outlay, flows, residual, rate):
    return -outlay + present_value(s, flows, rate) + residual * at_end(s, rate)


def dated(s, outlay, flows, residual):
    """{half-periods from time 0: amount}: what falls on one date is one flow."""
    series = {0: -outlay}
    for k, flow in enumerate(flows, 1):
        series[2 * k - 1 if s.timing == "mid" else 2 * k] = flow
    last = 2 * (s.D + s.N)
    series[last] = series.get(last, 0.0) + residual
    return series


def modified_rate(s, series, rate):
    """MIRR a year, reinvesting and financing at the same rate."""
    gained = math.fsum(
        f * (1 + rate) ** (end_of(s) - step / (2 * s.m)) for step, f in series.items() if f > 0
    )
    spent = -math.fsum(f * (1 + rate) ** (-step / (2 * s.m)) for step, f in series.items() if f < 0)
    if spent == 0:
        return None
    return (gained / spent) ** (1 / end_of(s)) - 1


def multiple(series):
    gained = math.fsum(f for f in series.values() if f > 0)
    spent = -math.fsum(f for f in series.values() if f < 0)
    return gained / spent if spent > 0 else None


def payback(s, outlay, flows, residual):
    """Years after which the sum of flows stays at or above 0, each flow spread evenly over its
    period and the residual a lump at the end. None where it ends below 0, or nothing is ever paid.
    """
    if outlay <= 0 and min(flows) >= 0:
        return None
    sums = [-outlay]
    for flow in flows:
        sums.append(sums[-1] + flow)
    if sums[-1] + residual < 0:
        return None
    if sums[-1] < 0:
        return end_of(s)
    below = [k for k, total in enumerate(sums) if total < 0]
    if not below:
        return 0.0
    last = below[-1]
    return (last - sums[last] / flows[last]) / s.m


def returns(s, prefix, outlay, flows, residual, rate):
    """The six returns of section 7, and how many roots the IRR's equation has."""
    series = dated(s, outlay, flows, residual)
    if s.timing == "end":
        irr, _, roots = internal_rate({step // 2: f for step, f in series.items()}, s.m)
    else:
        irr, _, roots = internal_rate(series, 2 * s.m)
    discounted = [flow * (1 + rate) ** -date_of(s, k) for k, flow in enumerate(flows, 1)]
    return {
        f"{prefix}npv_usd_per_rack": net_present_value(s, outlay, flows, residual, rate),
        f"{prefix}irr_per_year": irr,
        f"{prefix}irr_root_count": roots,
        f"{prefix}mirr_per_year": modified_rate(s, series, rate),
        f"{prefix}payback_years": payback(s, outlay, flows, residual),
        f"{prefix}discounted_payback_years": payback(
            s, outlay, discounted, residual * at_end(s, rate)
        ),
        f"{prefix}moic": multiple(series),
    }
