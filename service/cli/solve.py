"""`solve`: which value of a field meets a target."""

import sys
from argparse import Namespace

import economics
from service.cli import display
from service.cli.figures import measure
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
    roots = [f"{found.unknown} = {_root(root, found)}" for root in found.roots]
    nowhere = (
        f"no {found.unknown} between {low:g} and {high:g} gives {found.target} = {options.value:g}"
    )
    sys.stdout.write(
        "\n".join((*(roots or [nowhere]), *([f"note: {found.note}"] if found.note else []))) + "\n"
    )


def _root(root: float, found: economics.Solution) -> str:
    """A root in full, as it can be stated, with its unit; in % beside it where that is read."""
    shown_in = measure(found.unknown, found.unit)
    if shown_in.in_percent:
        return f"{root!r} ({shown_in.text(root)})"
    return f"{root!r} {shown_in.unit}".rstrip()
