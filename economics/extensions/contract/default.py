"""When a customer may default: how likely it still pays, and how long its hours stand empty."""

from kernels.language.node import inner

NEAR = 1e-6  # of a period


@inner
def vacancy_period(calendar, vacancy_years, periods_per_year, xp):
    """Whole periods that hours stand empty after a default, begun ones included."""

    def begun(count, k):
        return (count + xp.where(vacancy_years * periods_per_year > k - 1.0 + NEAR, 1.0, 0.0),)

    return xp.fold(begun, (0.0,), calendar.period)[0]


@inner
def term_factor_by_period(calendar, contract_term_years, periods_per_year, xp):
    """1 in the periods of the contract's term, else 0."""
    return calendar.period.map(
        lambda k: xp.where(contract_term_years * periods_per_year >= k - 0.5, 1.0, 0.0)
    )


@inner
def paying_factor_by_period(
    calendar, default_probability_per_year, contract_term_years, periods_per_year, xp
):
    """Probability that the customer has not defaulted by the end of each period, nor by that of the
    term.
    """

    def paying(k):
        return xp.compound(
            -1.0 * default_probability_per_year,
            xp.minimum(k / periods_per_year, contract_term_years),
        )

    return calendar.period.map(paying)


@inner
def held_factor_by_period(
    calendar,
    default_probability_per_year,
    contract_term_years,
    vacancy_period,
    periods_per_year,
    xp,
):
    """Probability of each period that no default lies so far back that the hours have been sold to
    others.
    """

    def held(k):
        since_years = xp.maximum((k - vacancy_period) / periods_per_year, 0.0)
        return xp.compound(
            -1.0 * default_probability_per_year, xp.minimum(since_years, contract_term_years)
        )

    return calendar.period.map(held)


@inner
def vacant_factor_by_period(paying_factor_by_period, held_factor_by_period):
    """Probability of each period that the customer has defaulted and the hours stand empty."""
    return held_factor_by_period - paying_factor_by_period


@inner
def resold_factor_by_period(term_factor_by_period, held_factor_by_period, vacant_factor_by_period):
    """Probability of each period that the hours are sold to others: after a default, or after the
    term.
    """
    return term_factor_by_period * (1.0 - held_factor_by_period) + (1.0 - term_factor_by_period) * (
        1.0 - vacant_factor_by_period
    )
