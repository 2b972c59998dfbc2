"""Questions about many cells of a scenario: a grid, draws of uncertain fields, which input matters.

`backend` is the engine (`auto`, `numpy`, `jit`, `cuda`; default: the spec's own, else `auto`),
`threads` how many it may use. `progress(done, cells)` is called between tiles, and may raise to
stop.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import economics
from rackrate.questions import Progress
from rackrate.scenarios import spec_of
from service.files.reading import ScenarioLike

if TYPE_CHECKING:
    from economics import Reduced, Sensitivity, Simulation, Table


def sweep(
    scenario: ScenarioLike,
    axes: Sequence[Mapping[str, Any]] | None = None,
    targets: Sequence[str] | None = None,
    reduce: Mapping[str, Any] | None = None,
    backend: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> "Table | Reduced":
    """Targets over a grid of axes: a `Table` of all cells, or what the reduction leaves.

    `scenario` may be a sweep too: the name of a shipped one, the path of its file, a mapping with
    its parts; what is stated beside it takes the place of its own part. `axes`, `targets` and
    `reduce` are written as in a file (docs/sweeps.md). Values are in the units of the columns; NaN
    has its reason in a column of statuses; what a reduction leaves out is counted by status and in
    its `notes` in words. Errors: Problem, FileProblem, BackendError.

    >>> import rackrate
    >>> used = {"kind": "linspace", "field": "utilisation", "start": 0.5, "stop": 1.0, "count": 11}
    >>> table = rackrate.sweep("nvl72-neocloud", [used], ["cost_usd_per_gpu_hour"])
    >>> table.columns["cost_usd_per_gpu_hour"].values.shape
    (11,)
    """
    parts = {"axes": axes, "targets": targets, "reduce": reduce}
    return economics.sweep(spec_of(scenario, parts), backend, progress, threads)


def simulate(
    scenario: ScenarioLike,
    draws: Mapping[str, Any] | None = None,
    targets: Sequence[str] | None = None,
    conditions: Sequence[str] | None = None,
    backend: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> "Simulation":
    """What targets become when fields are uncertain: means, quantiles, chances, with intervals.

    `scenario` may be a simulation's file or parts too. `draws` states a distribution for each field
    (docs/uncertainty.md); `conditions` such as `npv_usd_per_rack > 0` are answered by their
    probability, between `probability` and `probability_at_most` where draws have no value. The same
    seed gives the same draws. Errors: Problem, FileProblem, BackendError (where scipy, which draws,
    is not installed).

    >>> import rackrate
    >>> price = {"kind": "triangular", "low": 3.0, "mode": 4.0, "high": 6.0}
    >>> found = rackrate.simulate(
    ...     "nvl72-neocloud",
    ...     {"fields": {"rental_price_usd_per_gpu_hour": price}, "count": 1024},
    ...     conditions=["npv_usd_per_rack > 0"],
    ... )
    >>> 0.0 < found.conditions[0].probability.value < 1.0
    True
    """
    parts = {"draws": draws, "targets": targets, "conditions": conditions}
    return economics.simulate(spec_of(scenario, parts), backend, threads, progress)


def sensitivity(
    scenario: ScenarioLike,
    target: str,
    draws: Mapping[str, Any] | None = None,
    by_fraction: float | None = None,
    backend: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> "Sensitivity":
    """Which inputs move a target, those that matter most first: tornado and Sobol indices.

    With neither draws nor a simulation's file, each stated number goes a share (`by_fraction`,
    default 0.1) down and up. Errors: Problem, FileProblem, NoAnswer, BackendError.

    >>> import rackrate
    >>> found = rackrate.sensitivity("nvl72-neocloud", "npv_usd_per_rack", by_fraction=0.05)
    >>> found.bars[0].field
    'rental_price_usd_per_gpu_hour'
    """
    parts = {"target": target, "draws": draws, "by_fraction": by_fraction}
    spec = spec_of(scenario, parts)
    asked = {name: part for name, part in spec.items() if name not in ("targets", "conditions")}
    return economics.sensitivity(asked, backend, threads, progress)
