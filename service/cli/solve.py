"""`solve`: which value of a field meets a target."""

import sys
from argparse import Namespace

import economics
from service.cli import display
from service.cli.scenario_options import scenario_of


def solve(options: Namespace) -> None:
    """Every value of a field at which a target has a value."""
    between = tuple(options.between) if options.between else None
    found = economics.solve(
        scenario_of(options), options.target, options.value, options.unknown, between
    )
    if options.json:
        display.show_json(found)
        return
    low, high = found.between
    roots = [f"{found.unknown} = {root!r} {found.unit}".rstrip() for root in found.roots]
    nowhere = (
        f"no {found.unknown} between {low:g} and {high:g} gives {found.target} = {options.value:g}"
    )
    sys.stdout.write(
        "\n".join((*(roots or [nowhere]), *([f"note: {found.note}"] if found.note else []))) + "\n"
    )
