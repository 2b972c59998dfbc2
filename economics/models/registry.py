"""The models of a scenario, by its `model`: the record that it is read as, its tables, its
formulas, and how its time runs.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict

from economics.formulas.depreciation import lasts_years
from economics.models import assembly, bill, commitments, lease, margin, program, rack
from economics.records.installation import TABLES
from economics.vocabulary.header import About
from kernels.language.graph import Graph
from kernels.language.node import Node, node

AnyScenario = (
    rack.Scenario
    | lease.LeaseScenario
    | program.ProgramScenario
    | commitments.CommitmentsScenario
    | bill.BillScenario
    | margin.MarginScenario
)
Tables = Mapping[str, tuple[type[Struct], ...]]


class Model(NamedTuple):
    """A model: what a scenario of it is, and what is computed of it."""

    record: type[About]
    tables: Tables
    formulas: tuple[Node, ...]
    choices: Callable[[Any], dict[str, str]]
    check: Callable[[Any], None]
    targets: tuple[str, ...]  # the usual ones
    if_stated: Mapping[str, tuple[str, ...]]  # those that are usual where a field is stated
    swept: tuple[str, ...]  # the usual ones of a sweep
    life: str | None = None  # the field whose years are the periods
    years: Callable[[Mapping[str, Any]], int] = lambda _: 1  # how many years there are without one


def _sound(_: About) -> None:
    """Nothing to check that fields do not."""


def _model(name: str, module: Any, record: type[About], **time: Any) -> Model:
    """A model whose formulas are those of one module."""
    formulas = getattr(module, "FORMULAS", None) or (
        *map(node, assembly.formulas_of(module)),
        *getattr(module, "RENAMED", ()),
    )
    single = tuple(target for target in module.TARGETS if not target.endswith("_by_year"))
    return Model(
        record=record,
        tables=module.TABLES,
        formulas=formulas,
        choices=getattr(module, "choices", lambda _: {"model": name}),
        check=getattr(module, "check", _sound),
        targets=module.TARGETS,
        if_stated=getattr(module, "IF_STATED", {}),
        swept=single,
        **time,
    )


def _written_off(values: Mapping[str, Any]) -> int:
    """Years of a program until everything is written off."""
    methods = [
        values[name]
        for name in ("book_depreciation", "compared_depreciation")
        if values.get(name) is not None
    ]
    return len(values.get("spend_usd") or (0.0,)) - 1 + max(map(lasts_years, methods), default=1)


def _listed(values: Mapping[str, Any]) -> int:
    """Years of the longest of the paths of commitments."""
    return max(
        (len(values[name]) for name in ("committed_usd", "revenue_usd") if values.get(name)),
        default=1,
    )


RACK = Model(
    rack.Scenario,
    TABLES,
    assembly.FORMULAS,
    rack.choices,
    rack.check,
    rack.TARGETS,
    rack.IF_STATED,
    rack.SWEPT,
    "economic_life_years",
)
MODELS: dict[str, Model] = {
    "rack": RACK,
    "lease": _model("lease", lease, lease.LeaseScenario, life="lease_term_years"),
    "program": _model("program", program, program.ProgramScenario, years=_written_off),
    "commitments": _model(
        "commitments", commitments, commitments.CommitmentsScenario, years=_listed
    ),
    "bill": _model("bill", bill, bill.BillScenario),
    "margin": _model("margin", margin, margin.MarginScenario),
}


def name_of(record: About) -> str:
    """The name of a scenario's model."""
    return str(record.__struct_config__.tag)


def model_of(record: About) -> Model:
    """A scenario's model."""
    return MODELS[name_of(record)]


def usual_targets(record: About) -> tuple[str, ...]:
    """What is answered where nothing is asked for by name."""
    one = model_of(record)
    sold = (
        rack.OF_REVENUE.get(str(record.revenue.__struct_config__.tag), ())
        if isinstance(record, rack.Scenario)
        else ()
    )
    tables = [getattr(record, name) for name in one.tables]
    stated = {
        field
        for table in tables
        for field, value in asdict(table).items()
        if value != getattr(type(table)(), field)
    }
    return (
        *one.targets,
        *sold,
        *(
            target
            for field, targets in one.if_stated.items()
            if field in stated
            for target in targets
        ),
    )


def kind_of(record: About) -> str:
    """What kind of scenario it is: its facility's kind, or its model where that is not a rack."""
    return (
        str(record.facility.__struct_config__.tag)
        if isinstance(record, rack.Scenario)
        else f'model = "{name_of(record)}"'
    )


@lru_cache(maxsize=256)
def _graph(name: str, choices: tuple[tuple[str, str], ...]) -> Graph:
    return Graph.of(MODELS[name].formulas, dict(choices))


def graph(choices: Mapping[str, str]) -> Graph:
    """The graph that a scenario's choices pick."""
    name = choices.get("model", "rack")
    return (
        assembly.graph(choices) if name == "rack" else _graph(name, tuple(sorted(choices.items())))
    )
