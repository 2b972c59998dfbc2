"""Percentages in plain tables as the numbers that they are, wherever a record takes a number that
is no amount.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import inspect
from msgspec.inspect import type_info

from economics.scenario.fields import types_within
from economics.vocabulary.units import amount_wanted, number_named
from economics.vocabulary.written_numbers import percentage, without_numpy
from kernels.language.caches import cached


@cached(64)
def types_of(record: Any) -> tuple[Any, ...]:
    """What a record may be."""
    return tuple(types_within(type_info(record)))


def plain_types(types: Iterable[Any]) -> tuple[Any, ...]:
    """Types without annotations and unions."""
    return tuple(inner for one in types for inner in types_within(one))


def with_numbers(plain: Any, types: tuple[Any, ...], name: str) -> Any:
    """`plain` with percentages as numbers wherever one of the types is a number, and that of the
    name no amount; without numpy's numbers. What is of none of the types is not looked into,
    however much it is.
    """
    if not types:
        return plain
    plain = without_numpy(plain)
    if isinstance(plain, str):
        found = percentage(plain)
        real = any(isinstance(one, inspect.FloatType) for one in types)
        return found if real and found is not None and not amount_wanted(name) else plain
    if isinstance(plain, Mapping):
        records = [_fields(one.cls) for one in types if isinstance(one, inspect.StructType)]
        any_key = stated_types(one.value_type for one in types if isinstance(one, inspect.DictType))
        if not (records or any_key):
            return plain
        kinds = {key: sum((one.get(key, ()) for one in records), any_key) for key in plain}
        return {
            key: with_numbers(inner, kinds[key], number_named(key, plain, name))
            if kinds[key]
            else inner
            for key, inner in plain.items()
        }
    if isinstance(plain, list | tuple):
        if any(isinstance(one, inspect.TupleType) for one in types):
            return [
                with_numbers(inner, stated_types(at_place(types, at)), name)
                for at, inner in enumerate(plain)
            ]
        each = stated_types(at_place(types, 0))
        return [with_numbers(inner, each, name) for inner in plain] if each else plain
    return plain


@cached(256)
def _fields(record: type) -> dict[str, tuple[Any, ...]]:
    """What may stand in each field of a record."""
    found: Any = type_info(record)
    return {field.name: stated_types((field.type,)) for field in found.fields}


def stated_types(types: Iterable[Any]) -> tuple[Any, ...]:
    """Plain types but the one of anything, of which nothing is known to be a number."""
    return tuple(one for one in plain_types(types) if not isinstance(one, inspect.AnyType))


def at_key(types: tuple[Any, ...], key: Any) -> list[Any]:
    """What may stand at a key of a table of some types."""
    records = [one for one in types if isinstance(one, inspect.StructType)]
    fields = [field.type for one in records for field in one.fields if field.name == key]
    return fields + [one.value_type for one in types if isinstance(one, inspect.DictType)]


def at_place(types: tuple[Any, ...], at: int) -> list[Any]:
    """What may stand at a place of a list of some types."""
    lists = (inspect.VarTupleType, inspect.ListType)
    fixed = (one.item_types for one in types if isinstance(one, inspect.TupleType))
    return [one.item_type for one in types if isinstance(one, lists)] + [
        each[at] for each in fixed if at < len(each)
    ]
