"""The models of a scenario, by its `model`: the record that it is read as, its tables, its
formulas, and how its time runs.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from economics.extensions.extensions import EXTENSIONS
from economics.formulas.depreciation import lasts_years
from economics.models import assembly, bill, commitments, lease, margin, program, rack
from economics.vocabulary.header import About
from kernels.language.caches import cached
from kernels.language.graph import Graph
from kernels.language.node import Node, formulas_of

AnyScenario = (
    rack.Scenario
    | lease.LeaseScenario
    | program.ProgramScenario
    | commitments.CommitmentsScenario
    | bill.BillScenario
    | margin.MarginScenario
)
Tables = Mapping[str, tuple[type[Struct], ...]]
Choices = Mapping[str, str]
# targets, with the places of tables, fields of those, and what these are where they are not stated
MoreUsual = tuple[tuple[str, ...], tuple[tuple[int, str, Any], ...]]


class Model(NamedTuple):
    """A model: what a scenario of it is, and what is computed of it."""

    record: type[About]
    tables: Tables
    choices: Callable[[Any, Mapping[str, Any]], dict[str, str]]  # of a scenario, with swept fields
    graph: Callable[[Choices], Graph]
    variants: Callable[[], Iterator[Choices]]  # each of its choices once, its usual ones first
    formulas: tuple[Node, ...]  # as they are written down, for all choices
    check: Callable[[Any], None]
    targets: tuple[str, ...]  # the usual ones
    if_stated: Mapping[str, tuple[str, ...]]  # usual where a field is stated, or a kind is sold
    swept: tuple[str, ...]  # the usual ones of a sweep
    life: str | None = None  # the field whose years are the periods
    years: Callable[[Mapping[str, Any]], int] = lambda _: 1  # how many years there are without one
    words: Mapping[str, str] = {}  # of statuses that no formula has as it is written down


def _sound(_: About) -> None:
    """Nothing to check that fields do not."""


def _model(
    name: str, module: Any, record: type[About], more: tuple[Node, ...] = (), **time: Any
) -> Model:
    """A model whose formulas are those of one module, and some more."""
    formulas = (*formulas_of(module), *more)
    return Model(
        record=record,
        tables=module.TABLES,
        choices=lambda *_: {"model": name},
        graph=lambda _: Graph.of(formulas),
        variants=lambda: iter([{"model": name}]),
        formulas=formulas,
        check=getattr(module, "check", _sound),
        targets=module.TARGETS,
        if_stated=getattr(module, "IF_STATED", {}),
        swept=_single(module.TARGETS),
        **time,
    )


def _single(targets: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(target for target in targets if not target.endswith("_by_year"))


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
    record=rack.Scenario,
    tables=rack.TABLES,
    choices=rack.choices,
    graph=assembly.graph,
    variants=lambda: assembly.variants(rack.choices(rack.USUAL, {})),
    formulas=assembly.FORMULAS,
    check=rack.check,
    targets=rack.TARGETS,
    if_stated=rack.IF_STATED,
    swept=rack.SWEPT,
    life="economic_life_years",
)
LEASE = Model(
    record=lease.LeaseScenario,
    tables=lease.TABLES,
    choices=lease.choices,
    graph=lease.graph,
    variants=lease.variants,
    formulas=lease.FORMULAS,
    check=lease.check,
    targets=lease.TARGETS,
    if_stated={},
    swept=_single(lease.TARGETS),
    life="lease_term_years",
    words=lease.RENT,
)
MODELS: dict[str, Model] = {
    "rack": RACK,
    "lease": LEASE,
    "program": _model(
        "program", program, program.ProgramScenario, program.COMPARED, years=_written_off
    ),
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
    tables = [getattr(record, name) for name in one.tables]
    found = one.targets
    for more, unstated in _more_usual(name_of(record), tuple(map(type, tables))):
        if any(getattr(tables[at], field) != value for at, field, value in unstated):
            found = (*found, *more)
    return found


@cached(256)
def _more_usual(model: str, types: tuple[type[Struct], ...]) -> tuple[MoreUsual, ...]:
    """What is usual where a field is stated, or a table of a kind is there, which has no None."""
    return tuple(
        (more, tuple(place for at, one in enumerate(types) for place in _places(name, at, one)))
        for name, more in MODELS[model].if_stated.items()
    )


def _places(name: str, at: int, table: type[Struct]) -> Iterator[tuple[int, str, Any]]:
    if table.__struct_config__.tag == name:
        yield at, "__struct_config__", None
    if name in table.__struct_fields__:
        yield at, name, getattr(table(), name)


def kind_of(record: About) -> str:
    """What kind of scenario it is: its facility's kind, or its model where that is not a rack."""
    return (
        str(record.facility.__struct_config__.tag)
        if isinstance(record, rack.Scenario)
        else f'model = "{name_of(record)}"'
    )


@cached(256)
def _graph(choices: tuple[tuple[str, str], ...]) -> Graph:
    chosen = dict(choices)
    return MODELS[chosen.get("model", "rack")].graph(chosen)


def graph(choices: Choices) -> Graph:
    """The graph that a scenario's choices pick."""
    return _graph(tuple(sorted(choices.items())))


@cached()
def variants(model: str) -> tuple[Node, ...]:
    """The quantities of a model, each as every one of its choices has it, the usual ones first; of
    extensions those that are theirs alone.
    """
    found: list[Node] = []
    for chosen in MODELS[model].variants():
        nodes = graph(chosen).nodes
        known = {one.name for one in found} if _is_extended(chosen) else ()
        found += [one for name, one in nodes.items() if name not in known]
    return tuple(found)


def _is_extended(choices: Choices) -> bool:
    return any(one.is_chosen(choices) for one in EXTENSIONS)


@cached()
def status_words() -> Mapping[str, str]:
    """Each status in words."""
    formulas = (one for model in MODELS.values() for one in model.formulas)
    words = [
        *(one.words for one in formulas),
        *(one.words for one in MODELS.values()),
        *(one.words for one in EXTENSIONS),
    ]
    return {status: said for each in words for status, said in each.items()}
