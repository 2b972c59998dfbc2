"""One scenario by floats.

"Evaluation" is the model alone, its inputs ready; a whole quote also checks the scenario's tables
and describes every answer. The bars are what this package is to stay under.
"""

from functools import partial

import pytest
from racks import reference
from turns import Entry, Group, in_turns

from economics import quote
from economics.models.rack import TARGETS as DEFAULT_TARGETS
from economics.scenario.inputs import Inputs
from economics.scenario.plan import compute
from economics.scenario.reading import scenario

BREAKEVENS = (
    "cash_breakeven_utilisation",
    "accounting_breakeven_utilisation",
    "breakeven_utilisation",
)
MONTHLY = reference(
    finance={
        "periods_per_year": 12,
        "tax_rate": 0.21,
        "debt_fraction": 0.6,
        "debt_rate_per_year": 0.09,
    }
)
QUESTIONS = {  # tables, targets, calls a round, bar
    "cost of a GPU-hour and three breakevens": (
        reference(),
        ("cost_usd_per_gpu_hour", *BREAKEVENS),
        1000,
        "bar 25 us",
    ),
    "20 targets, two of them IRR, of 60 monthly periods": (
        MONTHLY,
        DEFAULT_TARGETS,
        50,
        "bar 0.7 ms",
    ),
}


def evaluation(tables, targets):
    """The model alone."""
    inputs = Inputs.of(scenario(tables))
    plan = inputs.plan(targets)
    return partial(compute, plan, inputs.given(plan))


def group(title):
    """All entries for a question."""
    tables, targets, calls, bar = QUESTIONS[title]
    assert len(targets) in (4, 20)
    whole = Entry("a whole quote", lambda: partial(quote, tables, targets), calls=calls // 5)
    return Group(
        title,
        (Entry("evaluation", partial(evaluation, tables, targets), calls=calls, note=bar), whole),
    )


@pytest.mark.parametrize(("group", "entry"), in_turns(*map(group, QUESTIONS)))
def test_quotes(benchmark, group, entry):
    """Times of one scenario."""
    group.replay(benchmark, entry)
