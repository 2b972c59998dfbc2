"""`--sweep name=...` as the axis of a sweep, `--reduce ...` as its reduction."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from economics import Problem
from economics.vocabulary import written_numbers
from economics.vocabulary.units import amount_wanted
from service.cli.overrides import flat_name

FORMS = "name=start:stop:count, name=start:stop:count@log or name=a,b,c"
REDUCTIONS = (
    'cells, summary, top:100, bottom:100, histogram:256, "share:breakeven_utilisation < 0.8" or'
    ' "frontier:utilisation:npv_usd_per_rack = 0"'
)


def axis(text: str) -> dict[str, Any]:
    """The axis that a `--sweep` says. Errors: Problem."""
    name, equals, over = (part.strip() for part in text.partition("="))
    if not equals or not name:
        raise Problem("--sweep", text, FORMS)
    where, flat = f"--sweep {name}", flat_name(name, "--sweep")
    if ":" not in over:
        listed = over.split(",")
        if not over.strip(", "):
            raise Problem(where, over, f"at least one value: {FORMS}")
        if not all(part.strip() for part in listed):
            raise Problem(where, over, "a value before, between and after the commas")
        return {
            "kind": "values",
            "field": flat,
            "values": [number(part, where, flat) for part in listed],
        }
    ends, at, spacing = over.partition("@")
    parts = ends.split(":")
    if len(parts) != 3 or (at and spacing != "log"):
        raise Problem(where, over, FORMS)
    start, stop, count = (
        number(parts[0], where, flat),
        number(parts[1], where, flat),
        whole(parts[2], where),
    )
    if stop <= start and not (stop == start and count == 1):
        raise Problem(where, over, "a stop above the start")
    return {
        "kind": "logspace" if at else "linspace",
        "field": flat,
        "start": start,
        "stop": stop,
        "count": count,
    }


def number(text: str, where: str, name: str = "") -> float:
    """A finite number, be it in percent where one of its name is no amount. Errors: Problem."""
    if "%" in text and (expected := amount_wanted(name)):
        raise Problem(where, text.strip(), expected)
    try:
        value = written_numbers.number(text)
    except ValueError:
        raise Problem(where, text.strip(), "a number") from None
    if not math.isfinite(value):
        raise Problem(where, text.strip(), "a finite number")
    return value


def whole(text: str, where: str) -> int:
    """A whole number of at least 1. Errors: Problem."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise Problem(where, text.strip(), "a whole number of at least 1")
    return value


def with_axes(axes: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> list[Mapping[str, Any]]:
    """The axes of a file with those of `--sweep`: one of the same field is replaced where it
    stands, others follow.
    """
    merged, typed = list(axes), [axis(text) for text in texts]
    refuse_twice("--sweep", [one["field"] for one in typed])
    for new in typed:
        places = [
            at
            for at, one in enumerate(merged)
            if isinstance(one, Mapping) and one.get("field") == new["field"]
        ]
        if places:
            merged[places[0]] = new
        else:
            merged.append(new)
    return merged


def refuse_twice(where: str, fields: Sequence[str]) -> None:
    """Errors: Problem where an option names a field more than once."""
    for at, field in enumerate(fields):
        if field in fields[:at]:
            raise Problem(where, field, "each field once")


def reduction(text: str) -> dict[str, Any]:
    """The reduction that a `--reduce` says; `top`, `bottom` and `histogram` may name their target
    last. Errors: Problem.
    """
    kind, colon, rest = (part.strip() for part in text.partition(":"))
    if kind in ("cells", "summary") and not colon:
        return {"kind": kind}
    if kind == "share" and rest:
        return {"kind": kind, "condition": rest}
    if kind == "frontier" and rest:
        return {"kind": kind, **_frontier(rest)}
    if kind in ("top", "bottom", "histogram"):
        size, _, target = rest.partition(":")
        counted = "bins" if kind == "histogram" else "count"
        stated = {counted: whole(size, f"--reduce {kind}")} if size or colon else {}
        return {"kind": kind, **stated, **({"target": target} if target else {})}
    raise Problem("--reduce", text, REDUCTIONS)


def _frontier(text: str) -> dict[str, Any]:
    """FIELD, FIELD:TARGET or FIELD:TARGET = LEVEL."""
    name, _, rest = (part.strip() for part in text.partition(":"))
    target, equals, level = (part.strip() for part in rest.partition("="))
    field = flat_name(name, "--reduce frontier")
    stated = {"level": number(level, "--reduce frontier", target)} if equals else {}
    return {"field": field, **stated, **({"target": target} if target else {})}
