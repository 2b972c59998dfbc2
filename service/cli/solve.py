"""`solve`: which value of a field meets a target."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from functools import partial

import economics
from economics import Problem
from economics.vocabulary.bounds import between_words
from economics.vocabulary.units import value_text
from service.cli import display
from service.cli.answering import answering
from service.cli.figures import measure
from service.cli.overrides import flat_name
from service.cli.scenario_options import scenario_of

OPTIONS = {"unknown": "--for", **{name: f"--{name}" for name in ("target", "value", "between")}}
NOWHERE = 1  # the exit code where there is no answer


def solve(options: Namespace) -> None:
    """Every value of a field at which a target has a value."""
    between = tuple(options.between) if options.between else None
    unknown = flat_name(options.unknown, "--for")
    tables = scenario_of(options)
    try:
        with answering(options) as ask:
            found = ask.solve(tables, options.target, options.value, unknown, between)
    except Problem as problem:
        where = problem.where.partition("[")[0]
        if where not in OPTIONS:
            raise
        raise Problem(OPTIONS[where], problem.value, problem.expected) from None
    if options.json:
        display.show_json(found)
    else:
        sys.stdout.write("\n".join((*_answers(found), f"note: {found.note}")) + "\n")
    if found.reason:
        raise SystemExit(NOWHERE)


def _answers(found: economics.Solution) -> Iterator[str]:
    """The roots and the stretches, or why there is neither."""
    for root in found.roots:
        yield f"{found.unknown} = {_root(root, found)}"
    for low, high in found.stretches:
        yield f"every {found.unknown} {between_words(low, high)} {_unit(found)}".rstrip()
    if found.reason:
        shown = partial(value_text, found.unknown)
        sought = f"{found.unknown} {between_words(*found.between, shown)}"
        wanted = f"{found.target} = {value_text(found.target, found.value)}"
        yield f"no {sought} gives {wanted}: {found.reason}"


def _root(root: float, found: economics.Solution) -> str:
    """A root in full, as it can be stated, with its unit; in % beside it where that is read."""
    shown_in = measure(found.unknown, found.unit)
    if shown_in.in_percent:
        return f"{root!r} ({shown_in.text(root)})"
    return f"{root!r} {_unit(found)}".rstrip()


def _unit(found: economics.Solution) -> str:
    """The unit of numbers as they can be stated; nothing beside a share or a rate."""
    shown_in = measure(found.unknown, found.unit)
    return "" if shown_in.in_percent else shown_in.unit
