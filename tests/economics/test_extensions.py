"""The additions to a rack that there are, as a list."""

from itertools import combinations

import pytest
from contracts import contract
from racks import changed, late, small, with_network

from economics import scenario
from economics.extensions.extension import in_sequence
from economics.extensions.extensions import EXTENSIONS
from economics.models.rack import Scenario, choices
from economics.scenario.fields import path_of

BY_NAME = {one.name: one for one in EXTENSIONS}
PAIRS = list(combinations(EXTENSIONS, 2))
ALL = changed(
    contract(),
    operations={"delay_years": 1},
    hardware={"network_life_years": 1, "network_price_usd_per_gpu": 1},
)


def chosen(tables):
    made = choices(scenario(tables).scenario, {})
    return [one.name for one in in_sequence(EXTENSIONS) if one.is_chosen(made)]


def test_each_has_a_name_of_its_own_and_comes_after_some_that_there_are():
    assert len(BY_NAME) == len(EXTENSIONS)
    for one in EXTENSIONS:
        assert set(one.after) < set(BY_NAME), one.name


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda one: one.name)
def test_two_answer_to_different_choices_and_fields(one, other):
    assert one.choice != other.choice
    for table in one.fields.keys() & other.fields.keys():
        own, others = (set(each.fields[table].__struct_fields__) for each in (one, other))
        assert not own & others
    assert not set(one.life_fields) & set(other.life_fields)


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda one: one.name)
def test_what_two_define_anew_is_defined_in_a_stated_order(one, other):
    if one.redefines & other.redefines:
        assert one.name in other.after or other.name in one.after


@pytest.mark.parametrize(
    ("tables", "names"),
    [
        (small(), []),
        (contract(), ["contract"]),
        (late(), ["delay"]),
        (with_network(2), ["gear"]),
        (ALL, ["contract", "delay", "gear"]),
    ],
    ids=["none", "contract", "delay", "gear", "all"],
)
def test_a_scenario_chooses_those_that_it_states(tables, names):
    assert chosen(tables) == names


@pytest.mark.parametrize("one", EXTENSIONS, ids=lambda one: one.name)
def test_its_fields_are_off_unless_they_are_stated(one):
    for place, fields in one.fields.items():
        stated = getattr(Scenario(), place.partition(".")[0])
        for name in fields.__struct_fields__:
            assert getattr(stated, name) == getattr(fields(), name), name
    assert all(path_of(name) for name in one.life_fields)
