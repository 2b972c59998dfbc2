"""Scenarios of one shape: what is kept of the first one gives the others what they would have had
without it, to the byte.
"""

import copy
import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from racks import changed, reference, small
from strategies import late, renewed, scenarios

from economics import NoAnswer, Problem, quote, scenario
from economics.extensions.extensions import EXTENSIONS
from economics.models.registry import MODELS, usual_targets
from economics.questions.quote import _quote
from economics.scenario import shapes
from economics.scenario.fields import is_life
from economics.scenario.inputs import Inputs
from economics.scenario.reading import plain_scenario
from economics.scenario.shapes import shape_of
from kernels.language.caches import clear_caches
from service.files.reading import scenario_tables, shipped_names

TRANCHES = [
    {"label": "a", "hours_fraction": 0.5, "contract_price_usd_per_gpu_hour": 3.0},
    {"hours_fraction": 0.25, "contract_price_usd_per_gpu_hour": 2.0, "contract_term_years": 2},
]
SHIPPED = shipped_names("scenarios")
CONTRACT = reference(revenue={"kind": "contract", "tranches": TRANCHES})


def said(sourced, inputs_of):
    """The bytes of an answer to the usual targets, or what is wrong."""
    try:
        inputs = inputs_of(sourced)
        asked, lacking = inputs.stated(usual_targets(sourced.scenario))
        return msgspec.json.encode(_quote(sourced, inputs, asked, lacking))
    except (Problem, NoAnswer) as error:
        return f"{type(error).__name__}: {error}"


def is_as_read(tables):
    """Whether a scenario is answered alike by its shape and anew."""
    try:
        sourced = scenario(tables)
    except Problem:
        return False
    assert said(sourced, Inputs.of) == said(sourced, Inputs._read)
    return True


def with_other_numbers(tables, chance):
    """The tables, real numbers but years moved a little, or made 0 or 1."""
    if isinstance(tables, dict):
        return {
            name: one if name.endswith("_years") else with_other_numbers(one, chance)
            for name, one in tables.items()
        }
    if not isinstance(tables, float):
        return tables
    return chance.choice((*(tables * factor for factor in (1.0, 0.99, 0.98, 0.9) * 3), 0.0, 1.0))


@settings(max_examples=20, deadline=None)
@given(st.one_of(scenarios(), late(scenarios()), renewed(scenarios())), st.integers(0, 2**32))
def test_numbers_that_differ_are_answered_as_if_read_anew(tables, seed):
    assert is_as_read(tables)
    chance = random.Random(seed)
    for _ in range(4):
        is_as_read(with_other_numbers(tables, chance))


STRANGE = (
    *(0, 0.0, 1, 1.0) * 4,
    -0.0,
    True,
    False,
    None,
    2**53 + 1,
    5e-324,
    1e-308,
    1e308,
    1 - 2**-53,
)
STRANGE += ("50%", "0%", "100%", {"value": 0, "source": "a"}, {"value": 0.5, "source": "b"})


def places(tables, path=()):
    """Each place in tables with what stands there, lists and what they hold among them."""
    inside = tables.items() if isinstance(tables, dict) else enumerate(tables)
    for name, one in inside:
        if not isinstance(one, dict):
            yield (*path, name), one
        if isinstance(one, dict | list):
            yield from places(one, (*path, name))


def with_strange_values(tables, chance):
    """The tables with some of their values made what nobody expects there."""
    tables = copy.deepcopy(tables)
    found = [(path, one) for path, one in places(tables) if not isinstance(one, str)]
    for path, one in chance.choices(found, k=chance.choice((1, 1, 2, 5))):
        others = STRANGE
        if isinstance(one, list):
            others = (one[:-1], one + one[-1:], one[::-1], [], [0.0] * len(one), [-0.0] * len(one))
        elif isinstance(one, float | int):
            others += (-one, 2 * one, int(one), float(one), one + 1e-16, f"{100 * one}%")
        holder = tables
        for name in path[:-1]:
            holder = holder[name]
        if isinstance(holder, dict) or path[-1] < len(holder):
            holder[path[-1]] = chance.choice(others)
    return tables


def answered(tables):
    """The bytes of an answer by either way to read tables, or what is wrong."""
    try:
        return msgspec.json.encode(quote(plain_scenario(copy.deepcopy(tables)) or tables))
    except (Problem, NoAnswer) as error:
        return f"{type(error).__name__}: {error}"


@settings(deadline=None)
@given(
    st.one_of(scenarios(), late(scenarios()), renewed(scenarios()), st.sampled_from(SHIPPED)),
    st.integers(0, 2**32),
)
def test_what_was_asked_before_changes_no_answer(tables, seed):
    """Whichever scenarios came before, alike or strange, an answer is that of a new process."""
    tables = scenario_tables(tables) if isinstance(tables, str) else tables
    chance = random.Random(seed)
    asked = [tables, *(with_strange_values(tables, chance) for _ in range(12))]
    found = [answered(one) for one in asked]
    for one, answer in zip(asked, found, strict=True):
        for kept in (shapes._shape, shapes.kept_of, shapes._layout):
            kept.cache_clear()
        assert answered(one) == answer


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_and_their_like(name):
    tables, chance = scenario_tables(name), random.Random(name)
    for one in (tables, *(with_other_numbers(tables, chance) for _ in range(3))):
        is_as_read(one)


@pytest.mark.parametrize(
    "tables",
    [
        CONTRACT,
        small(finance={"tax_rate": 0.3, "loss_treatment": "refund"}),
        small(finance={"amortisation": "sculpted", "target_dscr": 1.2, "debt_rate_per_year": 0.1}),
        small(revenue={"utilisation": 0}),
        small(revenue={"rental_price_usd_per_gpu_hour": 0.0}),
        small(finance={"debt_fraction": 0.5, "debt_rate_per_year": 0.1, "debt_tenor_years": 9}),
    ],
)
def test_remarks_and_what_is_wrong_follow_the_numbers(tables):
    for use in (1.0, 0.9, 0.5, 0.2, 0.0):
        assert is_as_read(changed(tables, revenue={"utilisation": use}))


def shape(tables):
    return shape_of(scenario(tables).scenario)[0]


def test_plain_numbers_are_no_part_of_a_shape():
    first = shape(reference())
    assert shape(reference(revenue={"utilisation": 0.3}, hardware={"gpu_per_rack": 8})) is first
    prices = [{**one, "contract_price_usd_per_gpu_hour": 2.5} for one in TRANCHES]
    contract = reference(revenue={"kind": "contract", "tranches": prices})
    assert shape(contract) is shape(CONTRACT)


@pytest.mark.parametrize(
    "changes",
    [
        {"revenue": {"utilisation": 0.0}},
        {"revenue": {"utilisation": 1.0}},
        {"revenue": {"utilisation": None}},
        {"revenue": {"price_path_usd_per_gpu_hour": [3.0]}},
        {"hardware": {"economic_life_years": 4}},
        {"finance": {"loss_treatment": "carry_forward"}},
        {"finance": {"book_depreciation": {"method": "straight_line", "life_years": 4}}},
        {"facility": {"kind": "owned", "colocation_price_usd_per_kw_month": None}},
    ],
)
def test_all_else_is(changes):
    assert shape(reference(**changes)) is not shape(reference())


def test_years_that_periods_are_checked_by_are_part_of_a_shape():
    """Else a calendar would be kept for lives that it does not fit."""
    for model in MODELS.values():
        for choices in model.variants():
            lives = [life.name for one in EXTENSIONS for life in one.lives(choices)]
            assert all(map(is_life, lives))


def test_what_is_wrong_with_the_first_of_a_shape_is_not_kept():
    clear_caches()
    wrong = {**CONTRACT["revenue"], "tranches": [{**TRANCHES[0], "hours_fraction": 0.9}] * 2}
    with pytest.raises(Problem, match="together at most 1"):
        Inputs.of(scenario({**CONTRACT, "revenue": wrong}))
    first = Inputs.of(scenario(reference(revenue={"kind": "contract", "tranches": TRANCHES[:1]})))
    assert first.values["hours_fraction"] == 0.5
    with pytest.raises(Problem, match="together at most 1"):
        Inputs.of(scenario({**CONTRACT, "revenue": wrong}))


def test_another_option_has_what_is_kept_of_its_own():
    one, two = (Inputs.of(scenario(reference(revenue={"utilisation": u}))) for u in (0.5, 0.6))
    others = [each.choosing("loss_treatment", "carry_forward") for each in (one, two)]
    assert others[0].shape is others[1].shape is not one.shape
    assert others[1].values == two.values
    assert others[1].choices == {**one.choices, "loss_treatment": "carry_forward"}
    assert others[1]._key == others[0]._key != one._key
