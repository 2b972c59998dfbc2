"""What is a contract worth if the customer may default, and which probability can be borne?"""

from pathlib import Path

import rackrate

CONTRACT = Path(__file__).with_name("contract.toml")
DEFAULT = "default_probability_per_year"
TARGETS = [
    "contract_value_usd_per_rack",
    "expected_loss_usd_per_rack",
    "backstop_value_usd_per_rack",
    "prepayment_usd_per_rack",
    "npv_usd_per_rack",
    "equity_npv_usd_per_rack",
    "lgd",
    "fair_spread_per_year",
    "backstop_spread_per_year",
    "breakeven_default_probability_per_year",
]

quote = rackrate.quote(CONTRACT, TARGETS)
for name, quantity in quote.quantities.items():
    answer = quantity.status if quantity.value is None else f"{quantity.value:,.4f}"
    print(f"{name:42} {answer:>16} {quantity.unit}")

# How the value falls as the customer becomes less sure, with and without a guarantor.
table = rackrate.sweep(
    CONTRACT,
    axes=[
        {"kind": "values", "field": DEFAULT, "values": [0.0, 0.02, 0.05, 0.1, 0.2, 0.4]},
        {"kind": "values", "field": "backstop_fraction", "values": [0.0, 0.5, 1.0]},
    ],
    targets=["npv_usd_per_rack"],
)
npv = rackrate.frame(table).pivot("backstop_fraction", index=DEFAULT, values="npv_usd_per_rack")
print("\nnpv_usd_per_rack by probability of default (down) and share of the guarantor (across)")
print(npv)
