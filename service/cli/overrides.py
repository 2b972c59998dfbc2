"""What stands above a scenario's file: `RACKRATE_<FIELD>` in the environment, and above that `--set
name=value`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from economics import Problem
from economics.extensions.contract.names import tranche_name
from economics.models.registry import MODELS
from economics.records.revenue import Tranche
from economics.scenario.layers import TAGS, Layered, of_kind, placed, with_rows
from economics.scenario.reading import DEPRECIATION
from economics.vocabulary.problems import ExcessProblem, UnknownProblem
from economics.vocabulary.written_numbers import percentage
from kernels.language.caches import cached
from kernels.language.spelling import near
from service.setting_sources import PREFIX

NAMED = 3  # most names that a hint has
TEXTS = ("name", "source", "as_of", "note", "model")


@cached()
def flat_paths(model: str = "rack") -> Mapping[str, str]:
    """The dotted path of everything that has a flat name in a model: fields, choices, catalog rows,
    the scenario's own texts.
    """
    tables = MODELS[model].tables
    fields = {
        field: f"{table}.{field}"
        for table, records in tables.items()
        for record in records
        for field in record.__struct_fields__
    }
    texts = (*TEXTS, *(("accelerator",) if model == "rack" else ()))
    tranches = (
        {field: f"revenue.tranches[0].{field}" for field in Tranche.__struct_fields__}
        if model == "rack"
        else {}
    )
    return {**{name: name for name in texts}, **fields, **tranches}


def model_of(tables: Mapping[str, Any]) -> str:
    """The model that a scenario's tables name; the rack's where they name none that is known."""
    name = tables.get("model", "rack")
    return name if isinstance(name, str) and name in MODELS else "rack"


def override(
    tables: Mapping[str, Any], settings: Iterable[str], environment: Mapping[str, str]
) -> Layered:
    """The tables with the environment's fields and then the settings `name=value`, in their order;
    `name=` takes a field out. A row of the catalog that either names fills its fields over those of
    the file. Errors: Problem.
    """
    changed, model = dict(tables), model_of(tables)
    stated = from_environment(environment, model)
    settled = [(setting, *_setting(setting, model)) for setting in settings]
    typed = {".".join(path) for _, path, _ in settled}
    for variable, path, text in stated:
        if named := _in_several(path, changed):
            why = f"because there are several tranches: --set takes {' or '.join(named)}"
            raise ExcessProblem(variable, text, why)
        changed = _change(changed, path, value_of(text), f"environment: {variable}")
    # A row that the environment names fills nothing that is typed.
    layered = with_rows(changed, typed | {".".join(path) for _, path, _ in stated})
    changed = dict(layered)
    for setting, path, text in settled:
        if setting.partition("=")[0].strip() == path[-1] and (named := _in_several(path, changed)):
            raise UnknownProblem("--set", path[-1], "field", meant=named)
        value = value_of(text) if text.strip() else None
        changed = _change(changed, path, value, "command line: --set")
    return with_rows(Layered(changed, layered.notices), typed)


def _setting(setting: str, model: str) -> tuple[tuple[str, ...], str]:
    """The path and the text of a setting `name=value`. Errors: Problem."""
    name, equals, text = setting.partition("=")
    if not equals:
        raise Problem("--set", setting, "name=value, such as utilisation=0.7")
    return path_of(name.strip(), "--set", model), text


def _in_several(path: tuple[str, ...], tables: Mapping[str, Any]) -> tuple[str, ...]:
    """What a tranche's field is called in the first of several tranches; nothing where there are
    not several.
    """
    revenue = tables.get("revenue")
    tranches = revenue.get("tranches") if isinstance(revenue, Mapping) else None
    count = (
        len(tranches) if path[:2] == ("revenue", "tranches") and isinstance(tranches, list) else 0
    )
    return (
        tuple(tranche_name(path[-1], at, count) for at in range(min(count, NAMED)))
        if count > 1
        else ()
    )


@cached()
def variables(model: str = "rack") -> Mapping[str, str]:
    """The dotted path of the field that each variable of the environment sets in a model."""
    return {
        f"{PREFIX}{name.upper()}": path
        for name, path in flat_paths(model).items()
        if name not in TEXTS
    }


def from_environment(
    environment: Mapping[str, str], model: str = "rack"
) -> list[tuple[str, tuple[str, ...], str]]:
    """(variable, path, text) of every field that the environment states, in the order of the
    fields; an empty text states nothing.
    """
    stated = (
        (variable, path) for variable, path in variables(model).items() if environment.get(variable)
    )
    return [(variable, steps(path), environment[variable]) for variable, path in stated]


def steps(path: str) -> tuple[str, ...]:
    """The keys and places of a dotted path: those of `revenue.tranches[0].use_fraction` are
    revenue, tranches, 0, use_fraction.
    """
    return tuple(path.replace("[", ".").replace("]", "").split("."))


def value_of(text: str) -> Any:
    """The right-hand side of a setting, read as TOML; what is no TOML is a text."""
    try:
        found = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return found["value"] if set(found) == {"value"} else text


def path_of(name: str, where: str, model: str | None = None) -> tuple[str, ...]:
    """The path of a flat name, of a dotted path or of `given.NAME`, in a model or in the first that
    has it.

    Errors: UnknownProblem with near matches.
    """
    for one in MODELS if model is None else (model,):
        if found := _path_in(name, one):
            return found
    paths, tables = flat_paths(model or "rack"), MODELS[model or "rack"].tables
    tagged = tuple(
        f"{path}.{tag}"
        for path, tag in TAGS.items()
        if tag == name and path.split(".")[0] in tables
    )
    last = name.split(".")[-1]
    computed = tuple(
        f"given.{name}" for one in MODELS[model or "rack"].formulas if one.name == name
    )[:1]
    dotted = near(name, paths.values()) if "." in name else ()
    what = "field" if model in (None, "rack") else f'field of model = "{model}"'
    raise UnknownProblem(where, name, what, meant=tagged or computed or dotted or near(last, paths))


def flat_name(name: str, where: str) -> str:
    """The flat name of a field that is named so or by its path, or `given.NAME`. Errors:
    UnknownProblem.
    """
    path = path_of(name, where)
    if path[0] == "given":
        return name
    return name.removeprefix("revenue.") if "tranches" in path else "_".join(path[1:] or path)


def _path_in(name: str, model: str) -> tuple[str, ...]:
    """The path of a name in a model; nothing if there is none."""
    paths = flat_paths(model)
    if name in paths:
        return steps(paths[name])
    if name.startswith("tranches[") and model == "rack":
        return ("revenue", *steps(name))
    if (
        "." in name
        and name.split(".")[0] in (*MODELS[model].tables, "given")
        and all(name.split("."))
    ):
        return steps(name)
    for method in DEPRECIATION:
        if method in paths and name.startswith(f"{method}_"):
            rest = name.removeprefix(f"{method}_")
            inner = ("then", rest.removeprefix("then_")) if rest.startswith("then_") else (rest,)
            return (*paths[method].split("."), *inner)
    return ()


def _change(
    tables: Mapping[str, Any], path: tuple[str, ...], value: Any, origin: str
) -> dict[str, Any]:
    """The tables with one value changed; a new kind drops the fields that it does not have."""
    holder = ".".join(path[:-1])
    if TAGS.get(holder) == path[-1]:
        tables = of_kind(tables, path[:-1], value)
    changed: dict[str, Any] = placed(tables, path, _with_source(value, origin))
    return changed


def _with_source(value: Any, origin: str) -> Any:
    """Numbers with where they come from beside them, so that the file's source is not taken for
    theirs.
    """
    if isinstance(value, Mapping):
        return (
            value
            if "value" in value
            else {key: _with_source(inner, origin) for key, inner in value.items()}
        )
    number = isinstance(value, int | float | list) and not isinstance(value, bool)
    number = number or (isinstance(value, str) and percentage(value) is not None)
    return {"value": value, "source": origin} if number else value
