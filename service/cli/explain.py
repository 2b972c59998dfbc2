"""`explain`: how a number comes about."""

import sys
from argparse import Namespace
from collections.abc import Iterator

import economics
from service.cli import display
from service.cli.answering import answering
from service.cli.figures import measure
from service.cli.scenario_options import scenario_of

INDENT = "  "


def explain(options: Namespace) -> None:
    """A number's derivation: formulas, values, units and sources, indented."""
    tables = scenario_of(options)
    with answering(options) as ask:
        found = ask.explain(tables, options.target, options.depth)
    if options.json:
        display.show_json(found)
        return
    sys.stdout.write("\n".join(map(display.clean, derivation(found, 0, set()))) + "\n")


def derivation(one: economics.Explanation, depth: int, seen: set[str]) -> Iterator[str]:
    """The lines of one quantity and of its inputs; what was explained above is only named again."""
    margin, again = INDENT * depth, one.name in seen and (one.formula or one.source or one.inputs)
    matter = f" ({display.words(one.status)})" if display.words(one.status) else ""
    yield f"{margin}{one.name} = {_value(one)}{matter}{' (see above)' if again else ''}"
    if again:
        return
    seen.add(one.name)
    *first, result = (one.formula or "").split("; ")
    yield from (f"{margin}{INDENT}{assigned}" for assigned in first)
    if result:
        yield f"{margin}{INDENT}= {result}"
    if one.description and (one.formula or one.inputs):
        yield f"{margin}{INDENT}{one.description}"
    if one.roots:
        yield f"{margin}{INDENT}{display.zeros(one.roots)}"
    if one.source is not None:
        yield f"{margin}{INDENT}source: {_source(one.source)}"
    for inner in one.inputs:
        yield from derivation(inner, depth + 1, seen)


def _value(one: economics.Explanation) -> str:
    """A value or values with the unit."""
    shown_in = measure(one.name, one.unit)
    if one.values is not None:
        return f"[{', '.join(map(shown_in.figure, one.values))}] {shown_in.unit}".rstrip()
    return one.value if isinstance(one.value, str) else shown_in.text(one.value)


def _source(source: economics.Source) -> str:
    return "; ".join(
        part
        for part in (source.source, source.as_of and f"as of {source.as_of}", source.note)
        if part
    )
