"""`simulate` and `sensitivity`: what becomes of targets when fields are uncertain, and which fields
matter.
"""

from argparse import Namespace
from collections.abc import Iterable, Iterator
from typing import Any

import economics
from economics import Problem, Sensitivity, Simulation
from economics.sweeps.distributions import Drawn
from kernels.grids.estimates import Estimate
from service.cli import display
from service.cli.draw_options import FORMS, with_draws
from service.cli.scenario_options import spec_of


def simulate(options: Namespace) -> None:
    """Quantiles and probabilities over draws."""
    spec = _spec(options)
    if spec.get("draws") is None:
        raise Problem("--draw", None, f"at least one uncertain field: {FORMS}")
    if options.target:
        spec["targets"] = options.target
    if options.chance:
        spec["conditions"] = options.chance
    found = economics.simulate(spec, threads=options.threads, progress=display.progress())
    display.show_answer(found, options.json, _simulation)


def sensitivity(options: Namespace) -> None:
    """A target's inputs, those that matter most first."""
    spec = {
        name: part for name, part in _spec(options).items() if name not in ("targets", "conditions")
    }
    spec["target"] = options.target
    if options.by is not None:
        spec["by_fraction"] = options.by
    found = economics.sensitivity(spec, threads=options.threads, progress=display.progress())
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


def _interval(one: Estimate) -> tuple[str, str, str]:
    return display.number(one.value), display.number(one.low), display.number(one.high)


def _outcomes(found: Simulation) -> Iterator[Any]:
    """A table for each target: mean and quantiles with the ends of their intervals."""
    for name, one in found.targets.items():
        made = display.grid(f"{name} [{one.unit}]", "value", "from", "to", numbers=(1, 2, 3))
        for label, estimate in (("mean", one.mean), *one.quantiles.items()):
            if estimate is not None:
                made.add_row(label, *_interval(estimate))
        yield ""
        yield made if one.count else f"{name}: no draw has a value"


def _chances(found: Simulation) -> Iterator[Any]:
    """The probabilities of conditions."""
    if found.conditions:
        made = display.grid("probability", "value", "from", "to", numbers=(1, 2, 3))
        for one in found.conditions:
            made.add_row(one.condition, *_interval(one.probability))
        yield ""
        yield made


def _notes(found: Simulation) -> Iterable[str]:
    """How intervals were found, and how many draws have no value."""
    lacking = {
        **{name: one.missing for name, one in found.targets.items()},
        **{one.condition: one.missing for one in found.conditions},
    }
    counted = (
        f"{name}: {n:,} draws without a value: {display.words(status)}"
        for name, by in lacking.items()
        for status, n in by.items()
    )
    return display.notes([f"from and to: {found.intervals}", *counted, *found.basis.notices])


def _ranking(found: Sensitivity) -> Iterator[Any]:
    """Bars, then indices."""
    yield f"{found.target} = {display.number(found.value)} {found.unit}{_matter(found.status)}"
    yield ""
    made = display.grid(
        "input", "from", "base", "to", "target at from", "at to", "swing", "", numbers=range(1, 7)
    )
    for bar in found.bars:
        ends = (display.number(bar.low), display.number(bar.base), display.number(bar.high))
        values = (
            display.number(bar.at_low),
            display.number(bar.at_high),
            display.number(bar.swing),
        )
        made.add_row(
            bar.field,
            *ends,
            *values,
            display.words(bar.status_at_low) or display.words(bar.status_at_high),
        )
    yield made
    if found.indices:
        made = display.grid(
            "Sobol indices", "alone", "from", "to", "in all", "from", "to", numbers=range(1, 7)
        )
        for index in found.indices:
            made.add_row(
                index.field,
                *map(_share, _ends(index.first_order)),
                *map(_share, _ends(index.total_order)),
            )
        yield ""
        yield made
    said = (
        "alone, in all: first-order and total shares of the target's variance, with 95 % intervals"
    )
    shares = [said] if found.indices else []
    left = (
        f"{found.missing:,} of {found.draws.count:,} rows of draws, without a value, are left out"
        " of the indices"
    )
    missing = [left] if found.missing else []
    yield from display.notes(
        [_draws_in_words(found.draws), *shares, *found.notes, *missing, *found.basis.notices]
    )


def _matter(status: str) -> str:
    return f" ({display.words(status)})" if display.words(status) else ""


def _ends(one: Estimate) -> tuple[float | None, float | None, float | None]:
    return one.value, one.low, one.high


def _share(value: float | None) -> str:
    """An index, to four digits after the point."""
    return display.NONE if value is None else f"{round(value, 4) + 0.0:.4f}"
