"""What does an hour of one rack cost, and where does that number come from?"""

from pathlib import Path

import rackrate

RACK = Path(__file__).with_name("rack.toml")
COST = "cost_usd_per_gpu_hour"


def shown(value: object) -> str:
    """A value with thousands apart, or as it is where it is no number."""
    return f"{value:,.4f}" if isinstance(value, float) else str(value)


def tree(one: rackrate.Explanation, depth: int = 0) -> None:
    """A quantity, and below it what it is computed from; stated numbers with their source."""
    source = f"  [{one.source.source}]" if one.source else ""
    print(f"{'  ' * depth}{one.name} = {shown(one.value)} {one.unit}{source}")
    for below in one.inputs:
        tree(below, depth + 1)


rack = rackrate.scenario(RACK)  # read and checked once, asked twice

quote = rackrate.quote(rack)  # the usual questions; name your own as a second argument
for name, quantity in quote.quantities.items():
    answer = shown(quantity.value) if quantity.status == "ok" else quantity.status
    print(f"{name:40} {answer:>20} {quantity.unit}")
for notice in quote.notices:
    print("note:", notice)

print()
tree(rackrate.explain(rack, COST, depth=2))
