"""Which rental price makes the NPV zero, at each utilisation and each cost of capital?"""

from pathlib import Path

import rackrate

RACK = Path(__file__).with_name("rack.toml")
PRICE = "rental_price_usd_per_gpu_hour"
NPV = "npv_usd_per_rack"

# One question, one answer: all prices between the two bounds at which the NPV is 0.
solution = rackrate.solve(RACK, NPV, 0.0, PRICE, between=(0.5, 20.0))
print(f"NPV = 0 at {', '.join(f'{root:.4f}' for root in solution.roots)} {solution.unit}")
print("note:", solution.note)

# Any target may be solved for: the price that gives equity a return of 20 % a year.
wanted = rackrate.solve(RACK, "equity_irr_per_year", 0.20, PRICE, between=(0.5, 20.0))
print(f"equity earns 20 % a year at {wanted.roots[0]:.4f} {wanted.unit}\n")

# The same over a grid: a frontier finds the price at which the NPV crosses 0 in every cell.
frontier = rackrate.sweep(
    RACK,
    axes=[
        {"kind": "linspace", "field": PRICE, "start": 0.5, "stop": 20.0, "count": 40},
        {"kind": "values", "field": "utilisation", "values": [0.5, 0.6, 0.7, 0.8, 0.9]},
        {"kind": "values", "field": "wacc_per_year", "values": [0.08, 0.11, 0.14]},
    ],
    targets=[NPV],
    reduce={"kind": "frontier", "field": PRICE},
)
prices = rackrate.frame(frontier).pivot("wacc_per_year", index="utilisation", values=PRICE)
print("price [usd/(gpu hour)] at which the NPV is 0, by utilisation (down) and WACC (across)")
print(prices)
