"""What can be asked of a service, as calls: each takes what the same question takes here, and is
read as what it gives here.

A scenario is the name of one that the service has, the path of a TOML or JSON file, tables, or a
record; rows of a catalog of the user's own go along with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import msgspec

from economics import Comparison, Explanation, Problem, Quote, Solution
from economics.scenario.portable import portable
from economics.vocabulary.written_numbers import without_numpy
from service.client import quotes_of_many
from service.client.pieces_of_stream import ArrowFrames, FileBytes
from service.client.quotes_of_many import QuoteOfMany
from service.client.replies import Call, Stream, decoded
from service.files.reading import ScenarioLike, readable, scenario_tables

if TYPE_CHECKING:
    import polars

    from economics import Reduced, Sensitivity, Simulation, Table
    from economics.sweeps.batch import Batch

T = TypeVar("T")
Names = Iterable[str] | None
Numbers = Sequence[float | str] | None
Axes = Sequence[Mapping[str, Any] | msgspec.Struct]
Part = Mapping[str, Any] | msgspec.Struct
TABLES = ("cells", "frontier")  # reductions that leave a table


def quote(scenario: ScenarioLike, targets: Names = None) -> Call[Quote]:
    """Answers to targets (default: the usual ones) for one scenario. Errors: Problem."""
    return _post("quotes", Quote, scenario=_sent(scenario), targets=_listed(targets))


def breakeven(scenario: ScenarioLike) -> Call[Quote]:
    """Utilisations and prices at which a scenario breaks even. Errors: Problem."""
    return _post("breakeven", Quote, scenario=_sent(scenario))


def depreciation(scenario: ScenarioLike) -> Call[Quote]:
    """Book value, tax value and value in use by year. Errors: Problem."""
    return _post("depreciation", Quote, scenario=_sent(scenario))


def cashflows(scenario: ScenarioLike) -> Call[Quote]:
    """All lines of the cash flow by year, with the sums that they make. Errors: Problem."""
    return _post("cashflows", Quote, scenario=_sent(scenario))


def quotes(
    scenarios: Iterable[ScenarioLike], targets: Names = None
) -> Call[tuple[QuoteOfMany, ...]]:
    """Answers to targets for many scenarios of any kind, in one request; what is wrong with one is
    its `problem`.
    """

    rows = _each(scenarios)
    return _post(
        "quotes/batch", quotes_of_many.quotes, kind="rows", scenarios=rows, targets=_listed(targets)
    )


def batch(
    scenario: ScenarioLike,
    columns: "Mapping[str, Sequence[Any]] | polars.DataFrame",
    targets: Names = None,
) -> "Call[Batch]":
    """Answers to targets for one scenario many times: `columns` have a value of some fields for
    each row. `rackrate.frame` makes a data frame of the answer. Errors: Problem, for what all rows
    have in common.
    """

    def read(body: bytes) -> "Batch":
        from service.client.whole_tables import batch

        return batch(body)

    values = (
        columns.items()
        if isinstance(columns, Mapping)
        else ((one.name, one.to_list()) for one in columns)
    )
    return _post(
        "quotes/batch",
        read,
        kind="columns",
        scenario=_sent(scenario),
        columns={name: list(without_numpy(each)) for name, each in values},
        targets=_listed(targets),
    )


def explain(scenario: ScenarioLike, target: str, depth: int | None = None) -> Call[Explanation]:
    """How a number comes about, `depth` formulas deep (default: to the end). Errors: Problem."""
    return _post("explain", Explanation, scenario=_sent(scenario), target=target, depth=depth)


def solve(
    scenario: ScenarioLike,
    target: str,
    value: float | str,
    unknown: str,
    between: Numbers = None,
) -> Call[Solution]:
    """All values of a field at which a target is `value`. Errors: Problem, NoAnswer."""
    return _post(
        "solve",
        Solution,
        scenario=_sent(scenario),
        target=target,
        value=value,
        unknown=unknown,
        between=between,
    )


def compare(
    scenarios: Sequence[ScenarioLike], targets: Names = None, bridge: str | None = None
) -> Call[Comparison]:
    """Scenarios side by side: inputs that differ, answers, bridges. Errors: Problem, NoAnswer."""
    sent = _each(scenarios)
    asked = {"targets": _listed(targets), "bridge": bridge}
    return _post("comparisons", Comparison, scenarios=sent, **asked)


def sweep(
    scenario: ScenarioLike,
    axes: Axes,
    targets: Names = None,
    reduce: Part | None = None,
    backend: str | None = None,
) -> "Call[Table | Reduced]":
    """Targets over a grid of axes: a table of all cells, or what the reduction leaves. Errors:
    Problem, BackendError.
    """

    def read(body: bytes) -> "Table | Reduced":
        kind = _kind(reduce)
        if kind in TABLES:
            from service.client.whole_tables import cells
            from service.files.cells import frontier

            return frontier(body) if kind == "frontier" else cells(body)
        from economics import Reduced

        return decoded(body, Reduced)

    return _post("sweeps", read, **sweep_parts(scenario, axes, targets, reduce, backend))


def sweep_parts(
    scenario: ScenarioLike, axes: Axes, targets: Names, reduce: Part | None, backend: str | None
) -> dict[str, Any]:
    """The parts of a request for a sweep."""
    return {
        "scenario": _sent(scenario),
        "axes": _listed(axes),
        "targets": _listed(targets),
        "reduce": reduce,
        "backend": backend,
    }


def frames(
    scenario: ScenarioLike, axes: Axes, targets: Names = None, backend: str | None = None
) -> "Stream[polars.DataFrame]":
    """All cells of a sweep as data frames one after another, each target with its status, while
    they are computed: no more is held here than one of them. Errors: Problem, BackendError.
    """
    call = _streamed("arrow", sweep_parts(scenario, axes, targets, None, backend))
    return Stream(call, ArrowFrames)


def file(
    scenario: ScenarioLike,
    axes: Axes,
    form: str,
    targets: Names = None,
    backend: str | None = None,
) -> Stream[bytes]:
    """All cells of a sweep as the bytes of a file, piece by piece: `parquet`, `csv` or `arrow` (a
    stream). Errors: Problem, BackendError.
    """
    return Stream(_streamed(form, sweep_parts(scenario, axes, targets, None, backend)), FileBytes)


def simulate(
    scenario: ScenarioLike,
    draws: Part,
    targets: Names = None,
    conditions: Names = None,
    backend: str | None = None,
) -> "Call[Simulation]":
    """What targets become when fields are uncertain. Errors: Problem, BackendError."""

    def read(body: bytes) -> "Simulation":
        from economics import Simulation

        return decoded(body, Simulation)

    asked = {"draws": draws, "targets": _listed(targets), "conditions": _listed(conditions)}
    return _post("simulations", read, scenario=_sent(scenario), backend=backend, **asked)


def sensitivity(
    scenario: ScenarioLike,
    target: str,
    draws: Part | None = None,
    by_fraction: float | None = None,
    backend: str | None = None,
) -> "Call[Sensitivity]":
    """Which inputs move a target, those that matter most first. Errors: Problem, NoAnswer,
    BackendError.
    """

    def read(body: bytes) -> "Sensitivity":
        from economics import Sensitivity

        return decoded(body, Sensitivity)

    asked = {"target": target, "draws": draws, "by_fraction": by_fraction, "backend": backend}
    return _post("sensitivity", read, scenario=_sent(scenario), **asked)


def _streamed(form: str, parts: dict[str, Any]) -> Call[None]:
    """A call whose answer is read piece by piece."""
    asked = _post("sweeps", lambda _: None, **parts)
    return asked._replace(path=f"{asked.path}?{urlencode({'format': form})}", accept="*/*")


def _post(question: str, reading: Any, **parts: Any) -> Call[Any]:
    """A call whose answer is read by a function or as a record; what is None is not stated."""
    stated = {name: part for name, part in parts.items() if part is not None}
    body = msgspec.json.encode(stated, enc_hook=without_numpy)
    read = partial(decoded, record=reading) if isinstance(reading, type) else reading
    return Call("POST", f"/v1/{question}", body, read)


def _listed(values: Any) -> Any:
    """Values as a list; what is one value by mistake as it is, for the service to refuse."""
    return values if values is None or isinstance(values, str | Mapping) else list(values)


def _kind(reduce: Part | None) -> Any:
    """The kind of a reduction."""
    if isinstance(reduce, msgspec.Struct):
        return reduce.__struct_config__.tag
    return "cells" if reduce is None else reduce.get("kind")


def _each(scenarios: Iterable[ScenarioLike]) -> list[Any]:
    """Scenarios as they are sent. Errors: Problem for what is one scenario."""
    if isinstance(scenarios, str | Mapping):
        raise Problem("scenarios", scenarios, "a list of scenarios")
    return [_sent(one) for one in scenarios]


def _is_path(name: str) -> bool:
    """Whether a text can only be meant as the path of a file."""
    return "/" in name or name.endswith((".toml", ".json"))


def _sent(scenario: ScenarioLike) -> Any:
    """A scenario as it is sent: names that are no files are those of the service. Errors: Problem,
    FileProblem.
    """
    if isinstance(scenario, str | PathLike):
        name = fspath(scenario)
        if isinstance(scenario, str) and not (_is_path(name) or readable(Path(name))):
            return name
        return portable(scenario_tables(name))
    return portable(scenario)
