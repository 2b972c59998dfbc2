"""Depreciation schedules: section 6. A schedule is a list of fractions of the basis, one for each
year 1..years; the basis is the capital of the rack less that of gear with a life of its own.
"""

import math

# IRS Publication 946, appendix A, percentages by year.
MACRS = {
    "half_year": {
        3: "33.33 44.45 14.81 7.41",
        5: "20 32 19.20 11.52 11.52 5.76",
        7: "14.29 24.49 17.49 12.49 8.93 8.92 8.93 4.46",
        15: "5 9.50 8.55 7.70 6.93 6.23 5.90 5.90 5.91 5.90 5.91 5.90 5.91 5.90 5.91 2.95",
    },
    "mid_quarter_1": {
        3: "58.33 27.78 12.35 1.54",
        5: "35 26 15.60 11.01 11.01 1.38",
        7: "25 21.43 15.31 10.93 8.75 8.74 8.75 1.09",
        15: "8.75 9.13 8.21 7.39 6.65 5.99 5.90 5.91 5.90 5.91 5.90 5.91 5.90 5.91 5.90 0.74",
    },
    "mid_quarter_2": {
        3: "41.67 38.89 14.14 5.30",
        5: "25 30 18 11.37 11.37 4.26",
        7: "17.85 23.47 16.76 11.97 8.87 8.87 8.87 3.34",
        15: "6.25 9.38 8.44 7.59 6.83 6.15 5.91 5.90 5.91 5.90 5.91 5.90 5.91 5.90 5.91 2.21",
    },
    "mid_quarter_3": {
        3: "25 50 16.67 8.33",
        5: "15 34 20.40 12.24 11.30 7.06",
        7: "10.71 25.51 18.22 13.02 9.30 8.85 8.86 5.53",
        15: "3.75 9.63 8.66 7.80 7.02 6.31 5.90 5.90 5.91 5.90 5.91 5.90 5.91 5.90 5.91 3.69",
    },
    "mid_quarter_4": {
        3: "8.33 61.11 20.37 10.19",
        5: "5 38 22.80 13.68 10.94 9.58",
        7: "3.57 27.55 19.68 14.06 10.04 8.73 8.73 7.64",
        15: "1.25 9.88 8.89 8 7.20 6.48 5.90 5.90 5.90 5.91 5.90 5.91 5.90 5.91 5.90 5.17",
    },
}


def schedule(s, method, years):
    """Fractions of the basis for years 1..years; `method` is a table of section 6, or None for the
    default.
    """
    if method is None:
        fractions = default(s, years)
    else:
        fractions = METHODS[method["method"]](s, method, years)
    return (fractions + [0.0] * years)[:years]


def share_of_year(y, life):
    """How much of year y, the interval [y - 1, y], lies within [0, life]."""
    return max(0.0, min(y, life) - (y - 1))


def default(s, years):
    yearly = (
        (s.main_capital - s.main_residual) / s.L / s.main_capital if s.main_capital > 0 else 0.0
    )
    return [yearly * share_of_year(y, s.L) for y in range(1, years + 1)]


def straight_line(s, method, years):
    life, salvage = method["life_years"], method.get("salvage_fraction", 0.0)
    return [(1 - salvage) / life * share_of_year(y, life) for y in range(1, years + 1)]


def sum_of_years(s, method, years):
    life, salvage = method["life_years"], method.get("salvage_fraction", 0.0)
    weights = [(life - (y - 1)) * share_of_year(y, life) for y in range(1, math.ceil(life) + 1)]
    return [weight / sum(weights) * (1 - salvage) for weight in weights]


def units_of_production(s, method, years):
    life, salvage = method["life_years"], method.get("salvage_fraction", 0.0)
    if s.utilisation * s.availability == 0:
        return straight_line(s, method, years)

    def sold(t):
        return ramped_years(min(t, life), s.ramp_years)

    return [(sold(y) - sold(y - 1)) / sold(life) * (1 - salvage) for y in range(1, years + 1)]


def ramped_years(t, ramp):
    """Years' worth of full-level selling in the first t years, the level rising linearly from 0
    over `ramp` years.
    """
    return t - ramp / 2 if t >= ramp else t**2 / (2 * ramp)


def declining_balance(s, method, years):
    life, salvage, factor = (
        method["life_years"],
        method.get("salvage_fraction", 0.0),
        method["factor"],
    )
    book, fractions = 1.0, []
    for y in range(1, years + 1):
        share = share_of_year(y, life)
        amount = book * factor / life * share
        if method.get("switch", False) and share > 0:
            amount = max(amount, (book - salvage) / (life - (y - 1)) * share)
        amount = max(0.0, min(amount, book - salvage))
        fractions.append(amount)
        book = book - amount
    return fractions


def macrs(s, method, years):
    convention = method.get("convention", "half_year")
    return [float(percent) / 100 for percent in MACRS[convention][method["recovery_years"]].split()]


def bonus(s, method, years):
    then = schedule(s, method["then"], years)
    fractions = [(1 - method["fraction"]) * fraction for fraction in then]
    fractions[0] = fractions[0] + method["fraction"]
    return fractions


def custom(s, method, years):
    return list(method["schedule"])


METHODS = {
    "straight_line": straight_line,
    "sum_of_years": sum_of_years,
    "units_of_production": units_of_production,
    "declining_balance": declining_balance,
    "macrs": macrs,
    "bonus": bonus,
    "custom": custom,
}


def values_by_year(basis, fractions):
    """Value at the end of years 0..len(fractions), before any write-off."""
    return [basis * (1 - math.fsum(fractions[:y])) for y in range(len(fractions) + 1)]
