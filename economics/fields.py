"""The numbers of a scenario by their flat names: where each stands, and what it may be."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_type_hints

import msgspec

from economics.scenario import DEPRECIATION, Scenario
from economics.tables import TABLES

TEXT = ("kind", "site", "tariff", "loss_treatment", "amortisation", "basis_at_disposal", "timing", "periods_per_year")


@cache
def field_paths() -> Mapping[str, str]:
    """The dotted path of every number and depreciation method of a scenario by its flat name; `facility.` whatever its kind."""
    return {
        field: f"{table}.{field}"
        for table, records in TABLES.items()
        for record in records
        for field in record.__struct_fields__
        if field not in TEXT
    }


def field_type(field: str, record: Scenario) -> Any:
    """The bounded type of a number of the scenario by its flat name; None if there is no such number."""
    for table in TABLES:
        holder = type(getattr(record, table))
        if field in holder.__struct_fields__ and field not in (*TEXT, *DEPRECIATION, "price_path_usd_per_gpu_hour"):
            return get_type_hints(holder, include_extras=True)[field]
    for name in DEPRECIATION:
        prefix, method = f"{name}_", getattr(record.finance, name)
        while method is not None and field.startswith(prefix):
            rest = field.removeprefix(prefix)
            if rest in method.__struct_fields__:
                found = get_type_hints(type(method), include_extras=True)[rest]
                return found if _plain(msgspec.inspect.type_info(found)) is not None else None
            prefix, method = f"{prefix}then_", getattr(method, "then", None)
    return None


def known_fields(record: Scenario) -> set[str]:
    """The numbers of a scenario that can vary."""
    names = set(field_paths()) | {f"{d}_{f}" for d in DEPRECIATION for f in getattr(getattr(record.finance, d), "__struct_fields__", ())}
    return {name for name in names if field_type(name, record) is not None}


def is_whole(wanted: Any) -> bool:
    """Whether a field's type takes whole numbers only."""
    return isinstance(_plain(msgspec.inspect.type_info(wanted)), msgspec.inspect.IntType)


def bounds(wanted: Any) -> tuple[float, float]:
    """The least and the greatest value of a real field's type, just inside where a bound is not included."""
    kind = _plain(msgspec.inspect.type_info(wanted))
    low = kind.ge if kind.ge is not None else (kind.gt or 0.0) + 1e-9
    high = kind.le if kind.le is not None else (kind.lt or 0.0) - 1e-9
    return float(low), float(high)


def _plain(kind: Any) -> Any:
    """The number inside annotations and unions with nothing; None if there is none."""
    while isinstance(kind, msgspec.inspect.Metadata):
        kind = kind.type
    if isinstance(kind, msgspec.inspect.UnionType):
        return next((found for found in map(_plain, kind.types) if found is not None), None)
    return kind if isinstance(kind, msgspec.inspect.FloatType | msgspec.inspect.IntType) else None
