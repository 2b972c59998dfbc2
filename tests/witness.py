"""Everything that the program answers, written down, so that two trees of it can be compared.

    python tests/witness.py record TREE OUT.json
    python tests/witness.py compare OLD.json NEW.json

A record has entries by name; each keeps values (numbers to the last bit, names, codes, units) apart
from text (tables for people, messages, help, descriptions). `compare` prints every difference, and
exits with 1 if a value differs. What differs from run to run (times, versions, paths) is masked.

Only surfaces that stay are used: the command line, HTTP, and the public names of `economics`. Where
an inner name is needed, the module that defines it is looked up in the tree.
"""

import contextlib
import difflib
import hashlib
import importlib
import importlib.machinery
import inspect
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import types
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from unittest import mock

AT_ONCE = 2  # groups that run at the same time
FIRST = 6  # numbers of a column that a record shows beside its hash
DEVICES = 1000  # of the stand-in: each sweep has one of its own, and compiles its kernels anew
WIDER = 12  # times as many values on the axes of sweeps for devices, or little is left to them
PLACES = 6  # places that `compare` names of one difference
CLIPPED = 110  # characters of a text that `compare` shows
TEXT = "<text>"
MASKED = "<masked>"
PROSE = {
    *("description", "doc", "words", "message", "detail", "title", "expected", "note", "why"),
    *("notices", "notes", "intervals", "summary", "source", "sauce", "formula", "reason", "label"),
    *("x-description", "info", "about"),
}
MASKS = {"seconds", "version", "instance", "request_id"}
NUMBER = re.compile(r"(?<![\w.-])-?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?%?(?![\w])")
SECONDS = re.compile(r"\b\d+(?:\.\d+)? s\b(?= on )")
COMMENTS = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
RECORDS = {}  # what makes each group, by name

# ---------------------------------------------------------------- what is asked

RACK, NEOCLOUD, GRID = "reference-project", "nvl72-neocloud", "stargate-rack-grid"
CONTRACT, NPV, COST = "oracle-abilene", "npv_usd_per_rack", "cost_usd_per_gpu_hour"
TRANCHES = [
    {
        "label": "reserved",
        "hours_fraction": 0.6,
        "contract_price_usd_per_gpu_hour": 3.2,
        "contract_term_years": 3,
        "use_fraction": 0.9,
        "default_probability_per_year": 0.1,
        "vacancy_years": 0.5,
        "recovery_fraction": 0.4,
        "backstop_fraction": 0.5,
    },
    {
        "label": "on demand",
        "hours_fraction": 0.2,
        "contract_price_usd_per_gpu_hour": 3.9,
        "take_or_pay_fraction": 0,
        "use_fraction": 0.5,
    },
]
TWO = {
    "name": "two-tranches",
    "hardware": {
        "gpu_per_rack": 72,
        "server_price_usd_per_rack": 4e6,
        "it_load_kw_per_rack": 132,
        "economic_life_years": 5,
    },
    "facility": {"kind": "colocation", "colocation_price_usd_per_kw_month": 120, "pue": 1.25},
    "power": {"electricity_price_usd_per_kwh": 0.08},
    "finance": {"wacc_per_year": 0.1, "tax_rate": 0.21},
    "revenue": {
        "kind": "contract",
        "rental_price_usd_per_gpu_hour": 2.5,
        "utilisation": 0.7,
        "tranches": TRANCHES,
    },
}
LOAN = {
    "finance.debt_fraction": 0.6,
    "finance.debt_rate_per_year": 0.09,
    "finance.debt_tenor_years": 4,
    "finance.cost_of_equity_per_year": 0.15,
    "finance.tax_rate": 0.21,
}
GEAR = {
    "hardware.server_price_usd_per_rack": 8e5,
    "hardware.gpu_price_usd_per_gpu": 35e3,
    "hardware.network_price_usd_per_gpu": 6e3,
    "hardware.storage_price_usd_per_gpu": 2e3,
    "hardware.server_life_years": 4,
    "hardware.network_life_years": 3,
    "hardware.storage_life_years": 7,
    "hardware.residual_fraction": 0.1,
}
OWNED = {
    "facility": {
        "kind": "owned",
        "facility_capex_usd_per_kw": 11e3,
        "facility_life_years": 15,
        "facility_opex_usd_per_kw_year": 200,
        "provision_factor": 1.1,
        "pue": 1.2,
    }
}
ORBITAL = {
    "facility": {
        "kind": "orbital",
        "satellite_mass_kg_per_kw": 20,
        "launch_price_usd_per_kg": 900,
        "satellite_price_usd_per_kw": 5e3,
        "satellite_life_years": 6,
    }
}
METHODS = {
    "straight line": {"method": "straight_line", "life_years": 6, "salvage_fraction": 0.05},
    "sum of years": {"method": "sum_of_years", "life_years": 5},
    "use": {"method": "units_of_production"},
    "declining": {"method": "declining_balance", "factor": 2.0, "life_years": 5, "switch": True},
    "plain declining": {"method": "declining_balance", "factor": 1.5, "life_years": 5},
    "macrs": {"method": "macrs", "recovery_years": 5, "convention": "half_year"},
    "macrs quarter": {"method": "macrs", "recovery_years": 3, "convention": "mid_quarter_4"},
    "bonus": {
        "method": "bonus",
        "fraction": 0.4,
        "then": {"method": "macrs", "recovery_years": 5, "convention": "half_year"},
    },
    "custom": {"method": "custom", "schedule": [0.5, 0.3, 0.2]},
}
# Scenarios of which all quantities are asked for besides the shipped ones: base, changes.
VARIANTS = {
    "monthly": (RACK, {"finance.periods_per_year": 12, "finance.timing": "mid"}),
    "quarterly": (
        RACK,
        {
            "finance.periods_per_year": 4,
            "finance.tax_rate": 0.21,
            "revenue.ramp_years": 0.75,
            "revenue.price_decline_per_year": 0.1,
            "operations.opex_escalation_per_year": 0.03,
        },
    ),
    "path": (RACK, {"revenue.price_path_usd_per_gpu_hour": [3.5, 3, 2.5, 2, 1.5]}),
    "losses": (
        RACK,
        {
            "finance.tax_rate": 0.25,
            "finance.loss_treatment": "carry_forward",
            "finance.loss_limit_fraction": 0.8,
            "revenue.ramp_years": 2,
            "finance.tax_depreciation": METHODS["bonus"],
        },
    ),
    "basis lost": (
        RACK,
        {
            "finance.basis_at_disposal": "lost",
            "finance.tax_rate": 0.3,
            "finance.tax_depreciation": METHODS["macrs"],
        },
    ),
    **{
        f"loan {how}": (NEOCLOUD, {**LOAN, "finance.amortisation": how, **more})
        for how, more in (
            ("level", {}),
            ("straight", {"finance.timing": "mid"}),
            ("bullet", {"finance.periods_per_year": 12}),
            ("sculpted", {"finance.target_dscr": 1.3}),
        )
    },
    **{
        f"method {name}": (
            RACK,
            {
                "finance.book_depreciation": how,
                "finance.tax_depreciation": how,
                "finance.tax_rate": 0.21,
                "finance.periods_per_year": 4,
            },
        )
        for name, how in METHODS.items()
    },
    "delay": (
        NEOCLOUD,
        {**LOAN, "operations.delay_years": 1, "operations.rent_during_delay": True},
    ),
    "gear": (RACK, GEAR),
    "gear monthly with a loan": (RACK, {**GEAR, **LOAN, "finance.periods_per_year": 12}),
    "gear as long as the rack": (RACK, {**GEAR, "hardware.network_life_years": 5}),
    "owned": (RACK, OWNED),
    "orbital": (RACK, {**ORBITAL, "power.electricity_price_usd_per_kwh": None}),
    "failures": (
        RACK,
        {
            "operations.job_gpu": 16384,
            "operations.mtbf_gpu_hour": 50e3,
            "operations.hours_lost_per_interruption": 1.5,
        },
    ),
    "running cost": (
        RACK,
        {
            "power.demand_charge_usd_per_kw_month": 9,
            "power.carbon_intensity_kg_per_kwh": 0.4,
            "power.carbon_price_usd_per_kg": 0.05,
            "power.water_use_l_per_kwh": 1.8,
            "power.water_price_usd_per_l": 0.002,
            "hardware.idle_load_fraction": 0.4,
            "power.electricity_escalation_per_year": 0.02,
            "hardware.availability": 0.97,
            "operations.maintenance_fraction_per_year": 0.03,
            "hardware.spare_fraction": 0.05,
            "operations.insurance_fraction_per_year": 0.01,
            "hardware.rack_count": 40,
            "operations.property_tax_fraction_per_year": 0.01,
            "facility.pue": 1.3,
            "operations.staff_cost_usd_per_rack_year": 9e3,
            "operations.software_cost_usd_per_gpu_year": 300,
            "operations.revenue_overhead_fraction": 0.12,
            "hardware.installation_fraction": 0.04,
            "hardware.residual_fraction": 0.07,
        },
    ),
    "given": (RACK, {"given.it_capex_usd_per_rack": 4.4e6}),
    "given price": (RACK, {"given.electricity_usd_per_rack_year": 1e5}),
    "unsold": (RACK, {"revenue.utilisation": 0}),
    "free": (RACK, {"revenue.rental_price_usd_per_gpu_hour": 0}),
    "no wacc": (RACK, {"finance.wacc_per_year": 0}),
    "half a year": (RACK, {"hardware.economic_life_years": 0.5, "finance.periods_per_year": 12}),
    "hopeless": (RACK, {"revenue.rental_price_usd_per_gpu_hour": 0.01, **LOAN}),
    "bad life": (RACK, {"hardware.economic_life_years": 5.3}),
    "two tranches": (TWO, {}),
    "two tranches late": (
        TWO,
        {
            **LOAN,
            "operations.delay_years": 0.5,
            "finance.lender_recovery_fraction": 0.3,
            "operations.rent_during_delay": True,
            "revenue.price_decline_per_year": 0.15,
        },
    ),
    "lone tranche": (
        TWO,
        {
            **LOAN,
            "revenue.tranches": [{**TRANCHES[0], "prepayment_fraction": 0.2}],
        },
    ),
    "contract in default": (
        CONTRACT,
        {"revenue.tranches.0.default_probability_per_year": 0.1, "finance.periods_per_year": 4},
    ),
    "lease monthly": ("qts-lease", {"finance.periods_per_year": 12, "finance.tax_rate": 0.21}),
    "lease mid": ("crusoe-abilene", {"finance.timing": "mid"}),
}
TRANCHE_NAMES = ("lgd", "fair_spread_per_year", "backstop_spread_per_year", "contract_value_usd")
SET_GEAR = [
    *("--set", "server_price_usd_per_rack=2e6", "--set", "network_price_usd_per_gpu=6000"),
    *("--set", "network_life_years=3", "--set", "storage_price_usd_per_gpu=2000"),
    *("--set", "storage_life_years=7"),
]
EXPLAINED = (
    (RACK, COST),
    (RACK, NPV),
    (NEOCLOUD, "irr_per_year"),
    (NEOCLOUD, "breakeven_utilisation", "--depth", "3"),
    (NEOCLOUD, "equity_npv_usd_per_rack"),
    (NEOCLOUD, "min_dscr"),
    (NEOCLOUD, "book_value_usd_per_rack"),
    (CONTRACT, "contract_value_usd_per_rack"),
    (CONTRACT, "expected_loss_usd_per_rack", "--set", "default_probability_per_year=0.1"),
    (CONTRACT, "cost_of_delay_usd_per_rack_month", "--set", "delay_years=1"),
    ("two-tranches.toml", "tranches[0].lgd"),
    ("two-tranches.toml", NPV),
    (RACK, "capital_charge_usd_per_rack_year", *SET_GEAR),
    (RACK, "renewal_usd_per_rack_by_year", *SET_GEAR),
    ("crusoe-abilene", "residual_for_return_usd"),
    ("qts-lease", "equity_irr_per_year"),
    ("hyperscaler-vintages", "peak_revenue_needed_usd_per_year"),
    ("openai-commitments", "peak_funding_need_usd"),
    ("azure-openai-2024", "list_bill_usd_per_year"),
    ("perplexity-2024", "breakeven_price_factor"),
    ("o1-tokens", "cost_usd_per_mtok_output"),
    ("cursor-subscription", "loss_user_fraction"),
    ("suncatcher", "launched_power_price_usd_per_kw_year"),
    ("ironwood-tpu", COST, "--depth", "0"),
    (RACK, "it_capex_usd_per_rack", "--set", "given.it_capex_usd_per_rack=4e6"),
)


def span(field, start, stop, count, kind="linspace"):
    """An axis of equal steps, or of equal factors."""
    return {"kind": kind, "field": field, "start": start, "stop": stop, "count": count}


def listed(field, *values):
    """An axis of stated values."""
    return {"kind": "values", "field": field, "values": list(values)}


USE = span("utilisation", 0.2, 1.0, 17)
PRICE = span("rental_price_usd_per_gpu_hour", 1.5, 5.0, 15)
LIFE = listed("economic_life_years", 3, 4, 5, 6)
WACC = span("wacc_per_year", 0.06, 0.14, 9)
DRAWS = {
    "kind": "draws",
    "name": "draw",
    "count": 2048,
    "seed": 3,
    "fields": {
        "utilisation": {"kind": "uniform", "low": 0.5, "high": 0.95},
        "rental_price_usd_per_gpu_hour": {
            "kind": "normal",
            "mean": 4.0,
            "standard_deviation": 0.5,
            "low": 2.0,
        },
        "economic_life_years": {"kind": "discrete", "values": [4, 5, 6]},
    },
    "correlations": [
        {"between": ["utilisation", "rental_price_usd_per_gpu_hour"], "coefficient": 0.4}
    ],
}
ROWS = {
    "kind": "rows",
    "name": "offer",
    "labels": ["old", "new", "odd"],
    "fields": {
        "rental_price_usd_per_gpu_hour": [2, 3.5, 9],
        "utilisation": [0.9, 0.7, 0.1],
        "wacc_per_year": [0.08, 0.1, 0.3],
    },
}
RETURNS = (NPV, "irr_per_year", "payback_years", "moic", "mirr_per_year")
BREAKEVENS = ("breakeven_utilisation", "cash_breakeven_utilisation", "headroom_fraction", COST)
WIDE = {"scenario": NEOCLOUD, "axes": [PRICE, USE, LIFE, WACC], "targets": [NPV, COST]}
# Sweeps by Python, each on numpy and on jit; a scenario is a variant or a shipped one.
SWEEPS = {
    "returns": {"scenario": NEOCLOUD, "axes": [PRICE, USE, LIFE], "targets": RETURNS},
    "breakevens": {"scenario": NEOCLOUD, "axes": [PRICE, WACC, LIFE], "targets": BREAKEVENS},
    "equity": {
        "scenario": "loan level",
        "axes": [PRICE, USE, listed("debt_fraction", 0.2, 0.7)],
        "targets": ("equity_npv_usd_per_rack", "equity_irr_per_year", "min_dscr"),
    },
    "sculpted": {
        "scenario": "loan sculpted",
        "axes": [PRICE, span("target_dscr", 1.1, 2, 5)],
        "targets": ("equity_npv_usd_per_rack", "min_dscr", "mean_dscr"),
    },
    "monthly": {"scenario": "monthly", "axes": [PRICE, LIFE, USE], "targets": RETURNS},
    "losses": {"scenario": "losses", "axes": [PRICE, USE, WACC], "targets": RETURNS},
    "contract": {
        "scenario": "two tranches",
        "axes": [
            span("tranches[0].default_probability_per_year", 0, 0.4, 9),
            listed("tranches[0].contract_term_years", 1, 2, 3, 5),
            span("rental_price_usd_per_gpu_hour", 0.5, 4, 8),
        ],
        "targets": (
            *("contract_value_usd_per_rack", "expected_loss_usd_per_rack", NPV),
            "breakeven_default_probability_per_year",
        ),
    },
    "lone tranche": {
        "scenario": "lone tranche",
        "axes": [
            span("default_probability_per_year", 0, 0.4, 9),
            listed("debt_fraction", 0.2, 0.8),
        ],
        "targets": (NPV, "lgd", "fair_spread_per_year", "equity_npv_usd_per_rack"),
    },
    "gear lives": {
        "scenario": "gear",
        "axes": [listed("network_life_years", 2, 3, 5, 8), LIFE, PRICE],
        "targets": (NPV, COST, "book_value_usd_per_rack[2]", "renewal_usd_per_rack_by_year[3]"),
    },
    "delay": {
        "scenario": "delay",
        "axes": [listed("delay_years", 0, 0.25, 1, 2), PRICE, USE],
        "targets": (NPV, "irr_per_year", "equity_npv_usd_per_rack"),
    },
    "books": {
        "scenario": "method declining",
        "axes": [listed("book_depreciation_life_years", 3, 5, 6), LIFE, USE],
        "targets": ("book_value_usd_per_rack[1]", "tax_value_usd_per_rack[2]", NPV),
    },
    "rows": {"scenario": NEOCLOUD, "axes": [ROWS, LIFE], "targets": (NPV, "irr_per_year")},
    "draws": {
        "scenario": NEOCLOUD,
        "axes": [listed("pue", 1.1, 1.4), DRAWS],
        "targets": (NPV, "irr_per_year"),
    },
    "given": {"scenario": "given", "axes": [USE, WACC], "targets": (NPV, COST)},
    "orbital": {
        "scenario": "suncatcher",
        "axes": [span("launch_price_usd_per_kg", 50, 5000, 9, "logspace"), LIFE],
        "targets": (COST, NPV),
    },
    "tokens": {
        "scenario": "o1-tokens",
        "axes": [span("output_token_per_second_per_gpu", 1, 200, 9, "logspace"), USE],
        "targets": ("price_to_cost_factor", "cost_usd_per_mtok_output"),
    },
    "subscription": {
        "scenario": "cursor-subscription",
        "axes": [span("input_token_per_request", 4000, 80000, 12), USE],
        "targets": ("margin_usd_per_user_month", "loss_user_fraction", NPV),
    },
    "lease": {
        "scenario": "qts-lease",
        "axes": [span("rent_usd_per_year", 5e8, 2e9, 31), WACC],
        "targets": ("npv_usd", "equity_irr_per_year", "min_dscr", "residual_for_return_usd"),
    },
    "program": {
        "scenario": "hyperscaler-vintages",
        "axes": [listed("book_depreciation_life_years", 3, 4, 5, 6)],
        "targets": ("book_depreciation_usd_by_year[1]", "peak_revenue_needed_usd_per_year"),
    },
    "commitments": {
        "scenario": "openai-commitments",
        "axes": [span("revenue_factor", 0.5, 3, 11)],
        "targets": ("peak_funding_need_usd",),
    },
    "margin": {
        "scenario": "perplexity-2024",
        "axes": [span("revenue_usd_per_year", 1e7, 2e8, 11)],
        "targets": ("result_usd_per_year", "gross_margin_fraction"),
    },
    "summary": {**WIDE, "reduce": {"kind": "summary"}},
    "top": {**WIDE, "reduce": {"kind": "top", "count": 50}},
    "bottom": {**WIDE, "reduce": {"kind": "bottom", "count": 50, "target": COST}},
    "histogram": {**WIDE, "reduce": {"kind": "histogram", "target": "irr_per_year"}},
    "share": {**WIDE, "reduce": {"kind": "share", "condition": "breakeven_utilisation < 0.8"}},
    "frontier": {**WIDE, "reduce": {"kind": "frontier", "field": "utilisation", "target": NPV}},
    "frontier at a level": {
        "scenario": "monthly",
        "axes": [USE, PRICE, LIFE],
        "reduce": {
            "kind": "frontier",
            "field": "rental_price_usd_per_gpu_hour",
            "target": "irr_per_year",
            "level": 0.12,
        },
    },
    "frontier of lives": {
        "scenario": NEOCLOUD,
        "axes": [LIFE, PRICE],
        "reduce": {"kind": "frontier", "field": "economic_life_years", "target": NPV},
    },
    "share of draws": {
        "scenario": NEOCLOUD,
        "axes": [WACC, DRAWS],
        "reduce": {"kind": "share", "condition": f"{NPV} > 0"},
    },
    "summary of rows": {
        "scenario": NEOCLOUD,
        "axes": [ROWS, LIFE],
        "targets": (NPV, "payback_years"),
        "reduce": {"kind": "summary"},
    },
    "by year refused": {"scenario": RACK, "axes": [USE], "targets": ("book_value_usd_per_rack",)},
    "idle axis": {"scenario": RACK, "axes": [USE, PRICE], "targets": ("it_capex_usd_per_rack",)},
}
WIDE_SWEEP = ("--sweep", "utilisation=0.2:1:41", "--sweep", "wacc_per_year=0.06:0.14:9")
SMALL_SWEEP = ("--sweep", "utilisation=0.6,0.7,0.9", "--sweep", "economic_life_years=3,5")
FRONTIER = f"frontier:utilisation:{NPV} = 0"
SWEPT = (
    (NEOCLOUD, *WIDE_SWEEP),
    (NEOCLOUD, *WIDE_SWEEP, "--dry-run"),
    (NEOCLOUD, *WIDE_SWEEP, "--backend", "jit", "--threads", "1"),
    (NEOCLOUD, *WIDE_SWEEP, "--reduce", "top:5"),
    (NEOCLOUD, *WIDE_SWEEP, "--reduce", "bottom:5", "--target", "irr_per_year"),
    (NEOCLOUD, *WIDE_SWEEP, "--reduce", "histogram:12"),
    (NEOCLOUD, *WIDE_SWEEP, "--reduce", f"share:{NPV} > 0"),
    (NEOCLOUD, *WIDE_SWEEP, "--reduce", FRONTIER),
    (NEOCLOUD, *SMALL_SWEEP, "--target", "payback_years", "--target", NPV),
    (RACK, *SMALL_SWEEP, *SET_GEAR, "--target", NPV),
    (RACK, "--sweep", "rental_price_usd_per_gpu_hour=1:4:7@log", "--target", NPV),
    (RACK, "--draw", "utilisation=uniform:0.5,0.9", "--count", "16", "--target", NPV),
    (CONTRACT, "--set", "rent_during_delay=true", "--sweep", "delay_years=1,2,3"),
    ("crusoe-abilene", "--sweep", "rent_usd_per_year=8e8,1e9,2e9"),
    ("hyperscaler-vintages", "--sweep", "book_depreciation_life_years=3,4,5,6"),
    (GRID, "--dry-run"),
    (GRID, "--reduce", "summary", "--backend", "jit"),
    (GRID, "--reduce", f"share:{NPV} > 0", "--backend", "jit"),
    (GRID, "--reduce", "share:breakeven_utilisation < 0.8", "--backend", "numpy"),
    (GRID, "--reduce", "top:100", "--backend", "jit"),
    (GRID, "--reduce", "bottom:20", "--backend", "numpy"),
    (GRID, "--reduce", f"histogram:64:{NPV}", "--backend", "jit"),
    (GRID, "--sweep", "wacc_per_year=0.1", "--sweep", "pue=1.25", "--reduce", FRONTIER),
)
DRAWN = (
    *("--draw", "utilisation=triangular:0.5,0.7,0.9"),
    *("--draw", "rental_price_usd_per_gpu_hour=lognormal:3.5,0.2", "--count", "2048"),
)
RANDOM = ("--method", "random", "--seed", "7")
TIED = ("--correlate", "utilisation,rental_price_usd_per_gpu_hour=0.5")
CHANCE = ("--target", NPV, "--chance", f"{NPV} > 0")
UNCERTAIN = (
    ("simulate", RACK, *DRAWN, *CHANCE),
    ("simulate", RACK, *DRAWN, *CHANCE, *TIED),
    ("simulate", RACK, *DRAWN, *CHANCE, *TIED, *RANDOM),
    ("simulate", RACK, *DRAWN, *CHANCE, *RANDOM, "--backend", "jit"),
    ("simulate", NEOCLOUD, *DRAWN, "--target", "payback_years", "--target", "irr_per_year"),
    ("simulate", NEOCLOUD, *DRAWN, "--chance", "min_dscr < 1.2", "--threads", "1"),
    ("simulate", CONTRACT, "--draw", "default_probability_per_year=uniform:0,0.3", "--count", "64"),
    ("simulate", RACK, "--draw", "economic_life_years=discrete:3,4,5,6", "--count", "7"),
    (
        *("simulate", "qts-lease", "--draw", "rent_usd_per_year=normal:1e9,1e8,1e8,3e9"),
        *("--count", "512", "--seed", "5"),
    ),
    ("sensitivity", RACK, NPV),
    ("sensitivity", RACK, NPV, "--by", "0.2"),
    ("sensitivity", RACK, NPV, *DRAWN),
    ("sensitivity", RACK, NPV, *DRAWN, *TIED),
    ("sensitivity", RACK, COST, *DRAWN, *RANDOM, "--backend", "jit"),
    ("sensitivity", NEOCLOUD, "payback_years", *DRAWN),
    ("sensitivity", CONTRACT, "expected_loss_usd_per_rack"),
    ("sensitivity", "two-tranches.toml", NPV),
    ("sensitivity", "crusoe-abilene", "irr_per_year"),
    ("sensitivity", "openai-commitments", "peak_funding_need_usd"),
    ("sensitivity", RACK, "capital_charge_usd_per_rack_year", *SET_GEAR),
)
COMPARED = (
    ("hgx-h100", "hgx-h200"),
    ("hgx-h100", "hgx-h200", "--target", COST, "--target", NPV),
    ("hgx-h100", "hgx-b200", "gb200-nvl72", "gb300-nvl72", "--bridge", COST),
    ("ironwood-tpu", "suncatcher"),
    ("ironwood-tpu", "suncatcher", "--bridge", COST),
    ("crusoe-abilene", "qts-lease"),
    (RACK, RACK, "--set", "B:price_path_usd_per_gpu_hour=[3.5, 3, 2.5, 2, 1.5]"),
    (RACK, "reference-contract"),
    (RACK, NEOCLOUD, "--set", "utilisation=0.8", "--bridge", "irr_per_year"),
    (RACK, "two-tranches.toml"),
    (RACK, "azure-openai-2024"),
)


def solve(name, field, target, value, *more):
    """The words of a solve."""
    return ("solve", name, "--for", field, "--target", target, "--value", str(value), *more)


SOLVED = (
    solve(NEOCLOUD, "utilisation", NPV, 0),
    solve(NEOCLOUD, "gpu_price_usd_per_gpu", "breakeven_utilisation", 0.8),
    solve(NEOCLOUD, "gpu_price_usd_per_gpu", COST, 2, "--set", "utilisation=0.8"),
    solve("coreweave-openai", "contract_price_usd_per_gpu_hour", NPV, 0),
    solve("coreweave-openai", "contract_price_usd_per_gpu_hour", "min_dscr", 1),
    solve("perplexity-2024", "revenue_usd_per_year", "result_usd_per_year", 0),
    solve("suncatcher", "launch_price_usd_per_kg", COST, 1.3326),
    solve("crusoe-abilene", "rent_usd_per_year", "irr_per_year", 0.08),
    solve(RACK, "wacc_per_year", NPV, 0, "--between", "0.01", "0.5"),
    solve(RACK, "economic_life_years", NPV, 0),
    solve(RACK, "rental_price_usd_per_gpu_hour", "irr_per_year", 0.2),
    solve(RACK, "utilisation", NPV, 1e9),
    solve(RACK, "pue", "it_capex_usd_per_rack", 1),
    solve(RACK, "network_life_years", NPV, 0, *SET_GEAR),
    solve(CONTRACT, "default_probability_per_year", NPV, 0),
    solve("two-tranches.toml", "tranches[0].contract_price_usd_per_gpu_hour", NPV, 0),
    solve("o1-tokens", "output_token_per_second_per_gpu", "price_to_cost_factor", 1),
)
BAD_FILES = {
    "puee": ("pue = 1.25", "puee = 1.25"),
    "text": ("pue = 1.25", 'pue = "low"'),
    "low": ("pue = 1.25", "pue = 0.9"),
    "nan": ("pue = 1.25", "pue = nan"),
    "true": ("pue = 1.25", "pue = true"),
    "sauce": ("pue = 1.25", "pue = {value = 1.25, sauce = 1}"),
    "absent": ("gpu_per_rack = 72", ""),
    "half": ("gpu_per_rack = 72", "gpu_per_rack = 72.5"),
    "life": ("economic_life_years = 5", "economic_life_years = 5.03"),
    "table": ("[power]", "[pover]"),
    "syntax": ("[power]", "[power"),
    "much": ("hours_fraction = 0.6", "hours_fraction = 0.9"),
    "tranche": ("vacancy_years = 0.5", "vacancy = 0.5"),
}
ONE_SWEEP = ("sweep", RACK, "--sweep", "pue=1.1,1.2")
BAD_LINES = (
    *(("qoute", "x"), ("quote",), ("--colour",), ("quote", "no-such-file.toml"), ("quote", ".")),
    *(("quote", RACK, "--set", one) for one in ("utilsation=0.5", "utilisation=high")),
    *(("quote", RACK, "--set", one) for one in ("utilisation=1.5", "utilisation=nan", "timing=x")),
    *(("quote", RACK, "--set", one) for one in ("utilisation", "facility.kind=[1]", "given.npv=1")),
    *(("quote", RACK, "--set", one) for one in ("accelerator=h1000", "site=us-own", "market=x")),
    *(("quote", RACK, "--set", one) for one in ("hardware.utilisation=1", "kind=9", "=1", "a.b=2")),
    *(("quote", RACK, "--set", one) for one in ("economic_life_years=5.01", "model=rak", "")),
    *(("quote", RACK, "--target", one) for one in ("npv", "npv_usd_per_rak", "", "lgd")),
    *(("quote", RACK, "--target", one) for one in ("book_value_usd_per_rack[9]", "npv_usd")),
    *(("quote", RACK, "--colour"), ("quote", RACK, "--targt", "npv"), ("quote", RACK, "more")),
    *(("quote", RACK, "--set"), ("quote", "-"), ("quote", "qts-lease", "--target", NPV)),
    *(("breakeven", "hyperscaler-vintages"), ("depreciate", "perplexity-2024")),
    *(("cashflow", "azure-openai-2024"), ("solve", RACK, "--for", "utilisation")),
    *(solve(RACK, "utilization", NPV, 0), solve(RACK, "pue", NPV, "nan")),
    *(solve(RACK, "pue", NPV, 1, "--between", "2", "1"), solve(RACK, "timing", NPV, 1)),
    *(solve(RACK, "pue", "npv", 1), solve(RACK, "pue", "book_value_usd_per_rack", 1)),
    *(("explain", RACK, "npv"), ("explain", RACK, NPV, "--depth", "-1"), ("explain", RACK)),
    *(("catalog", "acelerators"), ("catalog", "accelerators", "h100"), ("catalog", "import")),
    *(("catalog", "import", "none.csv"), ("catalog", "import", "none.csv", "--format", "excel")),
    *(("serve", "--port", "99999"), ("serve", "--host", "0.0.0.0"), ("schema", "--example", "x")),
    *(("gpu-check", "--device", "x"), ("gpu-check",), ("compare", RACK), ("compare", RACK, "x")),
    *(("compare", RACK, NEOCLOUD, "--set", "C:pue=1"), ("compare", RACK, RACK, "--bridge", "npv")),
    *(("sweep", RACK), ("sweep", RACK, "--sweep", "utilisation="), ("sweep", "no-such")),
    *(("sweep", RACK, "--sweep", one) for one in ("utilisation=1:0:9", "utilisation=0:2:9")),
    *(("sweep", RACK, "--sweep", one) for one in ("utilisation=0.5,nan", "timing=1,2", "x=1,2")),
    *(("sweep", RACK, "--sweep", one) for one in ("facility_capex_usd_per_kw=1,2", "pue", "pue=a")),
    *(("sweep", RACK, "--sweep", one) for one in ("pue=0:1:3@log", "pue=1:2:0", "pue=1:2:3@x")),
    *((*ONE_SWEEP, "--target", one) for one in ("nvp_usd_per_rack", "book_value_usd_per_rack")),
    *((*ONE_SWEEP, "--reduce", one) for one in ("best", "share:moic", "top:0", "frontier", "x:1")),
    *((*ONE_SWEEP, "--reduce", one) for one in ("frontier:wacc_per_year", "histogram:0:moic")),
    *((*ONE_SWEEP, "--backend", one) for one in ("nunpy", "cuda", "")),
    *((*ONE_SWEEP, "--threads", "0"), (*ONE_SWEEP, "-o", "a.txt"), (*ONE_SWEEP, "-o", "no/a.csv")),
    *((*ONE_SWEEP, "-o", "taken.csv"), (*ONE_SWEEP, "--sweep", "pue=1.3,1.4")),
    *(("simulate", RACK), ("simulate", RACK, *DRAWN, "--chance", "npv"), ("sensitivity", RACK)),
    *(("simulate", RACK, "--draw", one) for one in ("utilisation", "utilisation=uniform:1,0")),
    *(("simulate", RACK, "--draw", one) for one in ("utilisation=normal:0.5,1", "pue=beta:1,2")),
    *(("simulate", RACK, "--draw", one) for one in ("timing=uniform:0,1", "x=uniform:0,1")),
    *(
        ("simulate", RACK, *DRAWN, "--correlate", one)
        for one in ("a", "utilisation,pue=0.5", "a,b=2")
    ),
    *(("simulate", RACK, *DRAWN, "--method", "halton"), ("simulate", RACK, *DRAWN, "--seed", "-1")),
    *(("sensitivity", RACK, "npv"), ("sensitivity", RACK, NPV, "--by", "2"), ("doctor", "x")),
)
COMMANDS = (
    *("quote", "breakeven", "depreciate", "cashflow", "solve", "sweep", "simulate", "sensitivity"),
    *("compare", "explain", "catalog", "schema", "doctor", "gpu-check", "serve"),
)
ENVIRONMENTS = (
    ({"RACKRATE_UTILISATION": "0.5"}, ("quote", RACK, "--target", NPV)),
    ({"RACKRATE_UTILISATION": "70%"}, ("quote", RACK)),
    ({"RACKRATE_UTILISATON": "0.5"}, ("quote", RACK)),
    ({"RACKRATE_BACKEND": "abacus"}, ONE_SWEEP),
    ({"RACKRATE_BACKEND": "jit"}, (*ONE_SWEEP, "--json")),
    ({"RACKRATE_WORKERS": "0"}, ("serve", "--port", "0")),
    ({"RACKRATE_MAX_SECONDS": "x"}, ("serve", "--port", "0")),
    ({"RACKRATE_API_KEYS_FILE": "none.txt"}, ("serve", "--port", "0")),
    ({"RACKRATE_CATALOG": "nowhere"}, ("catalog", "rentals", "--json")),
)
SKYPILOT = """\
InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice
p5.48xlarge,H100,8,192,2048,98.32,us-east-1,,
m5.large,,,2,8,0.096,us-east-1,,
free,H100,8,1,1,0,us-east-1,,
x,V100,1,,,1,r,,
"""
SHIPPED = {"scenario": RACK}
ASKED = {"scenario": RACK, "target": NPV}
SOUGHT = {**ASKED, "value": 0, "unknown": "utilisation"}
POSTS = (
    ("quotes", {**SHIPPED, "targets": [COST, NPV, "payback_years"]}),
    ("quotes", {"scenario": TWO}),
    ("quotes", {"scenario": "qts-lease"}),
    ("depreciation", SHIPPED),
    ("depreciation", {"scenario": "hyperscaler-vintages"}),
    ("cashflows", {"scenario": NEOCLOUD}),
    ("cashflows", {"scenario": "openai-commitments"}),
    ("sweeps", {**SHIPPED, "axes": [USE, LIFE], "targets": [NPV, "irr_per_year"]}),
    ("sweeps", {**SHIPPED, "axes": [USE, LIFE], "reduce": {"kind": "summary"}}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "top", "count": 3}}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "histogram"}, "backend": "jit"}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "share", "condition": f"{NPV} > 0"}}),
    ("sweeps", {**SHIPPED, "axes": [USE, PRICE], "reduce": SWEEPS["frontier"]["reduce"]}),
    ("sweeps", {"scenario": NEOCLOUD, "axes": [ROWS], "targets": [NPV]}),
    ("simulations", {**SHIPPED, "draws": {"fields": DRAWS["fields"], "count": 256}}),
    (
        "simulations",
        {
            **SHIPPED,
            "targets": [NPV],
            "conditions": [f"{NPV} > 0"],
            "draws": {
                "fields": DRAWS["fields"],
                "count": 256,
                "method": "random",
                "seed": 7,
                "correlations": DRAWS["correlations"],
            },
        },
    ),
    ("sensitivity", ASKED),
    ("sensitivity", {**ASKED, "draws": {"fields": DRAWS["fields"], "count": 64}}),
    ("solve", SOUGHT),
    ("solve", {**SOUGHT, "value": 1e12}),
    ("explain", {**ASKED, "depth": 2}),
    ("explain", {"scenario": CONTRACT, "target": "contract_value_usd_per_rack"}),
    ("comparisons", {"scenarios": ["hgx-h100", "hgx-h200"], "targets": [NPV, COST]}),
    ("comparisons", {"scenarios": [RACK, TWO, NEOCLOUD], "bridge": COST}),
)
BAD_POSTS = (
    ("quotes", {}),
    ("quotes", []),
    ("quotes", {"scenario": "no-such"}),
    ("quotes", {"scenario": 1}),
    ("quotes", {"scenario": {}}),
    ("quotes", {**SHIPPED, "targets": ["npv"]}),
    ("quotes", {**SHIPPED, "targets": "npv"}),
    ("quotes", {**SHIPPED, "target": [NPV]}),
    ("quotes", {"scenario": {**TWO, "hardware": {"gpu_per_rack": "nan"}}}),
    ("quotes", {"scenario": {**TWO, "hardware": {"gpu_per_rack": 10**30}}}),
    ("quotes", {"scenario": {**TWO, "finance": {"wacc_per_year": -1}}}),
    ("quotes", {"scenario": {**TWO, "finance": {"wac_per_year": 0.1}}}),
    ("quotes", {"scenario": {**TWO, "accelerator": "h1000"}}),
    ("quotes", {"scenario": {**TWO, "value": 1}}),
    ("quotes", {"scenario": {**TWO, "power": []}}),
    ("quotes", {"scenario": {**TWO, "model": "rak"}}),
    ("quotes", {"scenario": {**TWO, "given": {"npv": 1}}}),
    ("depreciation", {"scenario": "perplexity-2024"}),
    ("cashflows", {"scenario": "azure-openai-2024"}),
    ("sweeps", {**SHIPPED, "axes": []}),
    ("sweeps", {**SHIPPED, "axes": [{"kind": "grid", "field": "pue"}]}),
    ("sweeps", {**SHIPPED, "axes": [span("pue", 2, 1, 3)]}),
    ("sweeps", {**SHIPPED, "axes": [span("pue", 0.5, 1, 3)]}),
    ("sweeps", {**SHIPPED, "axes": [listed("puee", 1, 2)]}),
    ("sweeps", {**SHIPPED, "axes": [USE, USE]}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "none"}}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "share", "condition": "moic"}}),
    ("sweeps", {**SHIPPED, "axes": [USE], "reduce": {"kind": "frontier", "field": "pue"}}),
    ("sweeps", {**SHIPPED, "axes": [USE], "backend": "nunpy"}),
    ("sweeps", {**SHIPPED, "axes": [USE], "backend": "cuda"}),
    ("sweeps", {**SHIPPED, "axes": [USE], "targets": ["book_value_usd_per_rack"]}),
    ("simulations", {**SHIPPED, "draws": {}}),
    ("simulations", {**SHIPPED, "draws": {"fields": {"pue": {"kind": "beta"}}}}),
    ("simulations", {**SHIPPED, "draws": {"fields": DRAWS["fields"]}, "conditions": ["npv"]}),
    ("sensitivity", {**ASKED, "target": "npv"}),
    ("sensitivity", {**ASKED, "by_fraction": 3}),
    ("solve", {**SOUGHT, "between": [2, 1]}),
    ("solve", {**SOUGHT, "unknown": "utilization"}),
    ("solve", {**SOUGHT, "value": "x"}),
    ("explain", {**ASKED, "depth": -1}),
    ("explain", {**ASKED, "target": "npv"}),
    ("comparisons", {"scenarios": [RACK]}),
    ("comparisons", {"scenarios": [RACK, "x"]}),
    ("comparisons", {"scenarios": [RACK, NEOCLOUD], "bridge": "npv"}),
    ("nothing", {}),
)
BODIES = (b"", b"{", b"x", b'"\xff"', b"[" * 2000, b"1e999", b'{"scenario": NaN}', b"\x00", b"{}x")

# ---------------------------------------------------------------- how it is written down


class Caught:
    """Keeps the error that ends a block, if one does."""

    error = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.error = error
        return isinstance(error, Exception)


class Record:
    """The entries of one group."""

    def __init__(self):
        """No entries yet."""
        self.entries = {}

    def add(self, key, values, text=None):
        """An entry: its values, and its text by place."""
        while key in self.entries:
            key += " (again)"
        said = {place: masked(one) for place, one in (text or {}).items()}
        self.entries[key] = {"values": values, "text": said}

    def answer(self, key, found, **values):
        """An entry of plain data, whose prose becomes text."""
        text = {}
        split = parted(found, text)
        self.add(key, {**values, "answer": split}, text)

    def attempt(self, key, work):
        """Let some work make an entry; what it raises is the entry otherwise."""
        with Caught() as caught:
            return work()
        self.add(key, raised(caught.error), {"error": str(caught.error)})
        return None


def raised(error):
    """What is to stay of an error: its kind, and the place that it names."""
    return {"raised": type(error).__name__, "where": getattr(error, "where", None)}


def masked(text):
    """A text without what differs from run to run."""
    for name, said in ((os.environ.get("WITNESS_TREE"), "<tree>"), (str(Path.cwd()), "<here>")):
        text = text.replace(name, said) if name else text
    text = SECONDS.sub("<seconds> s", text)
    return re.sub(r"\brackrate \d+\.\d+\.\d+", "rackrate <version>", text)


def is_prose(key, value):
    """Whether a text under a key is prose; defaults are, where they are sentences."""
    return key in PROSE or (key in ("default", "const") and value.count(" ") > 2)


def parted(found, text, place="", key=""):
    """Plain data without its prose, which goes to `text` by place."""
    if isinstance(found, dict):
        return {name: parted(one, text, f"{place}.{name}", name) for name, one in found.items()}
    if isinstance(found, list):
        return [parted(one, text, f"{place}[{at}]", key) for at, one in enumerate(found)]
    if key in MASKS and isinstance(found, str | float):
        return MASKED
    if isinstance(found, str) and is_prose(key, found):
        text[place] = found
        return TEXT
    return masked(found) if isinstance(found, str) else found


def plain(found):
    """What `economics` answers as plain data, by way of JSON."""
    import msgspec

    return json.loads(msgspec.json.encode(found))


def sha(data):
    """A hash of bytes or text."""
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()[:32]


def column(values):
    """An array as its hash and its first numbers; all that is no number is the same."""
    import numpy as np

    array = np.asarray(values)
    if array.dtype.kind == "f":
        array = np.where(np.isnan(array), np.nan, array)
    flat = np.ascontiguousarray(array).reshape(-1)
    firsts = [repr(one) for one in flat[:FIRST].tolist()]
    shape = list(array.shape)
    return {"sha": sha(flat.tobytes()), "type": str(array.dtype), "shape": shape, "first": firsts}


def defining(name):
    """The module of the tree that defines a name at its top level."""
    tree = Path(os.environ["WITNESS_TREE"])
    wanted = re.compile(rf"^(?:def|class) {name}\b|^{name}(?:: [^=\n]+)? = ", re.MULTILINE)
    packages = [path.parent for path in sorted(tree.glob("[a-z]*/__init__.py"))]
    for path in (path for package in packages for path in sorted(package.rglob("*.py"))):
        if package_of(path, tree) != "tests" and wanted.search(path.read_text()):
            inner = path.relative_to(tree).with_suffix("").parts
            return importlib.import_module(".".join(inner).removesuffix(".__init__"))
    raise LookupError(f"no module defines {name}")


def package_of(path, tree):
    """The package at the top of a tree that a file belongs to."""
    return path.relative_to(tree).parts[0]


def application():
    """The HTTP application."""
    for name in ("service.web.app", "service.app"):
        with contextlib.suppress(ModuleNotFoundError):
            return importlib.import_module(name).create_app()
    return defining("create_app").create_app()


def client():
    """A client of the application; its faults are answers, as over a network."""
    from litestar.testing import TestClient

    return TestClient(application(), raise_server_exceptions=False)


def typed(arguments, given=""):
    """What a command line leaves: exit code, standard output, standard error."""
    from service.__main__ import main

    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    stdin = io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8")
    read = mock.patch.object(sys, "stdin", stdin)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), read:
        code = main([str(one) for one in arguments])
    return code, *(one.buffer.getvalue().decode() for one in (out, err))


def command(record, arguments, mode="shown", given="", key=None):
    """An entry of a command line; its output is JSON, a file's text, or shown to people."""
    key = key or "rackrate " + " ".join(str(one) for one in arguments)
    code, out, err = typed(arguments, given)
    values, text = {"exit": code, "said": [bool(out), bool(err)]}, {"err": err} if err else {}
    if mode == "json" and out:
        values["json"] = parted(json.loads(out), text)
    elif mode == "data":
        values["data"] = {"sha": sha(masked(out)), "first": masked(out)[:400]}
    elif out:
        text["out"] = out
        if mode == "shown" and code == 0:
            values["numbers"] = NUMBER.findall(masked(out))
    record.add(key, values, text)


def both(record, arguments):
    """A command as it is shown, and as JSON."""
    command(record, arguments)
    command(record, [*arguments, "--json"], "json")


# ---------------------------------------------------------------- what is asked of what


def shipped():
    """The tables of every shipped scenario, by name."""
    return json.loads(typed(["catalog", "scenarios", "--json"])[1])


def names():
    """The names of all quantities."""
    with client() as found:
        return list(found.get("/v1/quantities").json()["quantities"])


def changed(tables, changes):
    """Tables with changes by dotted path; a change of a whole table replaces it."""
    made = json.loads(json.dumps(tables))
    for path, value in changes.items():
        *inner, last = path.split(".")
        at = made
        for name in inner:
            at = at[int(name)] if isinstance(at, list) else at.setdefault(name, {})
        at[last] = value
    return without_none(made)


def without_none(tables):
    """Tables without what is not stated."""
    if isinstance(tables, dict):
        return {name: without_none(one) for name, one in tables.items() if one is not None}
    return [without_none(one) for one in tables] if isinstance(tables, list) else tables


def scenario(name, scenarios):
    """The tables of a variant, or of a shipped scenario."""
    if name in VARIANTS:
        base, changes = VARIANTS[name]
        return changed(scenarios[base] if isinstance(base, str) else base, changes)
    return scenarios[name]


def answers(tables, targets):
    """The quantities of a scenario that have answers, and the errors of the others."""
    import economics

    left, refused = list(targets), {}
    while left:
        try:
            return plain(economics.quote(tables, left))["quantities"], refused
        except (economics.Problem, economics.NoAnswer) as error:
            named = getattr(error, "value", None)
            if len(left) > 1 and named not in left:
                return apart(tables, left, refused)
            named = named if named in left else left[0]
            refused[named] = error
            left.remove(named)
    return {}, refused


def apart(tables, targets, refused):
    """The same of two halves, where an error does not say which target it is of."""
    half = len(targets) // 2
    parts = [answers(tables, part) for part in (targets[:half], targets[half:])]
    return {**parts[0][0], **parts[1][0]}, {**refused, **parts[0][1], **parts[1][1]}


def everything(record, key, tables, targets):
    """An entry of all quantities of a scenario; returns those that it has."""
    found, refused = answers(tables, targets)
    text = {f"refused.{name}": str(error) for name, error in refused.items()}
    values = parted(found, text)
    errors = {name: raised(error) for name, error in refused.items()}
    record.add(key, {"answer": values, "refused": errors}, text)
    return list(found)


def group(make):
    """Let a function be a group of entries, by its name."""
    RECORDS[make.__name__] = make
    return make


@group
def quotes(record):
    """Every quantity of every shipped scenario, and the ready-made questions."""
    asked = names()
    for name, tables in shipped().items():
        known = everything(record, f"quantities of {name}", tables, asked)
        wanted = [word for one in known for word in ("--target", one)]
        for more, mode in (([], "shown"), (["--json"], "json")):
            key = " ".join(["rackrate quote", name, "--target ALL", *more])
            command(record, ["quote", name, *wanted, *more], mode, key=key)
        for verb in ("quote", "breakeven", "depreciate", "cashflow"):
            both(record, [verb, name])


@group
def variants(record):
    """Every quantity of scenarios that reach what no shipped one does."""
    asked, scenarios = names(), shipped()
    for name in VARIANTS:
        tables = scenario(name, scenarios)
        count = len(tables.get("revenue", {}).get("tranches", ()))
        own = [f"tranches[{at}].{one}" for at in range(count) for one in TRANCHE_NAMES]
        key = f"variant {name}"
        record.attempt(key, partial(everything, record, key, tables, [*asked, *own]))


@group
def explanations(record):
    """How numbers come about."""
    write_files()
    for name, target, *more in EXPLAINED:
        both(record, ["explain", name, target, *more])


def write_files():
    """The files that commands are given, in this folder."""
    text = toml(TWO)
    Path("two-tranches.toml").write_text(text)
    Path("two-tranches.json").write_text(json.dumps(TWO))
    for name, (old, new) in BAD_FILES.items():
        assert old in text, old
        Path(f"bad-{name}.toml").write_text(text.replace(old, new, 1))
    Path("taken.csv").write_text("old")
    Path("vms.csv").write_text(SKYPILOT)
    os.utime("vms.csv", (1.76e9, 1.76e9))


def toml(tables):
    """Tables as a TOML file."""
    lines = [f"name = {json.dumps(tables['name'])}"]
    for name, table in tables.items():
        if isinstance(table, dict):
            lines.append(f"[{name}]")
            lines += [f"{k} = {json.dumps(v)}" for k, v in table.items() if k != "tranches"]
    for one in tables["revenue"]["tranches"]:
        lines += ["[[revenue.tranches]]", *(f"{k} = {json.dumps(v)}" for k, v in one.items())]
    return "\n".join(lines) + "\n"


def swept(record, key, spec, **options):
    """An entry of a sweep by Python."""
    import economics

    result = economics.sweep(spec, **options)
    if isinstance(result, economics.Reduced):
        record.answer(key, plain(result))
        return
    text, columns = {}, {}
    for name, one in result.columns.items():
        columns[name] = {"unit": one.unit, "categories": list(one.categories)}
        columns[name] |= column(one.values)
        text[name] = one.description
    text["why"] = result.why
    basis = parted(plain(result.basis), text)
    values = {"axes": list(result.axes), "shape": list(result.shape), "columns": columns}
    record.add(key, {**values, "backend": result.backend, "basis": basis}, text)


def by_backend(record, backend):
    """All sweeps by Python on one engine."""
    scenarios = shipped()
    for name, spec in SWEEPS.items():
        full = {**spec, "scenario": scenario(spec["scenario"], scenarios)}
        full = {part: list(one) if isinstance(one, tuple) else one for part, one in full.items()}
        key = f"sweep {name} on {backend}"
        record.attempt(key, lambda k=key, f=full: swept(record, k, f, backend=backend))
        if name in ("returns", "summary", "frontier"):
            tiles = {"backend": backend, "threads": 1, "tile_cells": 1000}
            key = f"sweep {name} in tiles on {backend}"
            record.attempt(key, lambda k=key, f=full, t=tiles: swept(record, k, f, **t))


@group
def sweeps_on_numpy(record):
    """Sweeps by Python on numpy."""
    by_backend(record, "numpy")


@group
def sweeps_on_jit(record):
    """Sweeps by Python on compiled code."""
    by_backend(record, "jit")


@group
def sweep_commands(record):
    """Sweeps by the command line: shown, as JSON, as CSV, and as files."""
    write_files()
    for arguments in SWEPT:
        both(record, ["sweep", *arguments])
    for arguments in (SWEPT[0], SWEPT[7], SWEPT[8]):
        command(record, ["sweep", *arguments, "-o", "-"], "data")
        command(record, ["sweep", *arguments, "-o", "-", "--reduce", "cells"], "data")
    for ending in ("csv", "json", "parquet", "arrow", "xlsx"):
        for backend in ("numpy", "jit"):
            path = Path(f"{backend}.{ending}")
            axes = ("--sweep", "utilisation=0.2,0.5,1", "--sweep", "economic_life_years=3,5")
            asked = ("--target", NPV, "--target", "payback_years", "--backend", backend)
            command(record, ["sweep", NEOCLOUD, *axes, *asked, "-o", path])
            key = f"file {path}"
            record.attempt(key, lambda k=key, p=path: filed(record, k, p))


def filed(record, key, path):
    """An entry of a file that a sweep has written."""
    if path.suffix == ".csv":
        record.add(key, {"data": path.read_text()})
    elif path.suffix == ".json":
        record.answer(key, json.loads(path.read_text()))
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            inner = {one: book.read(one).decode() for one in book.namelist()}
        sheets = {one: sha(said) for one, said in inner.items() if "/sheet" in one}
        words = {one: said for one, said in inner.items() if "haredStrings" in one}
        record.add(key, {"sheets": sheets, "parts": sorted(inner)}, words)
    else:
        framed(record, key, path)


def framed(record, key, path):
    """An entry of a Parquet or Arrow file."""
    import polars

    read = polars.read_parquet if path.suffix == ".parquet" else polars.read_ipc
    frame = read(path)
    rows = [[repr(one) for one in row] for row in frame.rows()]
    kinds = {name: str(kind) for name, kind in frame.schema.items()}
    text, about = {}, {}
    if path.suffix == ".parquet":
        for name, said in polars.read_parquet_metadata(path).items():
            if name != "ARROW:schema":
                with contextlib.suppress(ValueError):
                    said = json.loads(said)
                about[name] = parted(said, text, name, name)
    record.add(key, {"rows": rows, "kinds": kinds, "metadata": about}, text)


@group
def uncertainty(record):
    """Simulations and sensitivities."""
    write_files()
    for arguments in UNCERTAIN:
        both(record, arguments)


@group
def questions(record):
    """Comparisons, solves, and scenarios from files, standard input and the environment."""
    write_files()
    for arguments in COMPARED:
        both(record, ["compare", *arguments])
    for arguments in SOLVED:
        both(record, arguments)
    for arguments in (["quote", "two-tranches.toml"], ["quote", "two-tranches.json"]):
        both(record, arguments)
    command(record, ["quote", "-", "--json"], "json", Path("two-tranches.json").read_text())
    for stated, arguments in ENVIRONMENTS:
        said = " ".join(f"{name}={value}" for name, value in stated.items())
        mode = "json" if "--json" in arguments else "shown"
        with mock.patch.dict(os.environ, stated):
            command(record, arguments, mode, key=f"{said} rackrate {' '.join(arguments)}")


@group
def words(record):
    """Help, catalog, schema, doctor, imports, and lines that cannot be."""
    write_files()
    for arguments in ([], ["--help"], ["--version"], *([one, "--help"] for one in COMMANDS)):
        command(record, arguments, "words")
    kinds = json.loads(typed(["catalog", "--json"])[1])
    for arguments in ([], *([kind] for kind in kinds)):
        both(record, ["catalog", *arguments])
    for kind, rows in kinds.items():
        for row in rows:
            both(record, ["catalog", kind, row])
    command(record, ["schema"], "json")
    for model in ("", "rack", "lease", "program", "commitments", "bill", "margin"):
        command(record, ["schema", "--example", *([model] if model else [])], "words")
    doctor(record)
    for arguments in BAD_LINES:
        command(record, arguments, "words", "{")
    for name in BAD_FILES:
        for verb in ("quote", "cashflow"):
            command(record, [verb, f"bad-{name}.toml"], "words")
    imports(record)


def doctor(record):
    """What the doctor says, without what is of the machine."""
    found = json.loads(typed(["doctor", "--json"])[1])
    for name in ("rackrate", "python", "platform", "configs"):
        found[name] = MASKED if name in found else None
    found["packages"] = dict.fromkeys(found["packages"], MASKED)
    said = {name: one for name, one in found["engines"].items() if one != "ok"}
    found["engines"] |= dict.fromkeys(said, TEXT)
    record.add("rackrate doctor --json", found, said)
    lines = [one.partition(":")[0] for one in typed(["doctor"])[1].splitlines()]
    record.add("rackrate doctor", {"lines": len(lines)}, {"out": "\n".join(lines)})


def imports(record):
    """Rows of the user's own."""
    with mock.patch.dict(os.environ, {"RACKRATE_CATALOG": "own"}):
        command(record, ["catalog", "import", "vms.csv", "--prefix", "aws"], "words")
        stated = ["--source", "us", "--as-of", "2026-01-01"]
        command(record, ["catalog", "import", "vms.csv", "--json", *stated], "json")
        command(record, ["catalog", "import", "vms.csv", "-o", "mine.toml"], "words")
        for arguments in (["catalog", "rentals"], ["catalog", "aws-p5.48xlarge-us-east-1"]):
            both(record, arguments)
        market = ["--set", "market=aws-p5.48xlarge-us-east-1"]
        both(record, ["quote", RACK, *market, "--target", NPV])
        record.add("file own/rentals.toml", {}, {"file": Path("own/rentals.toml").read_text()})


@group
def http(record):
    """Every route, good and bad bodies, limits and keys."""
    with client() as found:
        for path in readable(found):
            asked(record, found, "GET", path)
        asked(record, found, "HEAD", "/v1/quantities")
        asked(record, found, "GET", "/v1/scenarios", headers={"if-none-match": "*"})
        asked(record, found, "OPTIONS", "/v1/quotes")
        asked(record, found, "DELETE", "/v1/quotes")
        asked(record, found, "GET", "/v1/quotes")
        for path, body in (*POSTS, *BAD_POSTS):
            asked(record, found, "POST", f"/v1/{path}", json=body)
        for media in ("application/json", "application/msgpack", "text/plain"):
            for body in BODIES:
                headers = {"content-type": media}
                asked(record, found, "POST", "/v1/quotes", content=body, headers=headers)
        for media in ("application/msgpack", "text/html", "*/*;q=0", "nonsense"):
            headers = {"accept": media}
            asked(record, found, "POST", "/v1/quotes", json={**SHIPPED}, headers=headers)
    limits(record)


def limits(record):
    """A service of small limits, behind keys."""
    Path("keys.txt").write_text(hashlib.sha256(b"secret").hexdigest() + "\n")
    stated = {"MAX_BODY_BYTES": "2048", "MAX_INLINE_CELLS": "10", "MAX_SWEEP_CELLS": "100"}
    stated |= {"API_KEYS_FILE": "keys.txt", "BACKEND": "numpy"}
    key = {"authorization": "Bearer secret"}
    stated = {f"RACKRATE_{one}": value for one, value in stated.items()}
    with mock.patch.dict(os.environ, stated), client() as found:
        asked(record, found, "GET", "/v1/scenarios", "no key ")
        asked(record, found, "GET", "/health/ready", "no key ")
        asked(record, found, "GET", "/v1/scenarios", "key ", headers=key)
        wrong = {"authorization": "Bearer wrong"}
        asked(record, found, "GET", "/v1/scenarios", "wrong key ", headers=wrong)
        for axes in ([USE], [USE, PRICE], [LIFE]):
            for reduce in ({"kind": "cells"}, {"kind": "summary"}):
                body = {**SHIPPED, "axes": axes, "reduce": reduce, "targets": [NPV]}
                asked(record, found, "POST", "/v1/sweeps", "limits ", json=body, headers=key)
        body = {**SHIPPED, "targets": ["x" * 3000]}
        asked(record, found, "POST", "/v1/quotes", "limits ", json=body, headers=key)


def readable(found):
    """The paths that can be read: those of the description, and of the catalog and scenarios."""
    document = found.get("/schema/openapi.json").json()
    paths = [path for path, one in document["paths"].items() if "get" in one and "{" not in path]
    paths += ["/schema", "/schema/openapi.json", "/nothing", "/v1/catalog/x", "/v1/catalog/x/y"]
    paths += ["/v1/catalog/rentals/x", "/v1/scenarios/nvl72", "/"]
    for kind, rows in found.get("/v1/catalog").json().items():
        paths += [f"/v1/catalog/{kind}", *(f"/v1/catalog/{kind}/{row}" for row in rows[:3])]
    return [*paths, *(f"/v1/scenarios/{one}" for one in found.get("/v1/scenarios").json())]


def asked(record, found, method, path, before="", **options):
    """An entry of a request."""
    response = found.request(method, path, **options)
    sent = options.get("json", options.get("content", ""))
    sent = json.dumps(sent) if isinstance(sent, dict | list) else repr(sent) if sent else ""
    short = sent if len(sent) < 120 else f"{sent[:100]}... {sha(sent)[:8]}"
    stated = options.get("headers", {})
    headers = " ".join(f"{k}={v}" for k, v in stated.items() if k != "authorization")
    key = " ".join(one for one in (f"{before}{method} {path}", short, headers) if one)
    text, body = {}, bodied(response)
    kept = {k: v for k, v in response.headers.items() if k not in ("content-length", "date")}
    kept |= {one: MASKED for one in ("etag", "x-request-id") if one in kept}
    values = {"status": response.status_code, "headers": dict(sorted(kept.items()))}
    record.add(key, {**values, "body": parted(body, text)}, text)


def bodied(response):
    """What an answer's body holds."""
    import msgspec

    media = response.headers.get("content-type", "")
    if "json" in media and response.content:
        return json.loads(response.content)
    return msgspec.msgpack.decode(response.content) if "msgpack" in media else response.text


@group
def public(record):
    """The public names: what they take, what they hold, what they say."""
    import msgspec

    import economics

    record.add("economics", {"all": list(economics.__all__)}, {"doc": economics.__doc__ or ""})
    for name in economics.__all__:
        one, values = getattr(economics, name), {"kind": "class"}
        if inspect.isclass(one) and issubclass(one, msgspec.Struct):
            values["fields"] = [[f.name, f.required] for f in msgspec.structs.fields(one)]
        elif not inspect.isclass(one):
            parameters = inspect.signature(one).parameters.values()
            values["takes"] = [[p.name, p.kind.name, repr(p.default)[:80]] for p in parameters]
            values["kind"] = "function"
        record.add(f"economics.{name}", values, {"doc": inspect.getdoc(one) or ""})
    with client() as found:
        fields = found.get("/v1/quantities").json()["fields"]
    record.add("paths", {"fields": {k: [one["path"] for one in v] for k, v in fields.items()}})
    python(record)


def python(record):
    """Questions by Python, as the documents have them."""
    import numpy as np

    import economics

    tables = shipped()[RACK]
    record.answer("python quote", plain(economics.quote(tables, [NPV, COST])))
    record.answer("python solve", plain(economics.solve(tables, NPV, 0.0, "utilisation")))
    record.answer("python compare", plain(economics.compare([tables, TWO], [NPV])))
    spec = {"scenario": tables, "axes": [USE, LIFE], "targets": [NPV, "irr_per_year"]}
    out = {NPV: np.full((17, 4), 7.0)}
    economics.run(economics.prepare(spec), out=out)
    record.add("python run into arrays", column(out[NPV]))
    for at, bad in enumerate(({}, {"scenario": tables}, {**spec, "axs": 1}, {**spec, "axes": 1})):
        record.attempt(f"python bad sweep {at}", lambda b=bad: economics.prepare(b))
    drawn = {"fields": DRAWS["fields"], "count": 256}
    found = economics.simulate({"scenario": tables, "draws": drawn, "targets": [NPV]})
    record.answer("python simulate", plain(found))
    found = economics.sensitivity({"scenario": tables, "target": NPV})
    record.answer("python sensitivity", plain(found))
    record.answer("python scenario", plain(economics.scenario(tables).scenario))
    record.attempt("economics.nothing", lambda: economics.nothing)


# ---------------------------------------------------------------- kernels for GPUs


class Array:
    """Memory of a device that holds zeros."""

    def __init__(self, size):
        """So many numbers."""
        self.size = size

    def __getitem__(self, part):
        return Array(len(range(*part.indices(self.size))))

    def set(self, values, stream=None):
        """Nothing is kept."""

    def get(self, stream=None, out=None, blocking=True):
        """Zeros."""
        out[...] = 0
        return out


def stand_in(sources):
    """Modules that look like cupy and compute nothing; the kernels' sources are put into a list."""
    import numpy as np

    def module(code, options=(), backend="nvrtc"):
        sources.append((code, list(options)))
        return mock.MagicMock()

    errors = {one: type(one, (Exception,), {"status": 0}) for one in ("A", "B", "C", "D")}
    cupy, cuda = mock.MagicMock(__version__="0"), mock.MagicMock()
    cuda.runtime.driverGetVersion.return_value = 12090
    cuda.runtime.getDeviceCount.return_value = DEVICES
    cuda.runtime.getDeviceProperties.return_value = {"name": b"stand-in"}
    cuda.runtime.CUDARuntimeError, cuda.driver.CUDADriverError = errors["A"], errors["B"]
    cuda.memory.OutOfMemoryError, cuda.compiler.CompileException = errors["C"], errors["D"]
    cuda.nvrtc.getVersion.return_value = (12, 9)
    device = cuda.Device.return_value
    device.attributes = {"MultiProcessorCount": 2}
    device.compute_capability, device.mem_info = "90", (1 << 34, 1 << 34)
    cupy.cuda, cupy.empty, cupy.RawModule = cuda, lambda size, kind=float: Array(size), module
    cupyx = mock.MagicMock(empty_pinned=lambda size, kind=float: np.zeros(size, kind))
    for name, one in (("cupy", cupy), ("cupyx", cupyx)):
        one.__spec__ = importlib.machinery.ModuleSpec(name, None)
        sys.modules[name] = one


def written(record, key, sources, work):
    """An entry of the kernels' sources that some work has written."""
    sources.clear()
    with Caught() as caught:
        work()
    ended = "whole" if caught.error is None else type(caught.error).__name__
    sources = list({code: (code, options) for code, options in sources}.values())
    bare = [" ".join(COMMENTS.sub("", code).split()) for code, _ in sources]
    kept = [{"sha": sha(one), "size": len(one)} for one in bare]
    values = {"ended": ended, "sources": kept, "options": [options for _, options in sources]}
    record.add(key, values, {f"[{at}]": sha(code) for at, (code, _) in enumerate(sources)})


def wider(axis):
    """An axis with more values between its ends."""
    if axis["kind"] in ("linspace", "logspace"):
        return {**axis, "count": axis["count"] * WIDER}
    return axis


@group
def cuda(record):
    """The kernels that would run on a GPU, plan by plan, and the hashes of what is known."""
    import economics

    sources, scenarios = [], shipped()
    stand_in(sources)
    for name, spec in SWEEPS.items():
        axes = [wider(one) for one in spec["axes"]]
        full = {**spec, "axes": axes, "scenario": scenario(spec["scenario"], scenarios)}
        full = {part: list(one) if isinstance(one, tuple) else one for part, one in full.items()}
        work = partial(economics.sweep, full, backend="cuda", threads=1)
        written(record, f"kernels of sweep {name}", sources, work)
    known(record, sources)


def known(record, sources):
    """The plans whose answers have known hashes."""
    plans = record.attempt("known plans", lambda: defining("KNOWN").KNOWN)
    for plan in plans or ():
        record.attempt(f"known {plan.name}", partial(known_plan, record, plan))
        work = partial(by_device, plan)
        written(record, f"kernels of known {plan.name}", sources, work)


def by_device(plan):
    """What a device would be given of a known plan."""
    plan.by_device(defining("Session").Session(0))


def known_plan(record, plan):
    """An entry of a known plan: the hash that is stated, and that of what numpy answers."""
    import numpy as np

    made = hashlib.sha256()
    for one in plan.by_numpy():
        made.update(np.where(np.isnan(one), np.nan, one).astype("<f8").tobytes())
    values = {"sha": plan.sha256, "numpy": made.hexdigest(), "cells": plan.cells}
    record.add(f"known {plan.name}", values)


@group
def program(record):
    """The program as it is started, a process each."""
    lines = (["--version"], ["quote", RACK, "--json"], ["quote", RACK], ["qoute"], ["serve", "-x"])
    for arguments in (*lines, ["explain", RACK, NPV], ["sweep", RACK, "--sweep", "pue=1.1,1.2"]):
        run = [sys.executable, "-P", "-m", "service", *arguments]
        done = subprocess.run(run, capture_output=True, text=True, timeout=120, check=False)
        text = {"out": done.stdout, "err": done.stderr}
        values = {"exit": done.returncode}
        if "--json" in arguments:
            values["json"], text["out"] = parted(json.loads(done.stdout), text), ""
        record.add(f"program {' '.join(arguments)}", values, text)


# ---------------------------------------------------------------- record and compare


def remember():
    """Let near names be looked for once each: a scenario is asked for many names it lacks."""
    known, found = difflib.get_close_matches, {}

    def matches(word, possibilities, n=3, cutoff=0.6):
        key = word, tuple(possibilities), n, cutoff
        if key not in found:
            found[key] = known(word, key[1], n, cutoff)
        return list(found[key])

    difflib.get_close_matches = matches


def make(tree, name, out):
    """Write the entries of one group, in a process that imports the tree."""
    remember()
    import economics

    where = Path(economics.__file__).resolve()
    assert where.is_relative_to(tree), f"economics is that of {where}, not of {tree}"
    record, ended = Record(), "whole"
    with Caught() as caught:
        RECORDS[name](record)
    if caught.error is not None:
        traceback.print_exception(caught.error)
        ended = f"{type(caught.error).__name__}: {caught.error}"
    record.add(f"group {name}", {"ended": ended})
    Path(out).write_text(json.dumps({f"{name}: {k}": v for k, v in record.entries.items()}))


def started(tree, name, folder):
    """Run one group in a process of its own; returns its entries."""
    began, here, out = time.perf_counter(), Path(folder) / name, Path(folder) / f"{name}.json"
    here.mkdir()
    dropped = ("RACKRATE_", "PYTHON", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TTY_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    environment |= {"PYTHONPATH": str(tree), "WITNESS_TREE": str(tree), "HOME": str(here)}
    environment |= {"XDG_CACHE_HOME": str(here / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    run = [sys.executable, "-P", str(Path(__file__).resolve()), "group", str(tree), name, str(out)]
    done = subprocess.run(run, cwd=here, env=environment, check=False, timeout=1800)
    found = json.loads(out.read_text()) if out.exists() else {}
    if not found:
        found = {f"{name}: group {name}": {"values": {"ended": done.returncode}, "text": {}}}
    seconds = time.perf_counter() - began
    sys.stderr.write(f"{name}: {len(found)} entries, {seconds:.0f} s\n")
    return found


def record_all(tree, out):
    """Record a tree."""
    tree, folder = Path(tree).resolve(), tempfile.mkdtemp(prefix="witness-")
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            parts = list(pool.map(lambda name: started(tree, name, folder), RECORDS))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    whole = {key: entry for part in parts for key, entry in part.items()}
    Path(out).write_text(json.dumps(whole, indent=0))
    broken = [key for key, one in whole.items() if one["values"] not in (None, {}) and ended(one)]
    for key in broken:
        sys.stderr.write(f"{key}: {ended(whole[key])}\n")
    sys.stderr.write(f"{len(whole)} entries in {out}\n")
    return 1 if broken else 0


def ended(entry):
    """How a group ended, if not whole."""
    values = entry["values"]
    alone = isinstance(values, dict) and list(values) == ["ended"]
    return values["ended"] if alone and values["ended"] != "whole" else None


def leaves(found, place=""):
    """Every leaf of plain data by its path, and the order of every table's names."""
    if isinstance(found, dict):
        yield f"{place} (order of names)", list(found)
        for name, one in found.items():
            yield from leaves(one, f"{place}.{name}")
    elif isinstance(found, list) and any(isinstance(one, dict | list) for one in found):
        yield f"{place} (how many)", len(found)
        for at, one in enumerate(found):
            yield from leaves(one, f"{place}[{at}]")
    else:
        yield place, found


def differing(old, new):
    """Path, before and after of each value that differs."""
    before, after = dict(leaves(old)), dict(leaves(new))
    for place in dict.fromkeys([*before, *after]):
        a, b = (one.get(place, types.SimpleNamespace()) for one in (before, after))
        absent = [isinstance(one, types.SimpleNamespace) for one in (a, b)]
        a, b = ("(none)" if no else json.dumps(one) for no, one in zip(absent, (a, b), strict=True))
        if a != b and not (any(absent) and place.endswith(" (order of names)")):
            yield place, a, b


def reworded(old, new):
    """Place, before and after of each run of lines that differs."""
    for place in dict.fromkeys([*old, *new]):
        a, b = (one.get(place, "").splitlines() for one in (old, new))
        if a == b:
            continue
        for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, False).get_opcodes():
            if tag != "equal":
                yield f"{place} line {i + 1}", "\n".join(a[i:j]), "\n".join(b[k:m])


def clipped(one, other):
    """Two texts, short, from a little before where they first differ."""
    first = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    first = min(len(one), len(other)) if first is None else first
    start = max(0, first - 40)
    for text in (one, other):
        said = text[start : start + CLIPPED]
        more = "..." if start + CLIPPED < len(text) else ""
        yield f"{'...' if start else ''}{said}{more}".replace("\n", " | ")


def compare(old, new):
    """Print every difference of two records, the same ones together; 1 if a value differs."""
    old, new = (json.loads(Path(one).read_text()) for one in (old, new))
    found = {"value": {}, "text": {}}
    for key in dict.fromkeys([*old, *new]):
        if key not in old or key not in new:
            both_sides = ("(none)", "(an entry)") if key in new else ("(an entry)", "(none)")
            found["value"].setdefault(both_sides, []).append(key)
            continue
        for place, *sides in differing(old[key]["values"], new[key]["values"]):
            found["value"].setdefault(tuple(sides), []).append(f"{key}  {place}")
        for place, *sides in reworded(old[key]["text"], new[key]["text"]):
            found["text"].setdefault(tuple(sides), []).append(f"{key}  {place}")
    for kind, changes in found.items():
        for sides, places in changes.items():
            show(kind, sides, places)
    for kind, changes in found.items():
        places = [one for each in changes.values() for one in each]
        entries = {one.partition("  ")[0] for one in places}
        said = f"{len(places)} ({len(changes)} distinct) in {len(entries)} entries"
        sys.stdout.write(f"{kind} differences: {said}\n")
    sys.stdout.write(f"entries: {len(old)} before, {len(new)} after\n")
    return 1 if found["value"] else 0


def show(kind, sides, places):
    """Print a difference and where it is."""
    before, after = clipped(*sides)
    sys.stdout.write(f"{kind}: {before}\n   -> {after}\n")
    for place in places[:PLACES]:
        sys.stdout.write(f"      {place}\n")
    if len(places) > PLACES:
        sys.stdout.write(f"      and {len(places) - PLACES} more places\n")


def main(arguments):
    """Record a tree, compare two records, or (within a record) make one group."""
    if len(arguments) == 3 and arguments[0] == "record":
        return record_all(*arguments[1:])
    if len(arguments) == 3 and arguments[0] == "compare":
        return compare(*arguments[1:])
    if len(arguments) == 4 and arguments[0] == "group":
        make(Path(arguments[1]), *arguments[2:])
        return 0
    sys.stderr.write(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
