"""Random valid scenarios, as nested tables of plain numbers and words.

    @given(scenarios())
    def test_law(scenario): ...

What changes a scenario's structure (facility, periods, life, methods, loan, which optional parts
are on) is drawn by hypothesis and shrinks: to a colocated rack with yearly periods, a life of one
year and every optional part off. The magnitudes come from one drawn seed, so that a draw stays
cheap.
"""

import random

from hypothesis import strategies as st

FACILITIES = ("colocation", "owned", "orbital")
LOSSES = ("refund", "carry_forward")
AMORTISATIONS = ("none", "level", "straight", "bullet", "sculpted")
METHODS = (
    "default",
    "straight_line",
    "sum_of_years",
    "units_of_production",
    "declining_balance",
    "macrs",
    "bonus",
    "custom",
)
CONVENTIONS = ("half_year", "mid_quarter_1", "mid_quarter_2", "mid_quarter_3", "mid_quarter_4")
GEAR = ("server", "network", "storage")
# Optional parts of a scenario: each is on in about half of the draws.
PARTS = (
    "availability",
    "capex_extras",
    "carbon",
    "cost_of_equity",
    "decline",
    "demand_charge",
    "electricity_escalation",
    "idle",
    "opex_escalation",
    "overhead",
    "path",
    "provision",
    "ramp",
    "residual",
    "running_costs",
    "server_price",
    "tax",
    "wacc",
    "water",
)


@st.composite
def scenarios(
    draw,
    *,
    whole_years=True,
    max_life=8,
    facilities=FACILITIES,
    periods=(1, 4, 12),
    timings=("end", "mid"),
    losses=LOSSES,
    amortisations=AMORTISATIONS,
    methods=METHODS,
    without=(),
):
    """A rented rack. `whole_years=False`: lives (of a year and more) in whole periods; `without`:
    names in PARTS that stay off.
    """
    rng = random.Random(draw(st.integers(0, 2**32 - 1)))
    mask = draw(st.integers(0, 2 ** len(PARTS) - 1))
    parts = {part for bit, part in enumerate(PARTS) if mask >> bit & 1} - set(without)
    m = draw(st.sampled_from(periods))
    n = draw(st.integers(1, max_life)) * m if whole_years else draw(st.integers(m, max_life * m))
    kind = draw(st.sampled_from(facilities))
    amortisation = draw(st.sampled_from(amortisations))
    tenor = draw(st.none() | st.integers(1, n)) if amortisation != "none" else None
    finance = {
        "periods_per_year": m,
        "timing": draw(st.sampled_from(timings)),
        **rates(rng, parts),
        **taxes(rng, parts, draw(st.sampled_from(losses))),
        **loan(rng, amortisation, None if tenor is None else tenor / m),
    }
    for field in ("book_depreciation", "tax_depreciation"):
        method = draw(st.sampled_from(methods))
        if method != "default":
            finance[field] = depreciation(rng, method)
    rack = hardware(rng, parts, n // m if n % m == 0 else n / m)
    scenario = {
        "model": "rack",
        "hardware": rack,
        "facility": facility(rng, parts, kind),
        "operations": operations(rng, parts, rack["gpu_per_rack"]),
        "finance": finance,
        "revenue": revenue(rng, parts, -(-n // m), rack),
    }
    if kind != "orbital":
        scenario["power"] = power(rng, parts)
    return scenario


@st.composite
def late(draw, racks):
    """Racks that begin to work up to two years after they are paid."""
    tables = draw(racks)
    m = tables["finance"]["periods_per_year"]
    delay = {
        "delay_years": draw(st.integers(0, 2 * m)) / m,
        "rent_during_delay": draw(st.booleans()),
    }
    return {**tables, "operations": {**tables["operations"], **delay}}


@st.composite
def renewed(draw, racks):
    """Racks with gear that has a life of its own: from one period to a year more than the
    rack's.
    """
    tables = draw(racks)
    rack, m = tables["hardware"], tables["finance"]["periods_per_year"]
    longest = round(rack["economic_life_years"] * m) + m
    prices = {
        "server_price_usd_per_rack": 5e3 * rack["gpu_per_rack"],
        "network_price_usd_per_gpu": 3e3,
        "storage_price_usd_per_gpu": 1e3,
    }
    lives = {
        f"{gear}_life_years": draw(st.integers(1, longest)) / m
        for gear in GEAR
        if draw(st.booleans())
    }
    return {**tables, "hardware": {**prices, **rack, **lives}}


def between(rng, low, high):
    """A number in [low, high], to four digits, as a person would type it."""
    return float(f"{rng.uniform(low, high):.4g}")


def hardware(rng, parts, life):
    gpus = rng.choice((1, 4, 8, 16, 32, 64, 72, 144))
    table = {
        "gpu_per_rack": gpus,
        "gpu_price_usd_per_gpu": between(rng, 5e3, 6e4),
        "it_load_kw_per_rack": between(rng, 0.5 * gpus, 2.5 * gpus),
        "economic_life_years": life,
    }
    if "server_price" in parts:
        table["server_price_usd_per_rack"] = between(rng, 1e3 * gpus, 1e4 * gpus)
    if "capex_extras" in parts:
        table["network_price_usd_per_gpu"] = between(rng, 500, 6e3)
        table["storage_price_usd_per_gpu"] = between(rng, 100, 2e3)
        table["spare_fraction"] = between(rng, 0.01, 0.1)
        table["installation_fraction"] = between(rng, 0.01, 0.15)
        table["rack_count"] = rng.randint(1, 2000)
    if "idle" in parts:
        table["idle_load_fraction"] = between(rng, 0.1, 0.9)
    if "availability" in parts:
        table["availability"] = between(rng, 0.8, 1.0)
    if "residual" in parts:
        table["residual_fraction"] = between(rng, 0.01, 0.4)
    return table


def facility(rng, parts, kind):
    if kind == "orbital":
        return {
            "kind": "orbital",
            "satellite_mass_kg_per_kw": between(rng, 3, 30),
            "launch_price_usd_per_kg": between(rng, 50, 2e3),
            "satellite_price_usd_per_kw": between(rng, 0, 2e4),
            "satellite_life_years": rng.choice((3, 5, 5.5, 8, 15)),
        }
    table = {"kind": kind, "pue": between(rng, 1.03, 1.8)}
    if "provision" in parts:
        table["provision_factor"] = between(rng, 1.0, 1.4)
    if kind == "colocation":
        table["colocation_price_usd_per_kw_month"] = between(rng, 0, 250)
    else:
        table["facility_capex_usd_per_kw"] = between(rng, 5e3, 2e4)
        table["facility_life_years"] = rng.choice((10, 15, 17.5, 20, 25))
        table["facility_opex_usd_per_kw_year"] = between(rng, 0, 600)
    return table


def power(rng, parts):
    table = {"electricity_price_usd_per_kwh": between(rng, 0.02, 0.3)}
    if "demand_charge" in parts:
        table["demand_charge_usd_per_kw_month"] = between(rng, 2, 25)
    if "electricity_escalation" in parts:
        table["electricity_escalation_per_year"] = between(rng, -0.05, 0.12)
    if "carbon" in parts:
        table["carbon_intensity_kg_per_kwh"] = between(rng, 0.02, 0.9)
        table["carbon_price_usd_per_kg"] = between(rng, 0.01, 0.2)
    if "water" in parts:
        table["water_use_l_per_kwh"] = between(rng, 0.1, 3)
        table["water_price_usd_per_l"] = between(rng, 0.0005, 0.01)
    return table


def operations(rng, parts, gpus):
    table = {}
    if "running_costs" in parts:
        table["maintenance_fraction_per_year"] = between(rng, 0, 0.06)
        table["insurance_fraction_per_year"] = between(rng, 0, 0.01)
        table["property_tax_fraction_per_year"] = between(rng, 0, 0.02)
        table["staff_cost_usd_per_rack_year"] = between(rng, 0, 1e3 * gpus)
        table["software_cost_usd_per_gpu_year"] = between(rng, 0, 2e3)
        table["other_cost_usd_per_rack_year"] = between(rng, 0, 500 * gpus)
    if "overhead" in parts:
        table["revenue_overhead_fraction"] = between(rng, 0.01, 0.3)
    if "opex_escalation" in parts:
        table["opex_escalation_per_year"] = between(rng, -0.03, 0.08)
    return table


def rates(rng, parts):
    table = {
        "wacc_per_year": between(rng, 0.02, 0.25) if "wacc" in parts else rng.choice((0.0, 0.1))
    }
    if "cost_of_equity" in parts:
        table["cost_of_equity_per_year"] = between(rng, 0.03, 0.35)
    return table


def taxes(rng, parts, losses):
    if "tax" not in parts:
        return {}
    table = {
        "tax_rate": between(rng, 0.05, 0.4),
        "basis_at_disposal": rng.choice(("written_off", "lost")),
        "loss_treatment": losses,
    }
    if losses == "carry_forward":
        table["loss_limit_fraction"] = rng.choice((1.0, 0.8, between(rng, 0.1, 0.95)))
    return table


def loan(rng, amortisation, tenor):
    if amortisation == "none":
        return {}
    table = {
        "amortisation": amortisation,
        "debt_rate_per_year": rng.choice((0.0, between(rng, 0.02, 0.16), between(rng, 0.02, 0.16))),
    }
    if tenor is not None:
        table["debt_tenor_years"] = tenor
    if amortisation == "sculpted":
        table["target_dscr"] = between(rng, 1.1, 2.5)
    if amortisation != "sculpted" or rng.random() < 0.7:
        table["debt_fraction"] = between(rng, 0.1, 0.9)
    return table


def depreciation(rng, method):
    """One table of section 6."""
    table = {"method": method}
    if method == "macrs":
        return {
            **table,
            "recovery_years": rng.choice((3, 5, 7, 15)),
            "convention": rng.choice(CONVENTIONS),
        }
    if method == "bonus":
        then = depreciation(rng, rng.choice(("macrs", "straight_line", "custom")))
        return {**table, "fraction": rng.choice((0.4, 0.6, 1.0)), "then": then}
    if method == "custom":
        return {**table, "schedule": [rng.randint(0, 8) / 64 for _ in range(rng.randint(1, 8))]}
    table["life_years"] = rng.choice((1, 2, 3, 4, 5, 6, 10, 2.5, 4.25, 6.75))
    table["salvage_fraction"] = rng.choice((0.0, 0.0, between(rng, 0.01, 0.3)))
    if method == "declining_balance":
        table["factor"] = rng.choice((1.0, 1.5, 2.0, between(rng, 0.5, 3)))
        table["switch"] = rng.random() < 0.5
    return table


def revenue(rng, parts, years, hardware):
    """Prices from a half to five times what earns the GPU back in its life at 70 % utilisation,
    with 0.5 USD of other costs.
    """
    earns_back = (
        hardware["gpu_price_usd_per_gpu"] / (hardware["economic_life_years"] * 8760 * 0.7) + 0.5
    )
    price = between(rng, min(earns_back, 4) / 2, min(earns_back, 4) * 5)
    table = {
        "kind": "rental",
        "rental_price_usd_per_gpu_hour": price,
        "utilisation": between(rng, 0.05, 1.0),
    }
    if "path" in parts:  # year 1 stands in the path as well as in the field
        table["price_path_usd_per_gpu_hour"] = [price] + [
            between(rng, price / 3, price * 1.5) for _ in range(rng.randint(0, years - 1))
        ]
    elif "decline" in parts:
        table["price_decline_per_year"] = between(rng, 0.01, 0.5)
    if "ramp" in parts:
        table["ramp_years"] = between(rng, 0.05, 2.5)
    return table
