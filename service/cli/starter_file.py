"""`schema`: the JSON schema of a scenario, or a starter file of a model.

A starter file has every field with its meaning and bounds, and values of a shipped scenario where
some are needed.
"""

import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from economics.models.registry import MODELS, AnyScenario
from economics.records.revenue import Rental, Tranche
from economics.scenario.reading import DEPRECIATION, scenario
from economics.vocabulary.problems import UnknownProblem
from economics.vocabulary.written_numbers import with_percentages
from service.files.reading import shipped_tables
from service.files.toml import literal

EXAMPLES = {
    "rack": "reference-project",
    "lease": "crusoe-abilene",
    "program": "hyperscaler-vintages",
    "commitments": "openai-commitments",
    "bill": "azure-openai-2024",
    "margin": "perplexity-2024",
}
HEAD = """\
# A scenario of rackrate. Try it: rackrate quote THIS_FILE
# A field that is left out has the default shown: the value, or what is told in [brackets] where
# the value is an example. What has no default is asked for by answers that need it; a line that
# begins with # is not stated.
# Fractions run from 0 to 1; in percent they are texts: "70%". Any number may say where it comes
# from, as in: utilisation = { value = 0.7, source = "our own logs", as_of = "2026-01" }
"""
OF_RACK = """\
# accelerator (here), facility.site, power.tariff and revenue.market name rows of the catalog,
# which fill fields left out: rackrate catalog

name = "my-scenario"
# accelerator = "hgx-h100"
"""
IN_ITS_PLACE = "if not stated"  # of a meaning that says itself what holds then
METHODS = """\
# Methods of depreciation:
#   { method = "straight_line", life_years = 6, salvage_fraction = 0.0 }
#     also "sum_of_years", "units_of_production"
#   { method = "declining_balance", factor = 2.0, life_years = 5, switch = true }
#   { method = "macrs", recovery_years = 5, convention = "half_year" }
#   { method = "bonus", fraction = 0.4,
#     then = { method = "macrs", recovery_years = 5, convention = "half_year" } }
#   { method = "custom", schedule = [0.5, 0.3, 0.2] }
"""


def schema(options: Namespace) -> None:
    """The JSON schema of a scenario, or a model's starter file."""
    if options.example is not None:
        sys.stdout.write(starter(options.example))
        return
    found = msgspec.json.encode(with_percentages(msgspec.json.schema(AnyScenario)))
    sys.stdout.write(msgspec.json.format(found, indent=2).decode() + "\n")


def starter(model: str = "rack") -> str:
    """The text of a model's file; it loads and quotes as it is. Errors: UnknownProblem."""
    if model not in MODELS:
        raise UnknownProblem("--example", model, f"model ({', '.join(MODELS)})", MODELS)
    own = (
        OF_RACK
        if model == "rack"
        else f'\nname = "my-scenario"\nmodel = "{model}"  # {_about(MODELS[model].record)}\n'
    )
    return HEAD + own + "".join(f"\n{section}" for section in _sections(model))


def _sections(model: str) -> Iterator[str]:
    example = msgspec.to_builtins(scenario(shipped_tables("scenarios", EXAMPLES[model])).scenario)
    for table, records in MODELS[model].tables.items():
        stated = example[table]
        chosen = next(
            (r for r in records if r.__struct_config__.tag == stated.get("kind")), records[0]
        )
        methods = METHODS if set(DEPRECIATION) & set(chosen.__struct_fields__) else ""
        yield f"[{table}]  # {_about(chosen)}\n" + "".join(_lines(chosen, stated)) + methods
        for other in records:
            if other is not chosen:
                yield _comment(f"or [{table}]  # {_about(other)}\n", *_lines(other, {}))
    if model == "rack":
        yield _comment(f"[[revenue.tranches]]  # {_about(Tranche)}\n", *_lines(Tranche, {}))


def _comment(*lines: str) -> str:
    return "".join(f"# {line.removeprefix('# ')}" for line in lines)


def _about(record: type[msgspec.Struct]) -> str:
    return " ".join((record.__doc__ or "").split())


def _lines(record: type[msgspec.Struct], stated: Mapping[str, Any]) -> Iterator[str]:
    tag, usual = record.__struct_config__.tag, Rental.__struct_config__.tag
    if tag is not None:
        told = "" if tag == usual else f"  # {_default(None)}"
        yield f"{record.__struct_config__.tag_field} = {literal(tag)}{told}\n"
    kinds = msgspec.inspect.type_info(record)
    for field in kinds.fields:  # type: ignore[attr-defined]
        default = None if field.default is msgspec.NODEFAULT else field.default
        value = stated.get(field.name, default)
        meaning = _meaning(field.type)
        told = "" if value == default or IN_ITS_PLACE in meaning else _default(default)
        said = (meaning, _bounds(field.type), told)
        comment = f"  # {'; '.join(part for part in said if part)}" if any(said) else ""
        yield (
            f"# {field.name} ={comment}\n"
            if value is None
            else f"{field.name} = {literal(value)}{comment}\n"
        )


def _default(default: Any) -> str:
    """What is told of a default beside another value."""
    return "[no default]" if default is None else f"[default {literal(default)}]"


def _meaning(kind: Any) -> str:
    return (
        str((kind.extra_json_schema or {}).get("description", ""))
        if isinstance(kind, msgspec.inspect.Metadata)
        else ""
    )


def _bounds(kind: Any) -> str:
    """What a field may be: a range or the choices."""
    if isinstance(kind, msgspec.inspect.Metadata):
        return _bounds(kind.type)
    if isinstance(kind, msgspec.inspect.UnionType):
        found = [
            _bounds(one) for one in kind.types if not isinstance(one, msgspec.inspect.NoneType)
        ]
        return found[0] if len(found) == 1 else ""
    if isinstance(kind, msgspec.inspect.LiteralType):
        return " or ".join(map(literal, kind.values))
    if isinstance(kind, msgspec.inspect.IntType | msgspec.inspect.FloatType):
        low = (
            f"at least {kind.ge:g}"
            if kind.ge is not None
            else f"above {kind.gt:g}"
            if kind.gt is not None
            else ""
        )
        high = (
            f"at most {kind.le:g}"
            if kind.le is not None
            else f"below {kind.lt:g}"
            if kind.lt is not None
            else ""
        )
        return ", ".join(part for part in (low, high if "e+" not in high else "") if part)
    return ""
