"""Which of two racks is the better buy, and which input makes the difference?"""

from pathlib import Path

import rackrate

# The same rack of our own with another accelerator: the catalog fills price and power draw.
ours = rackrate.read(Path(__file__).with_name("rack.toml"))
older = {**ours, "name": "older", "accelerator": "gb200-nvl72"}
older["revenue"] = {
    **ours["revenue"],
    "rental_price_usd_per_gpu_hour": 3.6,
}  # made up: it is slower

targets = ["it_capex_usd_per_rack", "cost_usd_per_gpu_hour", "breakeven_utilisation"]
comparison = rackrate.compare([older, ours], [*targets, "npv_usd_per_rack"])

print("inputs that differ")
for difference in comparison.inputs:
    print(
        f"  {difference.path}: {' -> '.join(map(str, difference.values))} {difference.unit or ''}"
    )

print("\nanswers")
for name, (first, second) in comparison.outputs.items():
    print(f"  {name:32} {first.value:>16,.4f} {second.value:>16,.4f} {first.unit}")

(bridge,) = comparison.bridges
print(f"\n{bridge.target} [{bridge.unit}], from {bridge.start} to {bridge.end}")
print(f"  {bridge.start:60} {bridge.at_start:>14,.0f}")
for step in bridge.changes:
    print(f"  {' and '.join(step.fields):60} {step.change:>+14,.0f}")
print(f"  {bridge.end:60} {bridge.at_end:>14,.0f}")
