"""The economics of a rack of GPUs: scenarios, quantities, and what they answer.

Sweeps and draws need numpy; what they are asked by is imported when it is first used.
"""

from typing import TYPE_CHECKING, Any

from economics.questions.compare import Comparison, compare
from economics.questions.explain import Explanation, explain
from economics.questions.quote import Quantity, Quote, quote
from economics.questions.roots import Root
from economics.questions.solve import Solution, solve
from economics.scenario.reading import Scenario, Source, Sourced, scenario
from economics.vocabulary.problems import NoAnswer, Problem

if TYPE_CHECKING:
    from economics.sweeps.answers import Column, Reduced, Table
    from economics.sweeps.sweep import prepare, run, sweep
    from economics.uncertainty.sensitivity import Sensitivity, sensitivity
    from economics.uncertainty.simulate import Simulation, simulate

__all__ = [
    "Column",
    "Comparison",
    "Explanation",
    "NoAnswer",
    "Problem",
    "Quantity",
    "Quote",
    "Reduced",
    "Root",
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
    **dict.fromkeys(("Column", "Reduced", "Table"), "sweeps.answers"),
    **dict.fromkeys(("prepare", "run", "sweep"), "sweeps.sweep"),
    **dict.fromkeys(("Simulation", "simulate"), "uncertainty.simulate"),
    **dict.fromkeys(("Sensitivity", "sensitivity"), "uncertainty.sensitivity"),
}


def __getattr__(name: str) -> Any:
    if name in LATER:
        from importlib import import_module

        return getattr(import_module(f"economics.{LATER[name]}"), name)
    raise AttributeError(f"module 'economics' has no attribute {name!r}")
