"""Sweeps by which devices are tried: costs over eight axes, present values, yearly flows with
taxes, losses, debt and rates of return.
"""

from collections.abc import Iterator
from typing import Any

import economics
from economics.sweeps.prepared import Prepared
from service.files.reading import scenario_tables, shipped_names, shipped_tables

FOLDER = "trials"


def trial(name: str) -> dict[str, Any]:
    """The sweep of a name, as a spec for all cells."""
    tables = shipped_tables(FOLDER, name)
    scenario = scenario_tables(tables["scenario"])
    finance = {**scenario["finance"], **tables.pop("finance", {})}
    return {**tables, "scenario": {**scenario, "finance": finance}, "reduce": {"kind": "cells"}}


def trials() -> Iterator[tuple[str, Prepared]]:
    """Every sweep, ready to run by numpy."""
    for name in shipped_names(FOLDER):
        yield name, economics.prepare(trial(name), "numpy")
