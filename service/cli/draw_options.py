"""`--draw name=...` as an uncertain field, `--correlate a,b=...` as a correlation: together what is
drawn, or an axis of a sweep.
"""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from economics import Problem
from economics.vocabulary.problems import UnknownProblem
from economics.vocabulary.units import says_unit
from service.cli.axis_options import number, refuse_twice
from service.cli.overrides import flat_name

FORMS = "name=KIND:NUMBERS, such as utilisation=triangular:0.5,0.7,0.9"
PARTS = {
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "standard_deviation", "low", "high"),
    "lognormal": ("median", "sigma", "low", "high"),
}
LEAST = 2  # numbers that each of these needs; bounds may be left out
SETTINGS = ("count", "seed", "method")


def draw(text: str) -> tuple[str, dict[str, Any]]:
    """The field and the distribution that a `--draw` says. Errors: Problem."""
    name, equals, form = (part.strip() for part in text.partition("="))
    kind, colon, listed = (part.strip() for part in form.partition(":"))
    if not (name and equals and colon and listed):
        raise Problem("--draw", text, FORMS)
    where, field = f"--draw {name}", flat_name(name, "--draw")
    parts = [part.strip() for part in listed.split(",")]
    if kind == "discrete":
        return field, _discrete(parts, where, field)
    if kind not in PARTS:
        raise UnknownProblem(
            where,
            kind,
            "distribution (" + ", ".join((*PARTS, "discrete")) + ")",
            (*PARTS, "discrete"),
        )
    names = PARTS[kind]
    if not max(LEAST, len(names) if kind == "triangular" else LEAST) <= len(parts) <= len(names):
        raise Problem(where, listed, f"{kind}:{','.join(names)}")
    return field, {
        "kind": kind,
        **{
            name: number(part, where, name if says_unit(name) else field)
            for name, part in zip(names, parts, strict=False)
            if part
        },
    }


def _discrete(parts: list[str], where: str, field: str) -> dict[str, Any]:
    """Values, or values with their probabilities as `value@probability`."""
    pairs = [part.partition("@") for part in parts]
    if len({at for _, at, _ in pairs}) > 1:
        raise Problem(
            where,
            ",".join(parts),
            "a probability beside each value or beside none: discrete:3@0.25,4@0.75",
        )
    found: dict[str, Any] = {
        "kind": "discrete",
        "values": [number(value, where, field) for value, _, _ in pairs],
    }
    return (
        {**found, "probabilities": [number(share, where) for _, _, share in pairs]}
        if pairs[0][1]
        else found
    )


def correlation(text: str) -> dict[str, Any]:
    """The correlation that a `--correlate` says. Errors: Problem."""
    names, equals, coefficient = text.partition("=")
    between = (
        [flat_name(name.strip(), "--correlate") for name in names.split(",")] if equals else []
    )
    if len(between) != 2:
        raise Problem(
            "--correlate",
            text,
            "name,name=coefficient, such as utilisation,rental_price_usd_per_gpu_hour=0.5",
        )
    return {"between": between, "coefficient": number(coefficient, f"--correlate {names}")}


def with_draws(stated: Any, options: Namespace) -> dict[str, Any] | None:
    """What a file draws with what options change; None if nothing is drawn. Errors: Problem."""
    if stated is not None and not isinstance(stated, Mapping):
        raise Problem("draws", stated, "a table with fields, each a distribution")
    found = dict(stated or {})
    if options.draw:
        fields = found.get("fields", {})
        if not isinstance(fields, Mapping):
            raise Problem("draws.fields", fields, "a table of distributions")
        drawn = [draw(text) for text in options.draw]
        refuse_twice("--draw", [field for field, _ in drawn])
        found["fields"] = {**fields, **dict(drawn)}
    if options.correlate:
        pairs = found.get("correlations", [])
        if not isinstance(pairs, list):
            raise Problem("draws.correlations", pairs, "a list of correlations")
        found["correlations"] = [*pairs, *map(correlation, options.correlate)]
    found.update(
        {name: getattr(options, name) for name in SETTINGS if getattr(options, name) is not None}
    )
    if found and stated is None and not options.draw:
        raise Problem("--draw", None, f"at least one uncertain field: {FORMS}")
    return found or None


def with_draw_axis(axes: Sequence[Any], options: Namespace) -> list[Any]:
    """The axes of a sweep with what options draw: on the first that draws, or on one more. Errors:
    Problem.
    """
    at = next(
        (
            at
            for at, one in enumerate(axes)
            if isinstance(one, Mapping) and one.get("kind") == "draws"
        ),
        len(axes),
    )
    found = with_draws(axes[at] if at < len(axes) else None, options)
    return [*axes[:at], *([{"kind": "draws", **found}] if found else []), *axes[at + 1 :]]
