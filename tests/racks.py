"""Scenarios that tests start from, and short ways to ask for an answer."""

import copy
import tomllib
from pathlib import Path

import pytest

from economics import Problem, quote

# A job on 1,024 GPUs that stops every 25.8 hours and loses 1.5 hours each time.
JOB = {"mtbf_gpu_hour": 26_446, "job_gpu": 1_024, "hours_lost_per_interruption": 1.5}
# The choices of `reference`.
CHOICES = {
    "facility": "colocation",
    "revenue": "rental",
    "timing": "end",
    "price": "decline",
    "reading": "some",
    "load": "by_use",
    "amortisation": "level",
    "loss_treatment": "refund",
    "basis_at_disposal": "written_off",
    "book_depreciation": "default",
    "tax_depreciation": "default",
}
# A delay of two years, without and with rent, and what there is to pay for.
LATE = {"delay_years": 2}
RENTED = {"delay_years": 2, "rent_during_delay": True}
SPACE = {"colocation_price_usd_per_kw_month": 1}
# A price by part.
SPLIT = {
    "server_price_usd_per_rack": 0,
    "gpu_price_usd_per_gpu": 60,
    "network_price_usd_per_gpu": 40,
}


def changed(tables, **changes):
    """The tables with {table: {field: value}} on top; None takes a field out."""
    tables = copy.deepcopy(tables)
    for table, fields in changes.items():
        if not isinstance(fields, dict):
            tables[table] = fields
            continue
        inside = {**tables.get(table, {}), **fields}
        tables[table] = {field: value for field, value in inside.items() if value is not None}
    return tables


def case(name, **changes):
    """A scenario of tests/cases."""
    path = Path(__file__).parent / "cases" / f"{name}.toml"
    return changed(tomllib.loads(path.read_text()), **changes)


def reference(**changes):
    """72 GPUs for 4,000,000 USD, 132 kW, five years, yearly periods: NPV 964,535.658394 USD."""
    tables = {
        "hardware": {
            "gpu_per_rack": 72,
            "server_price_usd_per_rack": 4e6,
            "it_load_kw_per_rack": 132,
            "economic_life_years": 5,
        },
        "facility": {"kind": "colocation", "colocation_price_usd_per_kw_month": 0, "pue": 1.25},
        "power": {"electricity_price_usd_per_kwh": 0.08},
        "operations": {"other_cost_usd_per_rack_year": 120_000},
        "finance": {"wacc_per_year": 0.10, "periods_per_year": 1},
        "revenue": {"kind": "rental", "rental_price_usd_per_gpu_hour": 3.5, "utilisation": 0.7},
    }
    return changed(tables, **changes)


def small(**changes):
    """One GPU that costs 100 and earns 40 a year for four years; nothing is paid, discounted or
    taxed.
    """
    tables = {
        "hardware": {
            "gpu_per_rack": 1,
            "server_price_usd_per_rack": 100,
            "it_load_kw_per_rack": 0,
            "economic_life_years": 4,
        },
        "facility": {"kind": "colocation", "colocation_price_usd_per_kw_month": 0, "pue": 1},
        "power": {"electricity_price_usd_per_kwh": 0},
        "finance": {"wacc_per_year": 0.0, "periods_per_year": 1},
        "revenue": {"kind": "rental", "rental_price_usd_per_gpu_hour": 40 / 8760, "utilisation": 1},
    }
    return changed(tables, **changes)


def plain_server(**changes):
    """Eight GPUs for 300,000 USD in rented space, by the month, taxed: an IRR of 18 %."""
    return case("plain-server", **changes)


def late(**changes):
    """100 of capital, 40 a year for four years, after a delay of two."""
    return changed(small(operations=LATE, finance={"wacc_per_year": 0.1}), **changes)


def with_network(years, **changes):
    """GPUs for 60 and a network for 40 that lasts `years`, 40 a year for four years."""
    tables = small(hardware={**SPLIT, "network_life_years": years})
    return changed(tables, **changes)


def asked(tables, *targets):
    """The answers to targets, by name."""
    return quote(tables, targets).quantities


def value(tables, target):
    """One number, or None."""
    return asked(tables, target)[target].value


def values(tables, target):
    """One number a year."""
    return asked(tables, target)[target].values


def status(tables, target):
    """Why a target has no value, or "ok"."""
    return asked(tables, target)[target].status


def refused(changes, *targets):
    """The problem with a changed reference project that is asked for targets."""
    with pytest.raises(Problem) as caught:
        asked(reference(**changes), *targets)
    return caught.value


def with_other_numbers(tables, chance):
    """The tables, real numbers but years moved a little, or made 0 or 1."""
    if isinstance(tables, dict):
        return {
            name: one if name.endswith("_years") else with_other_numbers(one, chance)
            for name, one in tables.items()
        }
    if not isinstance(tables, float):
        return tables
    return chance.choice((*(tables * factor for factor in (1.0, 0.99, 0.98, 0.9) * 3), 0.0, 1.0))
