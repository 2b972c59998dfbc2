"""Everything that has a name: quantities that can be asked for, and fields of a scenario with their
bounds.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from economics import scenario
from economics.models.assembly import FORMULAS, MODEL_VERSION, graph, is_public
from economics.models.registry import MODELS, Tables
from economics.records.installation import TABLES, Tranche
from economics.scenario.inputs import Inputs
from economics.vocabulary.units import UnitError, unit_text
from kernels.language.node import Node
from service.web.schema import FieldInfo, Quantities, QuantityInfo

REFERENCE = "/schema/openapi.json#/components/schemas/{name}"


@cache
def quantities() -> Quantities:
    """All quantities and all fields."""
    found: dict[str, list[Node]] = {}
    for node in (*(one for model in MODELS.values() for one in model.formulas), *_made()):
        if is_public(node.name):
            found.setdefault(node.name, []).append(node)
    asked = {name: _quantity(variants) for name, variants in sorted(found.items())}
    fields: dict[str, tuple[FieldInfo, ...]] = {}
    for name, info in _fields():
        fields[name] = (*fields.get(name, ()), info)
    return Quantities(asked, fields, MODEL_VERSION)


def _made() -> Iterator[Node]:
    """The lines that the model makes from its parts, for each kind of facility, and what contracts
    add.
    """
    known = {node.name for node in FORMULAS}
    kinds: list[dict[str, Any]] = [
        {"facility": {"kind": record.__struct_config__.tag}} for record in TABLES["facility"]
    ]
    for tables in (*kinds, {"revenue": {"kind": "contract", "tranches": [{}]}}):
        base = scenario({"hardware": {"gpu_price_usd_per_gpu": 1.0}, **tables})
        yield from (
            node for node in graph(Inputs.of(base).choices).nodes.values() if node.name not in known
        )


def _quantity(variants: list[Node]) -> QuantityInfo:
    node = variants[0]
    return QuantityInfo(
        unit=unit_text(node.name),
        description=" ".join(node.doc.split()),
        by_year=node.first_year is not None,
        first_year=node.first_year,
        statuses=node.statuses,
        when=_needed([dict(variant.when) for variant in variants]),
    )


def _needed(choices: list[dict[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """What a scenario must choose for any of some variants; nothing if they do not all hang on the
    same choices.
    """
    if any(set(one) != set(choices[0]) for one in choices):
        return {}
    return {
        name: tuple(sorted({value for one in choices for value in one[name]}))
        for name in choices[0]
    }


def _fields() -> Iterator[tuple[str, FieldInfo]]:
    tables: Tables = {"revenue.tranches[0]": (Tranche,)}
    for table, records in dict.fromkeys(
        one
        for each in (*(model.tables for model in MODELS.values()), tables)
        for one in each.items()
    ):
        for record in records:
            kind = (
                record.__struct_config__.tag
                if len(records) > 1
                else "contract"
                if record is Tranche
                else None
            )
            _, whole = msgspec.json.schema_components([record], ref_template=REFERENCE)
            properties = whole[record.__name__]["properties"]
            for field in msgspec.structs.fields(record):
                shape = {
                    key: value
                    for key, value in properties[field.encode_name].items()
                    if key not in ("default", "description")
                }
                yield (
                    field.name,
                    FieldInfo(
                        path=f"{table}.{field.name}",
                        kind=kind if isinstance(kind, str) else None,
                        unit=_unit(field.name),
                        description=properties[field.encode_name].get("description", ""),
                        default=field.default,
                        schema=shape,
                    ),
                )


def _unit(name: str) -> str | None:
    try:
        return unit_text(name)
    except UnitError:
        return None
