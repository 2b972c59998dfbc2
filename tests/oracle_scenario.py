"""A scenario with every default filled in: sections 3 and 8 of the specification, for racks rented
by the hour or under contract.

The oracle shares no code with the model. It reads the nested tables of a TOML scenario and nothing
else: no catalog, no given quantities.
"""

import math
from types import SimpleNamespace

HOURS = 8760
REQUIRED = object()

HARDWARE = {
    "gpu_per_rack": REQUIRED,
    "gpu_price_usd_per_gpu": 0.0,
    "server_price_usd_per_rack": 0.0,
    "network_price_usd_per_gpu": 0.0,
    "storage_price_usd_per_gpu": 0.0,
    "spare_fraction": 0.0,
    "installation_fraction": 0.0,
    "it_load_kw_per_rack": REQUIRED,
    "idle_load_fraction": 1.0,
    "availability": 1.0,
    "economic_life_years": REQUIRED,
    "residual_fraction": 0.0,
    "server_life_years": None,
    "network_life_years": None,
    "storage_life_years": None,
    "rack_count": 1,
}

FACILITY = {
    "colocation": {
        "colocation_price_usd_per_kw_month": REQUIRED,
        "provision_factor": 1.0,
        "pue": REQUIRED,
    },
    "owned": {
        "facility_capex_usd_per_kw": REQUIRED,
        "facility_life_years": REQUIRED,
        "facility_opex_usd_per_kw_year": 0.0,
        "provision_factor": 1.0,
        "pue": REQUIRED,
    },
    "orbital": {
        "satellite_mass_kg_per_kw": REQUIRED,
        "launch_price_usd_per_kg": REQUIRED,
        "satellite_price_usd_per_kw": 0.0,
        "satellite_life_years": REQUIRED,
    },
}

POWER = {
    "electricity_price_usd_per_kwh": REQUIRED,
    "demand_charge_usd_per_kw_month": 0.0,
    "electricity_escalation_per_year": 0.0,
    "carbon_intensity_kg_per_kwh": 0.0,
    "carbon_price_usd_per_kg": 0.0,
    "water_use_l_per_kwh": 0.0,
    "water_price_usd_per_l": 0.0,
}

OPERATIONS = {
    "maintenance_fraction_per_year": 0.0,
    "insurance_fraction_per_year": 0.0,
    "property_tax_fraction_per_year": 0.0,
    "staff_cost_usd_per_rack_year": 0.0,
    "software_cost_usd_per_gpu_year": 0.0,
    "other_cost_usd_per_rack_year": 0.0,
    "revenue_overhead_fraction": 0.0,
    "opex_escalation_per_year": 0.0,
    "delay_years": 0.0,
    "rent_during_delay": False,
}

FINANCE = {
    "wacc_per_year": REQUIRED,
    "cost_of_equity_per_year": None,
    "tax_rate": 0.0,
    "loss_treatment": "refund",
    "loss_limit_fraction": 1.0,
    "debt_fraction": None,
    "debt_rate_per_year": None,
    "debt_tenor_years": None,
    "amortisation": "level",
    "target_dscr": None,
    "lender_recovery_fraction": 0.0,
    "book_depreciation": None,
    "tax_depreciation": None,
    "basis_at_disposal": "written_off",
    "periods_per_year": 12,
    "tax_instalments_per_year": None,
    "timing": "end",
}

REVENUE = {
    "rental_price_usd_per_gpu_hour": None,
    "utilisation": REQUIRED,
    "price_decline_per_year": None,
    "price_path_usd_per_gpu_hour": None,
    "ramp_years": 0.0,
    "tranches": (),
}

TRANCHE = {
    "label": None,
    "hours_fraction": REQUIRED,
    "contract_price_usd_per_gpu_hour": REQUIRED,
    "contract_term_years": None,
    "take_or_pay_fraction": 1.0,
    "use_fraction": None,
    "default_probability_per_year": 0.0,
    "vacancy_years": 0.0,
    "recovery_fraction": 0.0,
    "backstop_fraction": 0.0,
    "prepayment_fraction": 0.0,
}

CHOICES = {
    "loss_treatment": ("refund", "carry_forward"),
    "amortisation": ("level", "straight", "bullet", "sculpted"),
    "basis_at_disposal": ("written_off", "lost"),
    "periods_per_year": (1, 4, 12),
    "timing": ("end", "mid"),
}


def read(scenario):
    """The scenario as one flat record of section 3's fields, plus L, m, N (periods) and Y
    (operating years).
    """
    if scenario.get("model", "rack") != "rack":
        raise ValueError("the oracle knows model = 'rack' only")
    facility = dict(scenario["facility"])
    kind = facility.pop("kind")
    revenue = dict(scenario["revenue"])
    if revenue.pop("kind", "rental") not in ("rental", "contract"):
        raise ValueError("the oracle knows revenue.kind = 'rental' and 'contract' only")
    orbital = kind == "orbital"
    s = SimpleNamespace(kind=kind)
    fill(s, "hardware", scenario["hardware"], HARDWARE)
    fill(s, "facility", facility, FACILITY[kind])
    fill(
        s,
        "power",
        scenario.get("power", {}),
        {**POWER, "electricity_price_usd_per_kwh": 0.0} if orbital else POWER,
    )
    fill(s, "operations", scenario.get("operations", {}), OPERATIONS)
    fill(s, "finance", scenario["finance"], FINANCE)
    fill(s, "revenue", revenue, REVENUE)
    check_choices(s)
    set_clock(s)
    set_prices(s)
    set_debt_terms(s)
    set_tranches(s)
    if s.cost_of_equity_per_year is None:
        s.cost_of_equity_per_year = s.wacc_per_year
    return s


def fill(s, table, given, defaults):
    unknown = set(given) - set(defaults)
    if unknown:
        raise ValueError(f"unknown in table {table}: {sorted(unknown)}")
    for name, default in defaults.items():
        value = given.get(name, default)
        if value is REQUIRED:
            raise ValueError(f"{table}.{name} is required")
        setattr(s, name, value)


def check_choices(s):
    for name, allowed in CHOICES.items():
        if getattr(s, name) not in allowed:
            raise ValueError(f"{name} must be one of {allowed}")
    if s.gpu_price_usd_per_gpu == 0 and s.server_price_usd_per_rack == 0:
        raise ValueError("gpu_price_usd_per_gpu and server_price_usd_per_rack are both 0")


def set_clock(s):
    s.L = s.economic_life_years
    s.m = s.periods_per_year
    if s.tax_instalments_per_year is None:
        s.tax_instalments_per_year = 1 if s.m == 1 else 4
    if s.m % s.tax_instalments_per_year:
        raise ValueError("tax_instalments_per_year must divide periods_per_year")
    s.N = whole_periods(s.L, s.m, "economic_life_years")
    s.Y = -(-s.N // s.m)  # rounded up: the last operating year may be a part of one
    s.D = (
        whole_periods(s.delay_years, s.m, "delay_years") if s.delay_years else 0
    )  # periods before operations


def whole_periods(years, m, name):
    periods = round(years * m)
    if abs(periods - years * m) > 1e-9 or periods < 1:
        raise ValueError(f"{name} must be a whole number of periods")
    return periods


def set_prices(s):
    """`prices`: the price of each period; `price_shape`: the same relative to the first that is not
    0 (None if all are).
    """
    path, years = s.price_path_usd_per_gpu_hour, [k // s.m for k in range(s.N)]
    if path is not None and s.price_decline_per_year:
        raise ValueError("a price path and a price decline cannot both be given")
    if path is not None:
        s.price = next((price for price in path if price > 0), 0.0)
        by_period = s.Y < len(path) == s.N
        places = range(s.N) if by_period else [min(y, len(path) - 1) for y in years]
        s.prices = [path[place] for place in places]
        s.price_shape = [p / s.price for p in s.prices] if s.price > 0 else None
        return
    if s.rental_price_usd_per_gpu_hour is None:
        raise ValueError("revenue.rental_price_usd_per_gpu_hour is required")
    decline = s.price_decline_per_year or 0.0
    s.price = s.rental_price_usd_per_gpu_hour
    s.price_shape = [(1 - decline) ** y for y in years]
    s.prices = [s.price * factor for factor in s.price_shape]


def set_debt_terms(s):
    sculpted = s.amortisation == "sculpted"
    if s.debt_fraction is None:
        s.debt_fraction = 1.0 if sculpted else 0.0
    if s.debt_fraction > 0 and s.debt_rate_per_year is None:
        raise ValueError("finance.debt_rate_per_year is required with debt")
    if s.debt_fraction > 0 and sculpted and s.target_dscr is None:
        raise ValueError("finance.target_dscr is required with amortisation = 'sculpted'")
    tenor = s.L if s.debt_tenor_years is None else s.debt_tenor_years
    s.tenor_periods = whole_periods(tenor, s.m, "debt_tenor_years")
    if s.tenor_periods > s.N:
        raise ValueError("finance.debt_tenor_years is longer than the economic life")


def set_tranches(s):
    """Each tranche as a record of its own, with its term and its vacancy in periods."""
    tables, s.tranches = s.tranches, []
    for table in tables:
        tranche = SimpleNamespace()
        fill(tranche, "tranches", table, TRANCHE)
        term = s.L if tranche.contract_term_years is None else tranche.contract_term_years
        tranche.term = whole_periods(term, s.m, "contract_term_years")
        tranche.vacancy = math.ceil(tranche.vacancy_years * s.m - 1e-9)  # periods begun count whole
        s.tranches.append(tranche)
