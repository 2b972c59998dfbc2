"""Everything that has a name: quantities that can be asked for, and fields of a scenario with their
bounds.
"""

from collections.abc import Iterator

import msgspec

from economics.models.assembly import MODEL_VERSION, is_public
from economics.models.registry import MODELS, Tables, variants
from economics.records.revenue import Tranche
from economics.vocabulary.units import UnitError, unit_text
from kernels.language.caches import cached
from kernels.language.node import Node
from service.answers import FieldInfo, Quantities, QuantityInfo

REFERENCE = "/schema/openapi.json#/components/schemas/{name}"


@cached()
def quantities() -> Quantities:
    """All quantities and all fields."""
    found: dict[str, list[Node]] = {}
    for one in (one for model in MODELS for one in variants(model)):
        if is_public(one.name, {one.name: one}):
            found.setdefault(one.name, []).append(one)
    asked = {name: _quantity(nodes) for name, nodes in sorted(found.items())}
    fields: dict[str, tuple[FieldInfo, ...]] = {}
    for name, info in _fields():
        fields[name] = (*fields.get(name, ()), info)
    return Quantities(asked, fields, MODEL_VERSION)


def _quantity(nodes: list[Node]) -> QuantityInfo:
    node = nodes[0]
    return QuantityInfo(
        unit=unit_text(node.name),
        description=" ".join(node.doc.split()),
        by_year=node.first_year is not None,
        first_year=node.first_year,
        statuses=(
            ("ok", "partly", node.missing) if node.missing else tuple(dict.fromkeys(node.statuses))
        ),
        when=_choices([dict(one.when) for one in nodes]),
    )


def _choices(choices: list[dict[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
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
