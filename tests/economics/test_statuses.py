"""Why a quantity has no answer: marks that formulas of several subjects share."""

import pytest
from contracts import contract
from racks import small, status, value

from economics.models.registry import MODELS
from economics.vocabulary import statuses
from kernels.language.node import node

MARKS = {
    name: mark for name, mark in vars(statuses).items() if getattr(mark, "__name__", "") == "mark"
}
FORMULAS = {
    one.formula: one
    for model in MODELS.values()
    for choices in model.variants()
    for one in model.graph(choices).nodes.values()
}


@pytest.mark.parametrize("name", MARKS)
def test_a_mark_names_its_status_and_tells_it_in_words(name):
    def lemons():
        return float("nan"), 1.0

    marked = node(MARKS[name](lemons))
    assert marked.statuses == ("ok", name)
    assert marked.words[name]
    assert "_" not in marked.words[name]


@pytest.mark.parametrize("name", MARKS)
def test_a_shared_mark_stands_on_several_formulas(name):
    """One that stands on one formula alone belongs there."""
    assert len([one for one in FORMULAS.values() if name in one.statuses]) > 1


@pytest.mark.parametrize("name", MARKS)
def test_a_status_is_told_alike_everywhere(name):
    told = {one.words[name] for one in FORMULAS.values() if name in one.statuses}
    assert len(told) == 1


def test_every_code_of_a_quantity_has_a_side():
    """Above every value, below, or neither: of each quantity of each model, as it is assembled."""
    for model in MODELS.values():
        for choices in model.variants():
            for one in model.graph(choices).nodes.values():
                assert len(one.sides) == len(one.statuses), one.name
                assert not any(one.sides[:1]), one.name


PREPAID = {"default_probability_per_year": 0, "prepayment_fraction": 0.1}


@pytest.mark.parametrize(
    ("tables", "target", "why"),
    [
        (small(revenue={"utilisation": 0.1}), "payback_years", "never"),
        (small(), "min_dscr", "no_debt"),
        (small(), "cost_of_delay_usd_per_rack_month", "no_delay"),
        (contract(PREPAID), "moic", "no_outlay"),
        (small(revenue={"rental_price_usd_per_gpu_hour": 0}), "margin_fraction", "no_price"),
        (small(revenue={"utilisation": 0}), "cost_usd_per_gpu_hour", "nothing_sold"),
    ],
)
def test_what_has_no_answer_says_why(tables, target, why):
    assert (value(tables, target), status(tables, target)) == (None, why)
