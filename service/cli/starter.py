"""A starter scenario file: every field with its meaning and bounds, and a value of the reference project where one is needed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from economics.tables import TABLES, Tranche
from service.files import shipped_tables

REFERENCE = "reference-project"
HEAD = """\
# A scenario of rackrate. Try it: rackrate quote THIS_FILE
# A field that is left out has the default shown; a line that begins with # is not stated. Fractions run from 0 to 1, never in percent.
# Any number may say where it comes from: utilisation = { value = 0.7, source = "our own logs", as_of = "2026-01" }
# accelerator (here), facility.site, power.tariff and revenue.market name rows of the catalog, which fill fields left out: rackrate catalog

name = "my-scenario"
# accelerator = "hgx-h100"
"""
METHODS = """\
# Methods of book_depreciation and tax_depreciation:
#   { method = "straight_line", life_years = 6, salvage_fraction = 0.0 }      also "sum_of_years", "units_of_production"
#   { method = "declining_balance", factor = 2.0, life_years = 5, switch = true }
#   { method = "macrs", recovery_years = 5, convention = "half_year" }
#   { method = "bonus", fraction = 0.4, then = { method = "macrs", recovery_years = 5, convention = "half_year" } }
#   { method = "custom", schedule = [0.5, 0.3, 0.2] }
"""


def starter() -> str:
    """The text of the file; it loads and quotes as it is."""
    return HEAD + "".join(f"\n{section}" for section in _sections())


def _sections() -> Iterator[str]:
    reference = shipped_tables("scenarios", REFERENCE)
    for table, records in TABLES.items():
        stated = reference.get(table, {})
        chosen = next((r for r in records if r.__struct_config__.tag == stated.get("kind")), records[0])
        yield f"[{table}]  # {_about(chosen)}\n" + "".join(_lines(chosen, stated)) + (METHODS if table == "finance" else "")
        for other in records:
            if other is not chosen:
                yield _commented(f"or [{table}]  # {_about(other)}\n", *_lines(other, {}))
    yield _commented(f"[[revenue.tranches]]  # {_about(Tranche)}\n", *_lines(Tranche, {}))


def _commented(*lines: str) -> str:
    return "".join(f"# {line.removeprefix('# ')}" for line in lines)


def _about(record: type[msgspec.Struct]) -> str:
    return " ".join((record.__doc__ or "").split())


def _lines(record: type[msgspec.Struct], stated: Mapping[str, Any]) -> Iterator[str]:
    tag = record.__struct_config__.tag
    if tag is not None:
        yield f"{record.__struct_config__.tag_field} = {json.dumps(tag)}\n"
    kinds = msgspec.inspect.type_info(record)
    for field in kinds.fields:  # type: ignore[attr-defined]
        value = stated.get(field.name, None if field.default is msgspec.NODEFAULT else field.default)
        said = "; ".join(part for part in (_meaning(field.type), _bounds(field.type)) if part)
        comment = f"  # {said}" if said else ""
        yield f"# {field.name} ={comment}\n" if value is None else f"{field.name} = {json.dumps(value)}{comment}\n"


def _meaning(kind: Any) -> str:
    return str((kind.extra_json_schema or {}).get("description", "")) if isinstance(kind, msgspec.inspect.Metadata) else ""


def _bounds(kind: Any) -> str:
    """What a field may be: a range or the choices."""
    if isinstance(kind, msgspec.inspect.Metadata):
        return _bounds(kind.type)
    if isinstance(kind, msgspec.inspect.UnionType):
        found = [_bounds(one) for one in kind.types if not isinstance(one, msgspec.inspect.NoneType)]
        return found[0] if len(found) == 1 else ""
    if isinstance(kind, msgspec.inspect.LiteralType):
        return " or ".join(map(json.dumps, kind.values))
    if isinstance(kind, msgspec.inspect.IntType | msgspec.inspect.FloatType):
        low = f"at least {kind.ge:g}" if kind.ge is not None else f"above {kind.gt:g}" if kind.gt is not None else ""
        high = f"at most {kind.le:g}" if kind.le is not None else f"below {kind.lt:g}" if kind.lt is not None else ""
        return ", ".join(part for part in (low, high if "e+" not in high else "") if part)
    return ""
