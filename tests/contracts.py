"""Racks under contract that tests start from."""

import random

from hypothesis import strategies as st
from racks import changed, reference, small
from strategies import METHODS, between, scenarios

BY_TIME = tuple(method for method in METHODS if method != "units_of_production")
HOURS = 1000 / 8760  # availability with which a GPU offers 1,000 hours a year


def contract(*tranches, years=3, finance=None, **fields):
    """1,000 hours a year for three years at 2 USD, of others 1 USD for all of them; default 10 % a
    year, periods of a year.
    """
    one = {
        "hours_fraction": 1,
        "contract_price_usd_per_gpu_hour": 2,
        "default_probability_per_year": 0.1,
    }
    revenue = {"kind": "contract", "rental_price_usd_per_gpu_hour": 1, "utilisation": 1, **fields}
    revenue["tranches"] = [{**one, **tranche} for tranche in tranches or ({},)]
    rack = {"economic_life_years": years, "availability": HOURS}
    return changed(
        small(hardware=rack, finance={"wacc_per_year": 0.1, **(finance or {})}), revenue=revenue
    )


def in_tranches(*tranches, **changes):
    """The reference project with costs that follow use, its hours sold in tranches at its price."""
    tranches = [{"contract_price_usd_per_gpu_hour": 3.5, **one} for one in tranches]
    tables = reference(
        hardware={"idle_load_fraction": 0.4}, revenue={"kind": "contract", "tranches": tranches}
    )
    return changed(tables, **changes)


@st.composite
def contracts(draw, **options):
    """A random rack whose hours are sold in one to three tranches."""
    tables = draw(scenarios(**{"methods": BY_TIME, "max_life": 4, **options}))
    rng = random.Random(draw(st.integers(0, 2**32 - 1)))
    life, m = tables["hardware"]["economic_life_years"], tables["finance"]["periods_per_year"]
    count = draw(st.integers(1, 3))
    tables["revenue"] |= {
        "kind": "contract",
        "tranches": [_tranche(rng, count, life, m) for _ in range(count)],
    }
    return tables


def _tranche(rng, count, life, m):
    hours = rng.choice((1.0 / count, between(rng, 0.05, 1.0 / count)))
    table = {"hours_fraction": hours, "contract_price_usd_per_gpu_hour": between(rng, 0.5, 8)}
    parts = {
        "contract_term_years": rng.randint(1, round(life * m)) / m,
        "take_or_pay_fraction": rng.choice((0.0, between(rng, 0, 1))),
        "use_fraction": between(rng, 0, 1),
        "default_probability_per_year": between(rng, 0, 0.9),
        "vacancy_years": rng.choice((0.25, 0.5, 1, 2, between(rng, 0, 3))),
        "recovery_fraction": between(rng, 0, 1),
        "backstop_fraction": rng.choice((1.0, between(rng, 0, 1))),
        "prepayment_fraction": between(rng, 0, 1),
    }
    return {**table, **{name: value for name, value in parts.items() if rng.random() < 0.6}}
