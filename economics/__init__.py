"""The economics of a rack of GPUs: scenarios, quantities, and what they answer.

Sweeps need numpy; `sweep`, `prepare`, `Table` and `Reduced` are imported when they are first used.
"""

from typing import TYPE_CHECKING, Any

from economics.comparing import Comparison, compare
from economics.explain import Explanation, explain
from economics.problems import NoAnswer, Problem
from economics.quote import Quantity, Quote, quote
from economics.scenario import Scenario, Source, Sourced, scenario
from economics.solving import Solution, solve

if TYPE_CHECKING:
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
    "solve",
    "sweep",
]
LATER = {"Column": "table", "Reduced": "table", "Table": "table", "prepare": "sweeping", "run": "sweeping", "sweep": "sweeping"}


def __getattr__(name: str) -> Any:
    if name in LATER:
        from importlib import import_module

        return getattr(import_module(f"economics.{LATER[name]}"), name)
    raise AttributeError(f"module 'economics' has no attribute {name!r}")
