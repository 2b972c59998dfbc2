"""Fields that benchmarks draw; `draws_of.py ENGINE METHOD COUNT`: seconds and MiB of one simulation
in a process of its own.
"""

import json
import sys
import time
from functools import cache
from pathlib import Path

NPV = "npv_usd_per_rack"
PRICE = {"rental_price_usd_per_gpu_hour": {"kind": "lognormal", "median": 3.0, "sigma": 0.2}}
THREE = {
    **PRICE,
    "utilisation": {"kind": "triangular", "low": 0.4, "mode": 0.7, "high": 0.9},
    "electricity_price_usd_per_kwh": {"kind": "uniform", "low": 0.05, "high": 0.12},
}
FIVE = {
    **THREE,
    "price_decline_per_year": {
        "kind": "normal",
        "mean": 0.1,
        "standard_deviation": 0.05,
        "low": 0.0,
        "high": 0.3,
    },
    "wacc_per_year": {
        "kind": "normal",
        "mean": 0.1,
        "standard_deviation": 0.01,
        "low": 0.05,
        "high": 0.2,
    },
}
EIGHT = {
    **FIVE,
    "gpu_price_usd_per_gpu": {"kind": "uniform", "low": 50_000, "high": 70_000},
    "other_cost_usd_per_rack_year": {"kind": "uniform", "low": 20_000, "high": 100_000},
    "tax_rate": {"kind": "uniform", "low": 0.15, "high": 0.3},
}
ONE = {"utilisation": THREE["utilisation"]}


@cache
def tables():
    """The scenario."""
    from service.files.reading import scenario_tables

    return scenario_tables("nvl72-neocloud")


def spec(fields, **draws):
    """A simulation of the NPV."""
    return {
        "scenario": tables(),
        "draws": {"fields": fields, **draws},
        "targets": [NPV],
        "conditions": [f"{NPV} > 0"],
    }


def main(engine, method, count):
    """Print what it takes, imports and all."""
    began = time.perf_counter()
    import economics

    economics.simulate(spec(FIVE, count=int(count), method=method), engine, threads=2)
    seconds = time.perf_counter() - began
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    print(json.dumps({"seconds": seconds, "mib": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
