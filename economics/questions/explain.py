"""How a number came about: its formula and its inputs, down to stated fields with their sources."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from typing import Annotated as A
from typing import Any

import msgspec

from economics.models.assembly import CONSTANTS, is_public
from economics.models.registry import name_of
from economics.questions.roots import Root, every
from economics.scenario.checking import checked
from economics.scenario.fields import path_of
from economics.scenario.inputs import Inputs
from economics.scenario.plan import Plan, finite, interpret, status_of
from economics.scenario.reading import Source, Sourced, scenario
from economics.vocabulary.header import About, is_
from economics.vocabulary.name_kinds import StatusName
from economics.vocabulary.problems import Problem
from economics.vocabulary.units import unit_shown
from kernels.language.caches import cached
from kernels.language.node import Formula

INNER = ("calendar", "xp", "periods_per_year", "dates_per_year")


class Explanation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A quantity with its value, the formula that gave it and the inputs of that, each explained in
    turn.
    """

    name: A[str, is_("of the quantity or the field")]
    value: A[
        float | str | None, is_("its value; a word where it is a choice; null with a status")
    ] = None
    values: A[tuple[float | None, ...] | None, is_("one a year, of a quantity by year")] = None
    unit: A[str, is_("of value or values")]
    status: A[StatusName, is_("ok, or why there is no value")] = "ok"
    description: A[str, is_("what it is, in words")]
    formula: A[str | None, is_("as it stands in the model; null for what is stated")] = None
    roots: A[
        tuple[Root, ...] | None, is_("of an IRR: all rates at which the present value is 0")
    ] = None
    source: A[Source | None, is_("where a stated number comes from")] = None
    inputs: A[tuple["Explanation", ...], is_("what the formula needs, each explained in turn")] = ()


def explain(
    tables: Mapping[str, Any] | About | Sourced, target: str, depth: int | None = None
) -> Explanation:
    """The derivation of a target, `depth` formulas deep (default: down to the inputs). Errors:
    Problem.
    """
    if (checked(depth, int | None, "depth") or 0) < 0:
        raise Problem("depth", depth, "0 or more")
    sourced = scenario(tables)
    inputs = Inputs.of(sourced)
    plan = _with_what_is_asked_again(inputs, target)
    values = interpret(plan, inputs.given(plan))
    return _explained(target, plan, values, sourced, depth, set())


def _with_what_is_asked_again(inputs: Inputs, target: str) -> Plan:
    """The plan of a target and of what its formulas ask again with other inputs, where the scenario
    states enough for that.
    """
    plan = inputs.plan_for(target)
    formulas = [plan.nodes[step.name] for step in plan.steps if step.name in plan.nodes]
    asked = dict.fromkeys(p.target for one in formulas for p in one.probes.values())
    public = (name for name in asked if is_public(name, plan.nodes))
    try:
        return inputs.plan([target, *public])
    except Problem:
        return plan


def _explained(
    name: str,
    plan: Plan,
    values: Mapping[str, Any],
    sourced: Sourced,
    depth: int | None,
    shown: set[str],
) -> Explanation:
    step = next((s for s in plan.steps if s.name == name), None)
    described: dict[str, Any] = {
        "name": name,
        "unit": unit_shown(name),
        **_valued(name, plan, values),
    }
    if step is None:
        return Explanation(**described, **_stated(name, sourced))
    one = plan.nodes[name]
    described["description"] = " ".join(one.doc.split())
    described["roots"] = every(one.listing, plan, values) if one.listing else None
    formula = _formula(one.formula, one.needs)
    if (depth is not None and depth == 0) or name in shown:
        return Explanation(**described, formula=formula)
    shown.add(name)
    asked = [
        f"{p.target} (asked again with other {' and '.join(p.unknowns)})"
        for p in one.probes.values()
    ]
    if asked:
        described["description"] += f" Uses {', '.join(asked)}."
    below = [
        n
        for n in (
            *(n for n in one.needs if n not in one.probes),
            *(p.target for p in one.probes.values()),
        )
        if n not in INNER
    ]
    deeper = None if depth is None else depth - 1
    known = [n for n in dict.fromkeys(below) if n in values]
    return Explanation(
        **described,
        formula=formula,
        inputs=tuple(_explained(n, plan, values, sourced, deeper, shown) for n in known),
    )


def _valued(name: str, plan: Plan, values: Mapping[str, Any]) -> dict[str, Any]:
    value = values[name]
    if isinstance(value, float | int):
        found = finite(float(value))
        return (
            {"value": found}
            if found is not None
            else {"value": None, "status": status_of(name, plan.nodes, values)}
        )
    if isinstance(value, tuple):
        return {"values": tuple(finite(float(v)) for v in value)}
    if hasattr(value, "values"):
        return {"values": tuple(finite(float(v)) for v in value.values)}
    return {"value": msgspec.json.encode(value).decode()}


def _stated(name: str, sourced: Sourced) -> dict[str, Any]:
    """What is known of an input: its field and the source of its value."""
    if name in CONSTANTS:
        return {"description": "A constant of the model."}
    if name in sourced.scenario.given:
        path = f"given.{name}"
        return {
            "description": "Given in place of its formula.",
            "source": sourced.sources.get(path),
        }
    path = path_of(name, name_of(sourced.scenario)) or f"finance.{name}"
    stated = any(p == path or p.startswith(f"{path}.") for p in sourced.stated)
    source = sourced.sources.get(path) or next(
        (s for p, s in sourced.sources.items() if p.startswith(f"{path}.")), None
    )
    return {"description": f"{path}, {'stated' if stated else 'default'}.", "source": source}


@cached()
def _formula(formula: Formula, needs: tuple[str, ...]) -> str | None:
    """What a formula does, in the words of the quantity's own inputs, if that is a few plain
    assignments and a result.
    """
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(formula)))
    except (OSError, SyntaxError):
        return None
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef):
        return None
    called = dict(zip((one.arg for one in function.args.args), needs, strict=False))
    for name in ast.walk(function):
        if isinstance(name, ast.Name):
            name.id = called.get(name.id, name.id)
    statements = [
        s
        for s in function.body
        if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
    ]
    plain = all(isinstance(s, ast.Assign | ast.Return) for s in statements)
    return (
        "; ".join(ast.unparse(s).removeprefix("return ") for s in statements)
        if statements and plain
        else None
    )
