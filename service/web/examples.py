"""Examples for the OpenAPI document: of requests, each of which the tests send, and what is
answered to the first of each operation, kept as it was answered.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from kernels.language.caches import cached
from service.web import job_examples

ANSWERS = Path(__file__).with_name("example_answers.json")

SCENARIO = {
    "hardware": {
        "gpu_per_rack": 72,
        "server_price_usd_per_rack": 4_000_000,
        "it_load_kw_per_rack": 132,
        "economic_life_years": 5,
    },
    "facility": {"kind": "colocation", "colocation_price_usd_per_kw_month": 180, "pue": 1.25},
    "power": {
        "electricity_price_usd_per_kwh": {"value": 0.08, "source": "contract", "as_of": "2026"}
    },
    "finance": {"wacc_per_year": 0.1, "periods_per_year": 1},
    "revenue": {"kind": "rental", "rental_price_usd_per_gpu_hour": 3.5, "utilisation": 0.7},
}
SHIPPED = "nvl72-neocloud"
PRICES = {
    "kind": "linspace",
    "field": "rental_price_usd_per_gpu_hour",
    "start": 1.5,
    "stop": 4.5,
    "count": 7,
}
USE = {"kind": "values", "field": "utilisation", "values": [0.5, 0.7, 0.9]}
NPV = "npv_usd_per_rack"
PRICE = {"kind": "lognormal", "median": 3.5, "sigma": 0.2}
DRAWN = {
    "fields": {
        PRICES["field"]: PRICE,
        USE["field"]: {"kind": "triangular", "low": 0.5, "mode": 0.7, "high": 0.9},
    },
    "count": 4096,
}
TOGETHER = [{"between": [PRICES["field"], USE["field"]], "coefficient": 0.5}]

EXAMPLES: dict[str, dict[str, dict[str, Any]]] = {
    "quote": {
        "own": {
            "scenario": SCENARIO,
            "targets": ["cost_usd_per_gpu_hour", "breakeven_utilisation", NPV],
        },
        "shipped": {"scenario": SHIPPED},
    },
    "batch": {
        "rows": {
            "kind": "rows",
            "scenarios": [SCENARIO, SHIPPED],
            "targets": ["cost_usd_per_gpu_hour", NPV],
        },
        "columns": {
            "kind": "columns",
            "scenario": SCENARIO,
            "columns": {PRICES["field"]: [2.5, 3.0, 3.5], USE["field"]: [0.6, 0.7, 0.8]},
            "targets": [NPV],
        },
    },
    "breakeven": {"shipped": {"scenario": SHIPPED}},
    "depreciation": {"shipped": {"scenario": SHIPPED}},
    "cashflow": {"shipped": {"scenario": SHIPPED}},
    "sweep": {
        "cells": {"scenario": SCENARIO, "axes": [PRICES, USE], "targets": [NPV]},
        "summary": {"scenario": SHIPPED, "axes": [PRICES, USE], "reduce": {"kind": "summary"}},
        "best": {
            "scenario": SHIPPED,
            "axes": [PRICES, USE],
            "targets": [NPV],
            "reduce": {"kind": "top", "count": 5},
        },
        "share": {
            "scenario": SCENARIO,
            "axes": [USE],
            "reduce": {"kind": "share", "condition": "breakeven_utilisation < 0.8"},
        },
        "frontier": {
            "scenario": SHIPPED,
            "axes": [PRICES, USE],
            "reduce": {"kind": "frontier", "field": USE["field"], "target": NPV},
        },
    },
    "simulate": {
        "risk": {
            "scenario": SCENARIO,
            "draws": DRAWN,
            "targets": [NPV],
            "conditions": [f"{NPV} > 0"],
        },
        "correlated": {
            "scenario": SHIPPED,
            "draws": {**DRAWN, "correlations": TOGETHER, "method": "random", "seed": 7},
            "targets": [NPV],
        },
    },
    "sensitivity": {
        "all": {"scenario": SCENARIO, "target": NPV},
        "drawn": {
            "scenario": SHIPPED,
            "target": "cost_usd_per_gpu_hour",
            "draws": {**DRAWN, "count": 512},
        },
    },
    "solve": {
        "price": {
            "scenario": SCENARIO,
            "target": NPV,
            "value": 0,
            "unknown": "rental_price_usd_per_gpu_hour",
            "between": [0, 20],
        }
    },
    "compare": {
        "shipped": {
            "scenarios": ["hgx-h100", "hgx-h200"],
            "targets": ["cost_usd_per_gpu_hour", NPV],
            "bridge": NPV,
        }
    },
    "explain": {"cost": {"scenario": SCENARIO, "target": "cost_usd_per_gpu_hour", "depth": 2}},
}


def examples_of(operation: str) -> dict[str, dict[str, Any]]:
    """The examples of an operation, as OpenAPI has them."""
    return {name: {"value": value} for name, value in EXAMPLES[operation].items()}


def answer_of(operation: str) -> dict[str, dict[str, Any]]:
    """What is answered to the first example of an operation, as OpenAPI has it."""
    if operation in job_examples.EXAMPLES:
        return job_examples.EXAMPLES[operation]
    operation = job_examples.ANSWERED_AS.get(operation, operation)
    name = next(iter(EXAMPLES.get(operation, ("answer",))))
    found = _kept()["answers"]
    return {name: found[operation]} if operation in found else {}


def problems_of(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Answers that are problems of some kinds, as OpenAPI has them."""
    found = _kept()["problems"]
    return {name: found[name] for name in names if name in found}


@cached()
def _kept() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = msgspec.json.decode(ANSWERS.read_bytes())
    return found
