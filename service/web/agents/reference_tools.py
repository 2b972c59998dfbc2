"""Tools that tell what there is: shipped scenarios, rows of the catalog, quantities and fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from economics.models.registry import name_of
from economics.scenario import catalog
from economics.vocabulary.problems import UnknownProblem
from economics.vocabulary.units import UnitError, unit_text
from kernels.language.caches import cached
from service.answers import FieldInfo
from service.web.agents.agent_records import (
    AskedQuantity,
    Call,
    Figure,
    Found,
    ListScenarios,
    Row,
    Rows,
    ScenarioLine,
    Scenarios,
    SearchCatalog,
    SearchQuantities,
    StatedField,
    Told,
)
from service.web.agents.ranking import Index, index, ranked
from service.web.named_scenarios import asked_scenario, scenario_names, shipped_scenario
from service.web.quantities import quantities
from service.web.schema import ScenarioRequest

STATED_AT = {kind: path for _, path, kind in catalog.ROWS}
LONGEST_ABOUT, LONGEST_SOURCE = 160, 160  # characters
BETWEEN = " "  # a kind and a row's name


def list_scenarios(asked: ListScenarios, _: Call) -> Told:
    """The shipped scenarios. Errors: UnknownProblem with near matches."""
    if asked.name is None:
        return Told(Scenarios(scenarios=list(map(_line, scenario_names()))))
    tables = shipped_scenario(asked.name, "name")
    return Told(Scenarios(scenarios=[_line(asked.name)], tables=dict(tables)))


@cached(256)
def _line(name: str) -> ScenarioLine:
    tables = shipped_scenario(name)
    model = name_of(asked_scenario(ScenarioRequest(scenario=name)).scenario)
    about = _clip(" ".join(tables.get("note", "").split()), LONGEST_ABOUT)
    return ScenarioLine(name=name, model=model, about=about, as_of=tables.get("as_of"))


def search_catalog(asked: SearchCatalog, call: Call) -> Told:
    """Rows of the catalog. Errors: UnknownProblem for a kind that there is not."""
    if asked.kind is not None and asked.kind not in catalog.KINDS:
        what = "kind of row: " + ", ".join(catalog.KINDS)
        raise UnknownProblem("kind", asked.kind, what, catalog.KINDS)
    known = _rows(tuple(map(catalog.own_files, catalog.KINDS)))
    hits = [hit.split(BETWEEN) for hit in ranked(asked.query, known)]
    found = [(kind, name) for kind, name in hits if asked.kind in (None, kind)]
    kept = [_row(kind, name, call.link) for kind, name in found[: asked.limit]]
    return Told(Rows(rows=kept, left_out=len(found) - len(kept)))


@cached(4)
def _rows(_: tuple[tuple[catalog.Stamp, ...], ...]) -> Index:
    return index(
        {
            f"{kind}{BETWEEN}{name}": str(row.get("description", ""))
            for kind in catalog.KINDS
            for name, row in catalog.rows(kind).items()
        }
    )


def _row(kind: str, name: str, link: str) -> Row:
    row = catalog.row(kind, name)
    return Row(
        kind=kind,
        name=name,
        description=str(row.get("description", "")),
        stated_at=STATED_AT[kind],
        figures=dict(_figures(row)),
        link=f"{link}/{kind}/{name}",
    )


def _figures(tables: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Figure]]:
    """The figures of a row by their paths."""
    for name, value in tables.items():
        if isinstance(value, Mapping) and "value" not in value:
            yield from _figures(value, f"{path}{name}.")
        elif path:
            stated = value if isinstance(value, Mapping) else {"value": value}
            source = stated.get("source")
            yield (
                f"{path}{name}",
                Figure(
                    value=stated["value"],
                    unit=_unit(name, stated["value"]),
                    source=_clip(source, LONGEST_SOURCE) if isinstance(source, str) else None,
                    as_of=stated.get("as_of"),
                ),
            )


def _unit(name: str, value: Any) -> str | None:
    if isinstance(value, str):
        return None
    try:
        return unit_text(name)
    except UnitError:
        return None


def search_quantities(asked: SearchQuantities, _: Call) -> Told:
    """Quantities and fields by the same words."""
    everything = quantities()
    asked_for, stated = _names()
    found, fields = ranked(asked.query, asked_for), ranked(asked.query, stated)
    kept, of_fields = found[: asked.limit], fields[: asked.limit]
    told = Found(
        quantities=[_quantity(name) for name in kept],
        fields=[_field(one) for name in of_fields for one in everything.fields[name]],
        left_out=len(found) - len(kept) + len(fields) - len(of_fields),
    )
    return Told(told)


def _field(one: FieldInfo) -> StatedField:
    return StatedField(
        path=one.path,
        kind=one.kind,
        unit=one.unit,
        description=one.description,
        default=one.default,
        schema=one.schema,
    )


@cached()
def _names() -> tuple[Index, Index]:
    everything = quantities()
    fields = {
        name: " ".join(f"{one.path} {one.description}" for one in each)
        for name, each in everything.fields.items()
    }
    return (
        index({name: one.description for name, one in everything.quantities.items()}),
        index(fields),
    )


def _quantity(name: str) -> AskedQuantity:
    one = quantities().quantities[name]
    return AskedQuantity(
        name=name,
        unit=one.unit,
        description=one.description,
        by_year=one.by_year,
        statuses=one.statuses,
        when=one.when,
    )


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 4].rpartition(' ')[0]} ..."
