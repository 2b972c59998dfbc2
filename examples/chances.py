"""How likely is a profit when price, use and electricity are not known, and what decides?"""

from pathlib import Path

import rackrate

CHANCES = Path(__file__).with_name("chances.toml")
NPV = "npv_usd_per_rack"

simulation = rackrate.simulate(CHANCES)
print(f"{simulation.draws.count:,} draws on {simulation.backend}; {simulation.intervals}\n")
for chance in simulation.conditions:
    share = chance.probability
    print(f"P({chance.condition}) = {share.value:.3f}  ({share.low:.3f} to {share.high:.3f})")

print(f"\n{NPV} [{simulation.targets[NPV].unit}]")
for name, estimate in simulation.targets[NPV].quantiles.items():
    print(f"  {name}  {estimate.value:>14,.0f}  ({estimate.low:,.0f} to {estimate.high:,.0f})")

# Parts of the file may be replaced: here another target's chance, on the draws of the file.
better = rackrate.simulate(CHANCES, targets=[], conditions=["equity_irr_per_year > 0.2"])
(chance,) = better.conditions
least, most = chance.probability.value, chance.probability_at_most
print(f"\nP(equity earns more than 20 %): {least:.3f} to {most:.3f}", *better.notes, sep="\n")

# What decides: each stated number a tenth down and up, those that matter most first.
tornado = rackrate.sensitivity(Path(__file__).with_name("rack.toml"), NPV, by_fraction=0.1)
print(f"\n{NPV} = {tornado.value:,.0f} when nothing changes")
for bar in tornado.bars[:8]:
    swing = "no value" if bar.swing is None else f"{bar.swing:,.0f}"
    print(f"  {bar.field:40} {bar.low:>12,.4g} to {bar.high:<12,.4g} moves it by {swing:>12}")
