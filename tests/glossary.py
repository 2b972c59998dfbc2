"""The part of docs/glossary.md that is made from the code; `python -m tests.glossary` renews it.

What stands above MARK on the page is written by hand. Below it is every field of every model with
its unit, what it may be, its default and its meaning; and every quantity that can be asked for,
with its unit and the first paragraph of its docstring.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import fill
from typing import Any, get_args

from msgspec import NODEFAULT, UNSET, Struct, inspect

from economics.formulas.depreciation import Method
from economics.models.assembly import is_public
from economics.models.rack import TABLES, Scenario
from economics.models.registry import MODELS, variants
from economics.records.revenue import Tranche
from economics.vocabulary.units import UnitError, unit_text
from kernels.language.node import Node

PAGE = Path(__file__).parents[1] / "docs" / "glossary.md"
MARK = "<!-- From here on made from the code: python -m tests.glossary -->\n"
ABOUT_FIELDS = """
By table, with the models that have it. Where no default stands, the field is not stated: a question
that needs it says so.
"""
ABOUT_QUANTITIES = """
By model: what can be asked for, or given in place of its formula. Some are there for one kind of
revenue or facility only. Of several tranches their own go by `tranches[0].` and so on.
"""
Row = tuple[str, ...]


def made() -> str:
    """What is made from the code."""
    return f"{MARK}\n{''.join(_fields())}{''.join(_quantities())}".rstrip("\n") + "\n"


def records() -> dict[type[Struct], tuple[str, list[str]]]:
    """Each record of a scenario: where it stands, and in which models."""
    found: dict[type[Struct], tuple[str, list[str]]] = {Scenario: ("a scenario", ["rack"])}
    for name, model in MODELS.items():
        for table, kinds in model.tables.items():
            for record in kinds:
                found.setdefault(record, (table, []))[1].append(name)
    found[Tranche] = ("revenue.tranches", ["rack"])
    for method in get_args(Method):
        found[method] = ("a depreciation method", [])
    return found


def nodes() -> dict[str, dict[str, Node]]:
    """The quantities of each model that can be asked for, by their names."""
    return {
        model: {
            one.name: one
            for one in reversed(variants(model))
            if is_public(one.name, {one.name: one})
        }
        for model in MODELS
    }


def _fields() -> Iterator[str]:
    yield f"## Fields of a scenario\n\n{_paragraph(ABOUT_FIELDS)}\n\n"
    for record, (table, models) in records().items():
        info = inspect.type_info(record)
        assert isinstance(info, inspect.StructType)
        tag = f", {info.tag_field} = {info.tag}" if info.tag and record is not Scenario else ""
        having = f" ({', '.join(models)})" if models else ""
        yield f"### {table}{tag}{having}\n\n"
        yield f"{_paragraph(record.__doc__ or '')}\n\n"
        yield _table(
            ("field", "unit", "may be", "default", "meaning"),
            [_field(one) for one in info.fields if one.name not in TABLES],
        )


def _field(one: inspect.Field) -> Row:
    about = one.type.extra_json_schema or {} if isinstance(one.type, inspect.Metadata) else {}
    default = "" if one.default in (NODEFAULT, None, (), UNSET) else _number(one.default)
    return (
        f"`{one.name}`",
        _unit(one.name),
        _may_be(one.type),
        default,
        about.get("description", ""),
    )


def _may_be(kind: Any) -> str:
    """What a field may be, in words."""
    match kind:
        case inspect.Metadata():
            return _may_be(kind.type)
        case inspect.UnionType():
            return " or ".join(dict.fromkeys(filter(None, map(_may_be, kind.types))))
        case inspect.FloatType():
            return _between(kind)
        case inspect.IntType():
            return f"whole, {_between(kind)}"
        case inspect.LiteralType():
            return ", ".join(f"`{value}`" for value in kind.values)
        case inspect.VarTupleType():
            return f"list of {_may_be(kind.item_type)}"
        case inspect.StructType():
            return "a method" if kind.tag_field == "method" else "tables"
        case inspect.NoneType():
            return ""
    return {"BoolType": "`true`, `false`", "StrType": "text"}.get(type(kind).__name__, "a table")


def _between(kind: inspect.FloatType | inspect.IntType) -> str:
    low = f"above {_number(kind.gt)}," if kind.ge is None else _number(kind.ge)
    high = f"below {_number(kind.lt)}" if kind.le is None else _number(kind.le)
    return f"{low} to {high}"


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"`{str(value).lower()}`"
    return f"{value:g}".replace("e+", "e") if abs(value) >= 1e9 else f"{value:,.15g}"


def _quantities() -> Iterator[str]:
    yield f"## Quantities\n\n{_paragraph(ABOUT_QUANTITIES)}\n\n"
    for model, of_model in nodes().items():
        yield f"### {model}\n\n"
        rows = [
            (f"`{name}`", _unit(name), node.doc.partition("\n\n")[0])
            for name, node in sorted(of_model.items())
        ]
        yield _table(("quantity", "unit", "what it is"), rows)


def _unit(name: str) -> str:
    try:
        return unit_text(name)
    except UnitError:
        return ""


def _paragraph(text: str) -> str:
    return fill(" ".join(text.partition("\n\n")[0].split()), 100, break_on_hyphens=False)


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    cells = [[" ".join(cell.replace("|", "\\|").split()) for cell in line] for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in cells) + "\n"


if __name__ == "__main__":
    by_hand = PAGE.read_text("utf-8").partition(MARK)[0]
    PAGE.write_text(by_hand + made(), "utf-8")
