"""Plain tables as checked records: all that is wrong is told at once, each by its path, its value
and what was expected.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from economics.models.registry import MODELS, RACK
from economics.records.revenue import Tranche
from economics.scenario.fields import NUMBERS, bounds_of, field_paths
from economics.scenario.nested import Keys, part_at, step_into, with_only, without
from economics.scenario.percentages import at_key, at_place, plain_types, types_of, with_numbers
from economics.vocabulary.problems import MOST_AT_ONCE, Problem, UnknownField, as_one
from economics.vocabulary.units import amount_wanted, number_named
from economics.vocabulary.written_numbers import hint, percentage

PLAIN_WORDS = (
    ("float", "a number"),
    ("int", "a whole number"),
    ("str", "text"),
    ("object", "a table"),
    ("array", "a list"),
)


class Fault(NamedTuple):
    """A problem, the keys and places down to what is to be left out, and the path of that."""

    problem: Problem
    keys: Keys
    whole: str


def checked(plain: Any, record: Any, path: str, name: str = "") -> Any:
    """`plain` as a record of the given type; texts such as "8%" are numbers where it takes some
    that are no amounts. A number that stands in no field is of `name`. Errors: Problem, one for
    each field at fault, with path, value and what was expected.
    """
    try:
        return msgspec.convert(plain, record)
    except msgspec.ValidationError:
        read = with_numbers(plain, types_of(record), name)
    try:
        return msgspec.convert(read, record)
    except msgspec.ValidationError as error:
        faults = _faults(str(error), plain, read, record, path, name)
        raise as_one(fault.problem for fault in islice(faults, MOST_AT_ONCE)) from None


def _faults(
    message: str, plain: Any, read: Any, record: Any, path: str, name: str
) -> Iterator[Fault]:
    """What is wrong, one after the other, each looked for without the ones before it; where one
    that is required is gone, without all that holds it.
    """
    removed, places = set[str](), dict[Keys, list[int]]()
    for _ in range(2 * MOST_AT_ONCE):
        fault = _fault(message, plain, read, record, path, name, places)
        known = fault.problem.where in removed or fault.keys in places
        if not (known or _is_emptied(fault.problem, removed)):
            yield fault
        if not fault.keys:
            return
        *above, last = fault.keys
        if isinstance(last, int):
            held = part_at(plain, above)
            places.setdefault(tuple(above), list(range(len(held)))).pop(last)
        removed |= {fault.problem.where, fault.whole}
        plain, read = (without(one, fault.keys) for one in (plain, read))
        try:
            msgspec.convert(read, record)
        except msgspec.ValidationError as error:
            message = str(error)
        else:
            return


def _is_emptied(problem: Problem, removed: Iterable[str]) -> bool:
    """Whether a table is empty only because what was wrong in it has been left out."""
    return problem.value == {} and any(one.startswith(f"{problem.where}.") for one in removed)


def _joined(path: str, keys: Iterable[str]) -> str:
    """A path and the keys below it, as one path."""
    return ".".join(one for one in (path, *keys) if one)


def _fault(
    message: str,
    plain: Any,
    read: Any,
    record: Any,
    path: str,
    name: str,
    places: Mapping[Keys, list[int]],
) -> Fault:
    """What a message is about; values are told as they were written. Of lists from which some have
    been taken, `places` are those that the others had.
    """
    text, _, at = message.partition(" - at `$")
    value, held, types, keys = plain, read, types_of(record), list[str | int]()
    where, paths = path, [path]
    tags: tuple[Any, ...] = ()
    alone = False  # among so many entries that others are not looked for
    for key, index in re.findall(r"\.([A-Za-z_]\w*)|\[(\d+|\.\.\.)\]", at.rstrip("`")):
        if index == "...":
            key, alone = _at_fault(message, read, record, held), len(held) > MOST_AT_ONCE
        place = index.isdigit()
        step: Any = int(index) if place else key
        tags = _tags(types, step)
        types = plain_types(at_place(types, step) if place else at_key(types, step))
        name = number_named(key, value, name) if isinstance(value, Mapping) else name
        value, held = step_into(value, step), step_into(held, step)
        own = places.get(tuple(keys), range(step + 1))[step] if place else step
        where += f"[{own}]" if place else f".{key}" if where else key
        keys.append(step)
        paths.append(where)
    problem, inside = _told(text, where, value, types, tags, record, name)
    whole = () if alone else (*keys, *inside)
    left = whole[: whole.index("")] if "" in whole else whole
    return Fault(problem, left, [*paths, problem.where][len(left)])


def _told(
    text: str,
    where: str,
    value: Any,
    types: tuple[Any, ...],
    tags: tuple[Any, ...],
    record: Any,
    named: str,
) -> tuple[Problem, tuple[str, ...]]:
    """What a message says of a value, and the key in it at which it is wrong: "" for one that is
    not there.
    """
    if unknown := re.match(r"Object contains unknown field `(.*)`", text):
        name = unknown.group(1)
        what = f"field of {where or 'the scenario'}{_of_model(record)}"
        known, elsewhere = _fields_of(where, value, record), _elsewhere(name, record)
        stated = step_into(value, name)
        inside = _joined(where, (name,))
        return UnknownField(inside, name, stated, what, known, elsewhere), (name,)
    if missing := re.match(r"Object missing required field `(.*)`", text):
        name = missing.group(1)
        expected = _listed(_choices(plain_types(at_key(types, name))) or _tags(types, name))
        return Problem(_joined(where, (name,)), None, expected or "a value"), ("",)
    if said := re.match(r"(\w+) = .*: expected (.*)$", text):
        name = said.group(1)
        return Problem(_joined(where, (name,)), value.get(name), said.group(2)), (name,)
    if text.startswith("Invalid") and (options := _listed(_choices(types) or tags)):
        return Problem(where, value, options), ()
    expected = re.sub(r"^Expected ", "", text).replace("`", "")
    for python, plain_word in PLAIN_WORDS:
        expected = re.sub(rf"\b{python}\b", plain_word, expected)
    expected = re.sub(r",? got .*$", "", expected).replace(" | null", ", or leave it out")
    expected = expected.replace(" | ", " or ")
    numbers = [one for one in types if isinstance(one, NUMBERS)]
    real = any(isinstance(one, inspect.FloatType) for one in types)
    if real and isinstance(value, str) and percentage(value) is not None:
        expected = amount_wanted(named) or expected
    meant = hint(value, *bounds_of(numbers[0])) if numbers else ""
    return Problem(where or "scenario", value, expected + meant), ()


def _choices(types: Iterable[Any]) -> tuple[Any, ...]:
    """The values of a choice of words or numbers."""
    chosen = (one.values for one in types if isinstance(one, inspect.LiteralType))
    return tuple(sorted(value for values in chosen for value in values))


def _tags(types: Iterable[Any], key: str) -> tuple[Any, ...]:
    """The kinds of record that a key tells apart."""
    return tuple(one.tag for one in types if getattr(one, "tag_field", None) == key)


def _listed(options: Iterable[Any]) -> str:
    return " or ".join(map(repr, options))


def _at_fault(message: str, plain: Any, record: Any, holder: Mapping[str, Any]) -> str:
    """The entry of a table of any names about which a message is: the first one that is refused so
    without the others.
    """
    for key in holder:
        try:
            msgspec.convert(with_only(plain, holder, key), record)
        except msgspec.ValidationError as error:
            if str(error) == message:
                return str(key)
    return "*"


def _of_model(record: Any) -> str:
    """Which model's fields are meant, where that is not the rack's."""
    name = getattr(getattr(record, "__struct_config__", None), "tag", "rack")
    return f' (model = "{name}")' if name in MODELS and name != "rack" else ""


def _elsewhere(name: str, record: Any) -> tuple[str, ...]:
    """Where a scenario has the field of a name, be it flat or dotted."""
    model = next((model for model, one in MODELS.items() if one.record is record), None)
    field = name.rpartition(".")[2]
    path = field_paths(model).get(field) if model else None
    return (f"{field} in the table {path.rpartition('.')[0]}",) if path else ()


def _fields_of(where: str, value: Any, record: Any) -> set[str]:
    model = next((one for one in MODELS.values() if one.record is record), RACK)
    if where in model.tables:
        kinds = model.tables[where]
        if isinstance(value, Mapping) and len(kinds) > 1:
            stated = value.get("kind", kinds[0].__struct_config__.tag)
            kinds = tuple(k for k in kinds if k.__struct_config__.tag == stated) or kinds
        return {name for kind in kinds for name in kind.__struct_fields__}
    if where.startswith("revenue.tranches["):
        return set(Tranche.__struct_fields__)
    return set(model.record.__struct_fields__) if not where else set()
