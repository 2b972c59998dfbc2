"""What a scenario may be stated as, and how each of these becomes tables."""

from collections.abc import Mapping
from os import PathLike, fspath
from typing import Any

import economics
from economics import Problem, Sourced
from economics.vocabulary.header import About
from service.files.reading import SWEEP, ScenarioLike, scenario_tables, sweep_spec

Tables = Mapping[str, Any] | About | Sourced


def read(scenario: str | PathLike[str]) -> dict[str, Any]:
    """The tables of a scenario as they are written, to look at or to change.

    `scenario` is the path of a TOML or JSON file, or the name of a shipped scenario. Each call
    gives new tables: changing them changes no other. Errors: FileProblem, with near matches.

    >>> import rackrate
    >>> tables = rackrate.read("reference-project")
    >>> tables["power"]["electricity_price_usd_per_kwh"] = 0.09
    >>> dearer = rackrate.quote(tables, ["cost_usd_per_gpu_hour"])
    >>> round(dearer.quantities["cost_usd_per_gpu_hour"].value, 4)
    2.9564
    """
    return scenario_tables(fspath(scenario))


def scenario(stated: ScenarioLike, overrides: Mapping[str, Any] | None = None) -> Sourced:
    """A scenario checked and filled from the catalog, with the source of each number.

    `overrides` are tables over those of a name, a path or tables: None takes a field out, and a row
    of the catalog that is named here fills its fields over theirs, which the answers' notices list.

    Check once what many questions are asked about: each takes the result in place of a name, a path
    or tables. Errors: Problem, with the path of the field; FileProblem.

    >>> import rackrate
    >>> checked = rackrate.scenario("gb200-nvl72")
    >>> checked.scenario.hardware.gpu_per_rack
    72
    >>> checked.sources["hardware.gpu_per_rack"].source[:6]
    'NVIDIA'
    >>> west = rackrate.scenario("reference-project", {"power": {"tariff": "us-california"}})
    >>> rackrate.quote(west, ["cost_usd_per_gpu_hour"]).notices[0][:34]
    'power.tariff = us-california fills'
    """
    from economics.scenario.layers import layered  # which no other question needs

    tables = tables_of(stated)
    if overrides is not None and not isinstance(overrides, Mapping):
        raise Problem("overrides", overrides, "tables over those of the scenario")
    if overrides and not isinstance(tables, Mapping):
        raise Problem("overrides", overrides, "none over a record: state tables, a name or a path")
    layers = layered(tables, overrides) if overrides and isinstance(tables, Mapping) else tables
    return economics.scenario(layers)


def tables_of(stated: ScenarioLike) -> Tables:
    """What the three floors read: the tables that a name or a path stands for, or what is no name.
    Errors: FileProblem.
    """
    return read(stated) if isinstance(stated, str | PathLike) else stated


def spec_of(stated: ScenarioLike, parts: Mapping[str, Any]) -> dict[str, Any]:
    """The spec of a sweep or a simulation, with the parts that are stated (not None) in place of
    its own. Errors: FileProblem.

    `stated` is a spec (the name of a shipped sweep, the path of its file, a mapping with its
    parts), or a scenario, which has no such parts.
    """
    if isinstance(stated, str | PathLike):
        spec = sweep_spec(fspath(stated))
    elif isinstance(stated, Mapping) and SWEEP & set(stated):
        spec = {**stated, "scenario": tables_of(stated.get("scenario", {}))}
    else:
        spec = {"scenario": stated}
    return {**spec, **{name: part for name, part in parts.items() if part is not None}}
