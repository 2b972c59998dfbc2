"""What stands above a scenario's file: `RACKRATE_<FIELD>` in the environment, and above that `--set name=value`."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, get_args

from economics import Problem, Scenario, catalog
from economics.depreciation import Method
from economics.problems import UnknownProblem
from economics.scenario import DEPRECIATION
from economics.tables import TABLES
from economics.tranches import TRANCHE
from kernels.graph import near

PREFIX = "RACKRATE_"
TEXTS = tuple(name for name in Scenario.__struct_fields__ if name not in (*TABLES, "given"))
TAGS = {"facility": "kind", "revenue": "kind", **{f"finance.{name}": "method" for name in DEPRECIATION}}


@cache
def flat_paths() -> Mapping[str, str]:
    """The dotted path of everything that has a flat name: fields, choices, catalog rows, the scenario's own texts."""
    fields = {field: f"{table}.{field}" for table, records in TABLES.items() for record in records for field in record.__struct_fields__}
    return {**{name: name for name in TEXTS}, **fields, **{field: f"revenue.tranches[0].{field}" for field in TRANCHE}}


def overridden(tables: Mapping[str, Any], settings: Iterable[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """The tables with the environment's fields and then the settings `name=value`, in their order. Errors: Problem."""
    changed = dict(tables)
    for variable, path, text in from_environment(environment):
        changed = _with(changed, path, value_of(text), f"environment: {variable}")
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise Problem("--set", setting, "name=value, such as utilisation=0.7")
        changed = _with(changed, path_of(name.strip(), "--set"), value_of(text), "command line: --set")
    return changed


@cache
def variables() -> Mapping[str, str]:
    """The dotted path of the field that each variable of the environment sets."""
    return {f"{PREFIX}{name.upper()}": path for name, path in flat_paths().items() if name not in TEXTS or name == "accelerator"}


def from_environment(environment: Mapping[str, str]) -> list[tuple[str, tuple[str, ...], str]]:
    """(variable, path, text) of every field that the environment states, in the order of the fields; an empty text states nothing."""
    stated = ((variable, path) for variable, path in variables().items() if environment.get(variable))
    return [(variable, steps(path), environment[variable]) for variable, path in stated]


def steps(path: str) -> tuple[str, ...]:
    """The keys and places of a dotted path: those of `revenue.tranches[0].use_fraction` are revenue, tranches, 0, use_fraction."""
    return tuple(path.replace("[", ".").replace("]", "").split("."))


def value_of(text: str) -> Any:
    """The right-hand side of a setting, read as TOML; what is no TOML is a text."""
    try:
        found = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return found["value"] if set(found) == {"value"} else text


def path_of(name: str, where: str) -> tuple[str, ...]:
    """The path of a flat name, of a dotted path or of `given.NAME`. Errors: UnknownProblem with near matches."""
    if name in flat_paths():
        return steps(flat_paths()[name])
    if name.startswith("tranches["):
        return ("revenue", *steps(name))
    if "." in name and name.split(".")[0] in (*TABLES, "given") and all(name.split(".")):
        return steps(name)
    for method in DEPRECIATION:
        if name.startswith(f"{method}_"):
            rest = name.removeprefix(f"{method}_")
            inner = ("then", rest.removeprefix("then_")) if rest.startswith("then_") else (rest,)
            return ("finance", method, *inner)
    tagged = tuple(f"{path}.{tag}" for path, tag in TAGS.items() if tag == name)
    last = name.split(".")[-1]
    alike = tagged or near(name, flat_paths().values() if "." in name else flat_paths()) or near(last, flat_paths())
    raise UnknownProblem(where, name, "field", alike)


def _with(tables: Mapping[str, Any], path: tuple[str, ...], value: Any, origin: str) -> dict[str, Any]:
    """The tables with one value changed; a new kind drops the fields that it does not have."""
    holder = ".".join(path[:-1])
    if TAGS.get(holder) == path[-1]:
        tables = _of_kind(tables, path[:-1], holder, value)
    changed: dict[str, Any] = _placed(tables, path, _sourced(value, origin), ())
    return changed


def _placed(tables: Any, path: tuple[str, ...], value: Any, above: tuple[str, ...]) -> Any:
    key, *rest = path
    if isinstance(tables, list):
        if not key.isdigit() or int(key) >= len(tables):
            raise Problem(".".join(above), key, f"a place up to {len(tables) - 1}")
        return [_placed(one, tuple(rest), value, (*above, key)) if at == int(key) else one for at, one in enumerate(tables)]
    if not rest:
        return {**tables, key: value}
    inner = tables.get(key, {})
    if not isinstance(inner, Mapping) and not (isinstance(inner, list) and len(rest) > 1):
        raise Problem(".".join((*above, key)), inner, "a table")
    return {**tables, key: _placed(inner, tuple(rest), value, (*above, key))}


def _of_kind(tables: Mapping[str, Any], path: tuple[str, ...], holder: str, kind: Any) -> dict[str, Any]:
    """The tables with only those fields of a tagged table that its new kind has."""
    records = {record.__struct_config__.tag: record for record in (TABLES.get(holder) or get_args(Method))}
    held: Any = tables
    for key in path:
        held = held.get(key, {}) if isinstance(held, Mapping) else {}
    if not isinstance(kind, str) or kind not in records or not isinstance(held, Mapping):
        return dict(tables)
    kept = {key: inner for key, inner in held.items() if key in records[kind].__struct_fields__}
    if "site" in kept and _kind_of_site(kept["site"]) != kind:
        del kept["site"]
    changed: dict[str, Any] = _placed(tables, path, kept, ())
    return changed


def _kind_of_site(site: Any) -> Any:
    return catalog.row("facilities", site, "facility.site")["facility"]["kind"]


def _sourced(value: Any, origin: str) -> Any:
    """Numbers with where they come from beside them, so that the file's source is not taken for theirs."""
    if isinstance(value, Mapping):
        return value if "value" in value else {key: _sourced(inner, origin) for key, inner in value.items()}
    number = isinstance(value, int | float | list) and not isinstance(value, bool)
    return {"value": value, "source": origin} if number else value
