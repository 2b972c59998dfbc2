"""Unit economics of racks of GPUs: what an hour costs, what it must sell for, and what is at stake.

A question is a function: `quote`, `explain`, `solve`, `compare` of one scenario or a few; `sweep`,
`simulate`, `sensitivity` of thousands to millions of cells. A scenario is, everywhere, the name of
a shipped one, the path of a TOML or JSON file, a mapping with the tables of such a file, or a
record that was given back. The name of a quantity or a field says its unit.

>>> import rackrate
>>> quote = rackrate.quote("nvl72-neocloud", ["cost_usd_per_gpu_hour"])
>>> cost = quote.quantities["cost_usd_per_gpu_hour"]
>>> print(f"{cost.value:.2f} {cost.unit}")
4.09 usd/(gpu hour)

Bad input raises `Problem`, a file that is not right `FileProblem`, what cannot be computed
`NoAnswer`, an engine that is not here `BackendError`. numpy and polars are imported when they are
first used.
"""

from typing import TYPE_CHECKING, Any

import economics
from economics import (
    Comparison,
    Explanation,
    NoAnswer,
    Problem,
    Quantity,
    Quote,
    Root,
    Scenario,
    Solution,
    Source,
    Sourced,
)
from kernels.language.caches import clear_caches
from kernels.language.verbs import BackendError
from rackrate import catalog
from rackrate.frames import frame, write
from rackrate.questions import compare, explain, quote, solve
from rackrate.scenarios import read, scenario
from rackrate.sweeps import sensitivity, simulate, sweep
from service.files.reading import FileProblem, ScenarioLike

if TYPE_CHECKING:
    from economics import Column, Reduced, Sensitivity, Simulation, Table

    __version__: str

__all__ = [
    "BackendError",
    "Column",
    "Comparison",
    "Explanation",
    "FileProblem",
    "NoAnswer",
    "Problem",
    "Quantity",
    "Quote",
    "Reduced",
    "Root",
    "Scenario",
    "ScenarioLike",
    "Sensitivity",
    "Simulation",
    "Solution",
    "Source",
    "Sourced",
    "Table",
    "__version__",
    "catalog",
    "clear_caches",
    "compare",
    "explain",
    "frame",
    "quote",
    "read",
    "scenario",
    "sensitivity",
    "simulate",
    "solve",
    "sweep",
    "write",
]
NEED_NUMPY = ("Column", "Reduced", "Sensitivity", "Simulation", "Table")


def __getattr__(name: str) -> Any:
    if name in NEED_NUMPY:
        return getattr(economics, name)
    if name == "__version__":
        from service.version import version

        return version()
    raise AttributeError(f"module 'rackrate' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
