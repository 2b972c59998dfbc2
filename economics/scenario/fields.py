"""The numbers of a scenario by their flat names: where each stands, and what it may be."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import inf
from operator import attrgetter
from typing import Any, get_type_hints

import msgspec

from economics.extensions.contract.names import TRANCHE, tranche_fields, tranche_path
from economics.extensions.extensions import EXTENSIONS
from economics.models.assembly import is_public
from economics.models.registry import MODELS, graph, model_of, name_of
from economics.records.revenue import Tranche
from economics.vocabulary.bounds import SEARCHED_TO, Amount, AnyAmount
from economics.vocabulary.header import About
from economics.vocabulary.problems import Problem
from kernels.language.caches import cached
from kernels.language.node import Node
from kernels.language.spelling import near

GIVEN = "given."  # before the name of a computed quantity that is stated in place of its formula
NUMBERS = (msgspec.inspect.FloatType, msgspec.inspect.IntType)
# What says how many periods there are, and which of them are zero.
LIVES = (
    *(model.life for model in MODELS.values() if model.life),
    "debt_tenor_years",
    *(life for one in EXTENSIONS for life in one.life_fields),
)


def field_kinds(record: Any) -> Mapping[str, str]:
    """What each field of a record holds: a "number", a "path" of them, a "method" of depreciation,
    or a "choice": a word, a name, a table.
    """
    return _field_kinds(record)


@cached()
def _field_kinds(record: Any) -> Mapping[str, str]:
    info = msgspec.inspect.type_info(record)
    return {one.name: _kind(one.type) for one in info.fields}  # type: ignore[attr-defined]


@cached()
def names_of(record: Any, *kinds: str) -> tuple[str, ...]:
    """The fields of a record that hold something of some kinds."""
    return tuple(name for name, kind in field_kinds(record).items() if kind in kinds)


def _kind(kind: Any) -> str:
    types = list(types_within(kind))
    if any(isinstance(one, NUMBERS) for one in types):
        return "number"
    paths = (one.item_type for one in types if isinstance(one, msgspec.inspect.VarTupleType))
    if any(map(_plain, paths)):
        return "path"
    tags = {getattr(one, "tag_field", None) for one in types}
    return "method" if "method" in tags else "choice"


def types_within(kind: Any) -> Iterator[Any]:
    """The types inside annotations and unions."""
    while isinstance(kind, msgspec.inspect.Metadata):
        kind = kind.type
    if isinstance(kind, msgspec.inspect.UnionType):
        for one in kind.types:
            yield from types_within(one)
    else:
        yield kind


@cached()
def field_paths(model: str = "rack") -> Mapping[str, str]:
    """The dotted path of every number and depreciation method of a model's scenario by its flat
    name; `facility.` whatever its kind.
    """
    return {
        field: f"{table}.{field}"
        for table, records in MODELS[model].tables.items()
        for record in records
        for field, kind in field_kinds(record).items()
        if kind != "choice"
    }


def choice_fields(record: About) -> set[str]:
    """What a scenario states that is no number: words, names, tables."""
    records = [type(holder) for holder in holders(record)]
    stated = (field_kinds(one).items() for one in (*records, Tranche))
    return {"kind", *(name for each in stated for name, kind in each if kind == "choice")}


def holders(record: About) -> tuple[Any, ...]:
    """The tables of a scenario."""
    names, tables = _tables(name_of(record))
    return tables(record) if names[1:] else (tables(record),)


@cached()
def _tables(model: str) -> tuple[tuple[str, ...], Callable[[About], Any]]:
    names = tuple(MODELS[model].tables)
    return names, attrgetter(*names)


def life_of(record: About) -> float | None:
    """The years of a scenario's life; None where it has or states none."""
    years = _life(name_of(record))
    return years(record) if years else None


@cached()
def _life(model: str) -> Callable[[About], float | None] | None:
    life = MODELS[model].life
    return attrgetter(field_paths(model)[life]) if life else None


def methods(record: About) -> dict[str, Any]:
    """The depreciation methods of a scenario by the names of their fields, None where one is not
    stated.
    """
    return {
        name: getattr(holder, name)
        for holder in holders(record)
        for name in names_of(holder.__class__, "method")
    }


def with_swept(method: Any, prefix: str, swept: dict[str, Any]) -> Any:
    """A depreciation method with the swept values of its own fields, which are taken out of
    `swept`.
    """
    changed = {}
    for field in method.__struct_fields__:
        inner = getattr(method, field)
        if isinstance(inner, msgspec.Struct):
            changed[field] = with_swept(inner, f"{prefix}{field}_", swept)
        elif prefix + field in swept:
            changed[field] = swept.pop(prefix + field)
    return msgspec.structs.replace(method, **changed) if changed else method


def path_of(field: str, model: str = "rack") -> str | None:
    """The dotted path of a field, that of a tranche of several by `tranches[0].hours_fraction`;
    None if the model has no such field.
    """
    own = field.rpartition("].")[2]
    if own in TRANCHE and model == "rack":
        return tranche_path(field)
    return field_paths(model).get(field)


def field_type(field: str, record: About) -> Any:
    """The bounded type of a number of the scenario by its flat name, or of a computed quantity by
    `given.` and its name; None if there is no such number.
    """
    if field.startswith(GIVEN):
        return _type_where_given(flat(field), record)
    for holder in (type(one) for one in holders(record)):
        if field_kinds(holder).get(field) == "number":
            return get_type_hints(holder, include_extras=True)[field]
    if field in tranche_fields(record):
        return get_type_hints(Tranche, include_extras=True)[field.rpartition("].")[2]]
    for name, stated in methods(record).items():
        prefix, method = f"{name}_", stated
        while method is not None and field.startswith(prefix):
            rest = field.removeprefix(prefix)
            if rest in method.__struct_fields__:
                found = get_type_hints(type(method), include_extras=True)[rest]
                return found if _plain(msgspec.inspect.type_info(found)) is not None else None
            prefix, method = f"{prefix}then_", getattr(method, "then", None)
    return None


def flat(field: str) -> str:
    """What a number is called among the values of a scenario: that of `given.NAME` is NAME."""
    return field.removeprefix(GIVEN)


def _type_where_given(name: str, record: About) -> Any:
    """The bounded type of a computed quantity of one number; None if there is no such quantity."""
    nodes = _nodes(record)
    if name not in nodes or nodes[name].first_year is not None or not is_public(name, nodes):
        return None
    return AnyAmount if nodes[name].signed else Amount


def _nodes(record: About) -> Mapping[str, Node]:
    return graph(model_of(record).choices(record, {})).nodes


def meant_by(field: str, record: About) -> tuple[str, ...]:
    """The numbers that somebody may have meant who wrote a name that is none: fields, or what can
    be given.
    """
    given = [name for name in _nodes(record) if _type_where_given(name, record) is not None]
    if field in given:
        return (f"{GIVEN}{field}",)
    if field.startswith(GIVEN):
        return tuple(f"{GIVEN}{name}" for name in near(flat(field), given))
    return near(field, known_fields(record))


def known_fields(record: About) -> set[str]:
    """The numbers of a scenario that can vary."""
    inside = {
        f"{name}_{field}"
        for name, method in methods(record).items()
        for field in getattr(method, "__struct_fields__", ())
    }
    names = {*field_paths(name_of(record)), *inside, *tranche_fields(record)}
    return {name for name in names if field_type(name, record) is not None}


def is_whole(wanted: Any) -> bool:
    """Whether a field's type takes whole numbers only."""
    return isinstance(_plain(msgspec.inspect.type_info(wanted)), msgspec.inspect.IntType)


def bounds(wanted: Any) -> tuple[float, float]:
    """The least and the greatest value of a real field's type, just inside where a bound is not
    included.
    """
    return bounds_of(_plain(msgspec.inspect.type_info(wanted)))


def bounds_of(kind: Any) -> tuple[float, float]:
    """The least and the greatest value of a number's inspected type, just inside where a bound is
    not included; endless where it has none.
    """
    low, high = -inf, inf
    if kind.ge is not None or kind.gt is not None:
        low = float(kind.ge) if kind.ge is not None else kind.gt + 1e-9
    if kind.le is not None or kind.lt is not None:
        high = float(kind.le) if kind.le is not None else kind.lt - 1e-9
    return low, high


def search_bounds(wanted: Any) -> tuple[float, float]:
    """Between which values a real field is looked for: its bounds, or up to where its type says
    that it is searched.
    """
    low, high = bounds(wanted)
    return low, max((high, *_searched_to(msgspec.inspect.type_info(wanted))))


def _searched_to(kind: Any) -> Iterator[float]:
    if isinstance(kind, msgspec.inspect.Metadata):
        if kind.extra and SEARCHED_TO in kind.extra:
            yield kind.extra[SEARCHED_TO]
        yield from _searched_to(kind.type)
    if isinstance(kind, msgspec.inspect.UnionType):
        for one in kind.types:
            yield from _searched_to(one)


def _plain(kind: Any) -> Any:
    """The number inside annotations and unions with nothing; None if there is none."""
    return next((one for one in types_within(kind) if isinstance(one, NUMBERS)), None)


def distinct(targets: Iterable[str]) -> tuple[str, ...]:
    """Targets in their order, each once. Errors: Problem."""
    if not isinstance(targets, tuple) and (
        isinstance(targets, str) or not isinstance(targets, Iterable)
    ):
        raise Problem("targets", targets, "a list of names")
    names = tuple(targets)
    for at, name in enumerate(names if {*map(type, names)} != {str} else ()):
        if not isinstance(name, str):
            raise Problem(f"targets[{at}]", name, "the name of a quantity")
    return tuple(dict.fromkeys(names))


def is_life(field: str) -> bool:
    """Whether a field, be it of a tranche, says how many periods there are of something."""
    return field.rpartition("].")[2] in LIVES
