"""Questions about one scenario, or a few: answered by floats, without numpy."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import economics
from economics import Comparison, Explanation, Problem, Quote, Solution
from rackrate.scenarios import tables_of
from service.files.reading import ScenarioLike

Progress = Callable[[int, int], None]


def quote(scenario: ScenarioLike, targets: Iterable[str] | None = None) -> Quote:
    """The answers to `targets` for one scenario, with what they rest on.

    `targets` are names of quantities or fields (default: the usual ones of the model); of a
    quantity by year, `name_by_year[1]` is year 1. `quantities` of the result has one `Quantity` for
    each: its `value` (or `values` with the years as `index`), the `unit` that its name says, a
    `status` that says why there is none where the value is None. `unanswered` has the usual ones
    that need fields that are not stated, with these; `sums` the lines of each total by year whose
    lines are all asked for. Errors: Problem, FileProblem.

    >>> import rackrate
    >>> answer = rackrate.quote("nvl72-neocloud", ["npv_usd_per_rack", "book_value_usd_per_rack"])
    >>> answer.quantities["npv_usd_per_rack"].unit
    'usd/rack'
    >>> answer.quantities["book_value_usd_per_rack"].index
    (0, 1, 2, 3, 4, 5)
    """
    return economics.quote(tables_of(scenario), targets)


def explain(scenario: ScenarioLike, target: str, depth: int | None = None) -> Explanation:
    """How a number comes about: its formula and the inputs of that, each explained in turn.

    `depth` is how many formulas deep (default: down to stated fields and their sources). Errors:
    Problem, FileProblem.

    >>> import rackrate
    >>> how = rackrate.explain("nvl72-neocloud", "sold_gpu_hour_per_rack_year", depth=1)
    >>> how.formula
    'available_gpu_hour_per_rack_year * utilisation'
    >>> [one.name for one in how.inputs]
    ['available_gpu_hour_per_rack_year', 'utilisation']
    """
    return economics.explain(tables_of(scenario), target, depth)


def solve(
    scenario: ScenarioLike,
    target: str,
    value: float | str,
    unknown: str,
    between: Sequence[float | str] | None = None,
    progress: Progress | None = None,
) -> Solution:
    """All values of `unknown`, a field or `given.NAME` of a computed quantity, at which `target` is
    `value`, each in its own unit.

    `between` are the lowest and the highest value tried (default: all that the field may have). A
    number may be a percentage such as "8%". The
    `roots` of the result may be none, one or several, `stretches` are ends between which the target
    has the value throughout, and `reason` says why where there is neither. `progress(done, more)`
    is called between evaluations, and may raise to stop. Errors: Problem, FileProblem; NoAnswer if
    the target has a value nowhere between the two.

    >>> import rackrate
    >>> even = rackrate.solve("reference-project", "npv_usd_per_rack", 0.0, "utilisation")
    >>> [round(root, 4) for root in even.roots]
    [0.5847]
    """
    return economics.solve(tables_of(scenario), target, value, unknown, between, progress)


def compare(
    scenarios: Sequence[ScenarioLike],
    targets: Iterable[str] | None = None,
    bridge: str | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Two to 16 scenarios of one model side by side: inputs that differ, answers, and bridges.

    `targets` are compared (default: the usual ones that all have). `bridge` is the target whose
    difference is shown input by input, from the first scenario to each other one (default: the NPV,
    or the first target of one number). `progress(done, more)` is called between steps, and may
    raise to stop. Errors: Problem, with the scenario's place; FileProblem; NoAnswer.

    >>> import rackrate
    >>> both = rackrate.compare(["gb200-nvl72", "gb300-nvl72"], ["cost_usd_per_gpu_hour"])
    >>> len(both.outputs["cost_usd_per_gpu_hour"]), len(both.bridges)
    (2, 1)
    """
    if isinstance(scenarios, str | Mapping):
        raise Problem("scenarios", scenarios, "a list of scenarios")
    return economics.compare([tables_of(one) for one in scenarios], targets, bridge, progress)
