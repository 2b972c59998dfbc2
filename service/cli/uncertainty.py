"""`simulate` and `sensitivity`: what becomes of targets when fields are uncertain, and which fields
matter.
"""

from argparse import Namespace
from collections.abc import Iterable, Iterator
from typing import Any

from economics import Problem, Sensitivity, Simulation
from economics.sweeps.distributions import Drawn
from economics.uncertainty.sensitivity import sensitivity_spec
from economics.uncertainty.simulate import simulation_spec
from kernels.grids.estimates import Estimate
from service.cli import display
from service.cli.answering import answering
from service.cli.draw_options import FORMS, with_draws
from service.cli.figures import NONE, Measure, measure
from service.cli.scenario_options import spec_of

SHARES = (
    "first-order: share of the target's variance that comes from this input alone; total-order:"
    " with its interactions; from and to: 95 % intervals"
)


def simulate(options: Namespace) -> None:
    """Quantiles and probabilities over draws."""
    spec = _spec(options)
    if spec.get("draws") is None:
        raise Problem("--draw", None, f"at least one uncertain field: {FORMS}")
    if options.target:
        spec["targets"] = options.target
    if options.chance:
        spec["conditions"] = options.chance
    asked = simulation_spec(spec)
    with answering(options) as ask:
        found = ask.simulate(
            asked.scenario, asked.draws, asked.targets, asked.conditions, spec.get("backend")
        )
    display.show_answer(found, options.json, _simulation)


def sensitivity(options: Namespace) -> None:
    """A target's inputs, those that matter most first."""
    spec = {
        name: part for name, part in _spec(options).items() if name not in ("targets", "conditions")
    }
    spec["target"] = options.target
    if options.by is not None:
        spec["by_fraction"] = options.by
    asked = sensitivity_spec(spec)
    with answering(options) as ask:
        found = ask.sensitivity(
            asked.scenario, asked.target, asked.draws, asked.by_fraction, spec.get("backend")
        )
    display.show_answer(found, options.json, _ranking)


def _spec(options: Namespace) -> dict[str, Any]:
    """The question that a file and the options ask. Errors: Problem, FileProblem."""
    spec = spec_of(options)
    return {**spec, "draws": with_draws(spec.get("draws"), options)}


def _simulation(found: Simulation) -> Iterator[Any]:
    yield f"{_draws_in_words(found.draws)}, on {found.backend}"
    yield from _outcomes(found)
    yield from _chances(found)
    yield from _notes(found)


def _draws_in_words(how: Drawn) -> str:
    """How many draws of what, in words."""
    fields = f"{how.count:,} draws of {len(how.fields)} field{'s' if len(how.fields) > 1 else ''}"
    return f"{fields} ({how.method}, seed {how.seed})"


def _interval(one: Estimate, shown_in: Measure) -> tuple[str, ...]:
    return tuple(map(shown_in.figure, _ends(one)))


def _outcomes(found: Simulation) -> Iterator[Any]:
    """A table for each target: mean and quantiles with the ends of their intervals."""
    for name, one in found.targets.items():
        shown_in = measure(name, one.unit)
        made = display.grid(shown_in.label(name), "value", "from", "to", numbers=(1, 2, 3))
        for label, estimate in (("mean", one.mean), *one.quantiles.items()):
            if estimate is not None:
                made.add_row(label, *_interval(estimate, shown_in))
        yield ""
        yield made if one.count else f"{name}: no draw has a value"


def _chances(found: Simulation) -> Iterator[Any]:
    """The probabilities of conditions."""
    if found.conditions:
        shown_in = measure("probability_fraction", "1")
        parts = ("met", "not met", "no value", "from", "to")
        made = display.grid(shown_in.label("probability"), *parts, numbers=range(1, 6))
        for one in found.conditions:
            counts = one.met, one.not_met, sum(one.no_value.values())
            shares = (shown_in.figure(count / found.draws.count) for count in counts)
            ends = map(shown_in.figure, (one.probability.low, one.probability.high))
            made.add_row(one.condition, *shares, *ends)
        yield ""
        yield made


def _notes(found: Simulation) -> Iterable[str]:
    """How intervals were found, and how many draws have no value."""
    return display.notes([f"from and to: {found.intervals}", *found.notes, *found.basis.notices])


def _ranking(found: Sensitivity) -> Iterator[Any]:
    """Bars, then indices."""
    shown_in = measure(found.target, found.unit)
    yield f"{found.target} = {shown_in.text(found.value)}{_matter(found.status)}"
    yield ""
    yield _tornado(found, shown_in)
    if found.indices:
        made = display.grid(
            *("Sobol indices", "first\norder", "from", "to", "total\norder", "from", "to"),
            numbers=range(1, 7),
        )
        for index in found.indices:
            made.add_row(
                index.field,
                *map(_share, _ends(index.first_order)),
                *map(_share, _ends(index.total_order)),
            )
        yield ""
        yield made
    shares = [SHARES] if found.indices else []
    yield from display.notes(
        [_draws_in_words(found.draws), *shares, *found.notes, *found.basis.notices]
    )


def _tornado(found: Sensitivity, shown_in: Measure) -> Any:
    """A line an input: its low and high case, and the target in each."""
    ends = ("low", "base", "high", "at low", "at high", "swing")
    made = display.grid("input", *ends, "", numbers=range(1, 7))
    for bar in found.bars:
        of_field, statuses = measure(bar.field, bar.unit), (bar.status_at_low, bar.status_at_high)
        made.add_row(
            bar.field,
            *map(of_field.short, (bar.low, bar.base, bar.high)),
            *map(shown_in.figure, (bar.at_low, bar.at_high, bar.swing)),
            "; ".join(dict.fromkeys(filter(None, map(display.words, statuses)))),
        )
    return made


def _matter(status: str) -> str:
    return f" ({display.words(status)})" if display.words(status) else ""


def _ends(one: Estimate) -> tuple[float | None, float | None, float | None]:
    return one.value, one.low, one.high


def _share(value: float | None) -> str:
    """An index, to four digits after the point."""
    return NONE if value is None else f"{round(value, 4) + 0.0:.4f}"
