"""`compare`: scenarios side by side, and the bridge from one to another."""

import re
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

import msgspec

import economics
from economics import Comparison, Problem
from economics.questions.compare import MOST_SCENARIOS, Bridge
from service.cli import display
from service.cli.answering import answering
from service.cli.figures import NONE, Measure, measure
from service.cli.scenario_options import scenarios_of

OF_ONE = re.compile(r"^([A-P]):(.*)$", re.DOTALL)


def compare(options: Namespace) -> None:
    """Inputs that differ, answers side by side, and bridges."""
    names = options.scenario
    if not 2 <= len(names) <= MOST_SCENARIOS:
        raise Problem("SCENARIO", len(names), f"2 to {MOST_SCENARIOS} scenarios")
    tables = scenarios_of(
        (name, settings_for(options.set, at, len(names))) for at, name in enumerate(names)
    )
    with answering(options) as ask:
        found = ask.compare(tables, options.target or None, options.bridge)
    display.show_answer(found, options.json, _report)


def settings_for(texts: list[str], at: int, count: int) -> list[str]:
    """The settings of one of some scenarios: those of all, and those that begin with its letter.
    Errors: Problem.
    """
    mine = []
    for text in texts:
        letter, setting = found.groups() if (found := OF_ONE.match(text)) else (None, text)
        if letter is not None and ord(letter) - ord("A") >= count:
            raise Problem("--set", text, f"a letter from A to {chr(ord('A') + count - 1)}")
        if letter is None or ord(letter) - ord("A") == at:
            mine.append(setting)
    return mine


def _report(found: Comparison) -> Iterator[Any]:
    names, many = [display.clean(name) for name in found.names], range(1, 1 + len(found.names))
    inputs = display.grid("input that differs", *names, "unit", numbers=many)
    for one in found.inputs:
        shown_in = measure(one.path, one.unit or "")
        shown = (_input(value, shown_in) for value in one.values)
        inputs.add_row(one.path, *shown, shown_in.unit)
    outputs = display.grid("quantity", *names, "unit", "", numbers=many)
    for name, answers in found.outputs.items():
        why = dict.fromkeys(display.words(one.status) for one in answers if one.status != "ok")
        shown = (_answer(name, one) for one in answers)
        outputs.add_row(name, *shown, display.unit(name, answers[0]), "; ".join(why))
    yield from (inputs if found.inputs else "no input differs", "", outputs)
    for bridge in found.bridges:
        yield ""
        yield from _bridge(bridge)
    yield from display.notes(
        f"{name}: {note}"
        for name, basis in zip(names, found.bases, strict=True)
        for note in basis.notices
    )
    yield from display.notes(
        dict.fromkeys(bridge.note for bridge in found.bridges if bridge.changes)
    )


def _input(value: Any, shown_in: Measure) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return shown_in.figure(float(value))
    if isinstance(value, list | tuple) and all(isinstance(one, float | int) for one in value):
        return " ".join(shown_in.figures(value))
    return NONE if value is None else display.clean(str(value))


def _answer(name: str, one: economics.Quantity) -> str:
    if one.values is not msgspec.UNSET:
        return " ".join(measure(name, one.unit).figures(one.values))
    return display.value(name, one)


def _bridge(bridge: Bridge) -> Iterator[Any]:
    """The waterfall, one line a step; steps that change nothing on a line of their own."""
    shown_in = measure(bridge.target, bridge.unit)
    way = f"from {display.clean(bridge.start)} to {display.clean(bridge.end)}"
    title = f"{shown_in.label(bridge.target)} {way}"
    if bridge.status != "ok":
        ends = ((bridge.start, bridge.status_at_start), (bridge.end, bridge.status_at_end))
        lacking = (
            f"{display.clean(name)} ({display.words(status)})"
            for name, status in ends
            if status != "ok"
        )
        yield f"{title}: no bridge, for it has no value in {' and in '.join(lacking)}"
        return
    made = display.grid("step", "change", "after", numbers=(1, 2))
    made.add_row(display.clean(bridge.start), "", shown_in.figure(bridge.at_start))
    for one in bridge.changes:
        if one.change:
            figures = shown_in.figure(one.change), shown_in.figure(one.after)
            made.add_row(_fields(one.fields), *figures)
    made.add_row(display.clean(bridge.end), "", shown_in.figure(bridge.at_end))
    yield from (title, made)
    idle = [_fields(one.fields) for one in bridge.changes if not one.change]
    if idle:
        yield f"without effect: {', '.join(idle)}"
    if bridge.sum_error:
        yield f"the steps sum to the difference within {abs(bridge.sum_error):.1g}"


def _fields(fields: tuple[str, ...]) -> str:
    """What a step changes: one or two fields by name, more by the first and how many come
    with it.
    """
    return " + ".join(fields) if len(fields) <= 2 else f"{fields[0]} + {len(fields) - 1} fields"
