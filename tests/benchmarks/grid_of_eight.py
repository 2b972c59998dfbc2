"""The grid of the benchmarks: eight axes of ten values over a rack that pays tax, in yearly periods."""

import sys
from pathlib import Path

from racks import reference

RANGES = {
    "rental_price_usd_per_gpu_hour": (1.5, 5.0),
    "utilisation": (0.3, 1.0),
    "price_decline_per_year": (0.0, 0.3),
    "wacc_per_year": (0.05, 0.15),
    "electricity_price_usd_per_kwh": (0.04, 0.14),
    "pue": (1.1, 1.6),
    "server_price_usd_per_rack": (2e6, 5e6),
    "other_cost_usd_per_rack_year": (5e4, 2e5),
}


def spec(kind="cells", target="npv_usd_per_rack", first=10, tenth=False):
    """The sweep: `first` values on the first axis, ten on the others; `tenth`: one on the first instead, and 1e7 cells in all."""
    axes = [
        {"kind": "linspace", "field": field, "start": low, "stop": high, "count": first if at == 0 else 10}
        for at, (field, (low, high)) in enumerate(RANGES.items())
    ]
    if tenth:
        axes[0] = {"kind": "values", "field": axes[0]["field"], "values": [3.0]}
    tables = reference(finance={"tax_rate": 0.21, "periods_per_year": 1})
    reduction = {"kind": kind, **({"condition": f"{target} > 0"} if kind == "share" else {})}
    return {"scenario": tables, "axes": axes, "targets": [target], "reduce": reduction}


def peak():
    """Most memory that this process has held, in MiB: of its own, where the resource module counts what its parent held too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    from economics import prepare, run

    kind, first = sys.argv[1], int(sys.argv[2])
    prepared = prepare(spec(kind=kind, first=first))
    before = peak()
    run(prepared)
    print(peak() - before)
