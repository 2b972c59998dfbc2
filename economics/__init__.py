"""The economics of a rack of GPUs: scenarios, quantities, and what they answer.

Sweeps and draws need numpy; what they are asked by is imported when it is first used.
"""

from typing import TYPE_CHECKING, Any

from economics.comparing import Comparison, compare
from economics.explain import Explanation, explain
from economics.problems import NoAnswer, Problem
from economics.quote import Quantity, Quote, quote
from economics.scenario import Scenario, Source, Sourced, scenario
from economics.solving import Solution, solve

if TYPE_CHECKING:
    from economics.sensing import Sensitivity, sensitivity
    from economics.simulating import Simulation, simulate
    from economics.sweeping import prepare, run, sweep
    from economics.table import Column, Reduced, Table

__all__ = [
    "Column",
    "Comparison",
    "Explanation",
    "NoAnswer",
    "Problem",
    "Quantity",
    "Quote",
    "Reduced",
    "Scenario",
    "Sensitivity",
    "Simulation",
    "Solution",
    "Source",
    "Sourced",
    "Table",
    "compare",
    "explain",
    "prepare",
    "quote",
    "run",
    "scenario",
    "sensitivity",
    "simulate",
    "solve",
    "sweep",
]
LATER = {
    **dict.fromkeys(("Column", "Reduced", "Table"), "table"),
    **dict.fromkeys(("prepare", "run", "sweep"), "sweeping"),
    **dict.fromkeys(("Simulation", "simulate"), "simulating"),
    **dict.fromkeys(("Sensitivity", "sensitivity"), "sensing"),
}


def __getattr__(name: str) -> Any:
    if name in LATER:
        from importlib import import_module

        return getattr(import_module(f"economics.{LATER[name]}"), name)
    raise AttributeError(f"module 'economics' has no attribute {name!r}")
