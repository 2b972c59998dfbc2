"""The graph of named quantities, on a lemonade stand."""

import pytest

from kernels.language.graph import CircularName, DoubleName, Graph, GraphError, UnknownName, run
from kernels.language.node import (
    Probe,
    named,
    node,
    part_of,
    probe,
    statuses,
    when,
)


def cups_per_day(passers_by, thirst):
    """Cups sold in a day."""
    return passers_by * thirst


def takings(cups_per_day, price):
    """Money in the till."""
    return cups_per_day * price


@part_of("spending", follows="cups")
def lemons(cups_per_day):
    """Lemons bought."""
    return cups_per_day * 0.25


@part_of("spending", follows="days")
@when(stall="rented")
def rent():
    """Rent of the stall."""
    return 10.0


@part_of("spending", follows="days")
@when(stall=("own", "borrowed"))
@named("rent")
def no_rent():
    """Rent of the stall: none."""
    return 0.0


def profit(takings, spending):
    """What is left of the takings."""
    return takings - spending


@statuses(no_cups="there are no cups")
@probe(earned=Probe("profit", "price"))
def fair_price(earned):
    """The price at which profit is 0."""
    at_zero, at_one = earned(0.0), earned(1.0)
    slope = at_one - at_zero
    return (-at_zero / slope, 0.0) if slope else (float("nan"), 1.0)


STAND = (cups_per_day, takings, lemons, rent, no_rent, profit, fair_price)
GIVEN = {"passers_by": 200.0, "thirst": 0.5, "price": 2.0}


def answered(targets, given=GIVEN, choices=(("stall", "rented"),)):
    return run(Graph.of(STAND, dict(choices)).plan(targets, given), given, None)


def test_what_a_target_needs_is_computed_in_order():
    values = answered(["profit"])
    assert values["profit"] == 200.0 - (25.0 + 10.0)
    assert "fair_price" not in values


def test_only_what_a_target_needs_is_planned():
    steps = Graph.of(STAND, {"stall": "rented"}).plan(["takings"], GIVEN)
    assert [step.name for step in steps] == ["cups_per_day", "takings"]


def test_a_given_quantity_hides_what_stands_behind_it():
    steps = Graph.of(STAND, {"stall": "rented"}).plan(
        ["takings"], {"cups_per_day": 7.0, "price": 3.0}
    )
    assert [step.name for step in steps] == ["takings"]
    assert run(steps, {"cups_per_day": 7.0, "price": 3.0}, None)["takings"] == 21.0


def test_a_target_may_be_given():
    assert Graph.of(STAND, {"stall": "rented"}).plan(["price"], GIVEN) == ()


@pytest.mark.parametrize(
    ("stall", "spending"), [("rented", 35.0), ("own", 25.0), ("borrowed", 25.0)]
)
def test_a_choice_picks_a_formula(stall, spending):
    assert answered(["spending"], choices=(("stall", stall),))["spending"] == spending


def test_a_total_is_the_sum_of_its_parts_in_declared_order():
    graph = Graph.of(STAND, {"stall": "own"})
    assert [part.name for part in graph.parts("spending")] == ["lemons", "rent"]
    assert [part.marks["follows"] for part in graph.parts("spending")] == ["cups", "days"]
    assert graph.nodes["spending"].doc == "Sum of lemons, rent."


def test_a_part_that_no_choice_keeps_is_no_part():
    assert [part.name for part in Graph.of(STAND, {}).parts("spending")] == ["lemons"]


def test_an_unknown_target_names_near_ones():
    with pytest.raises(
        UnknownName, match=r"profitt is neither given nor computed; did you mean profit"
    ) as caught:
        answered(["profitt"])
    assert (caught.value.name, caught.value.user, caught.value.near[0]) == (
        "profitt",
        None,
        "profit",
    )


def test_a_missing_input_names_who_needs_it():
    with pytest.raises(
        UnknownName, match=r"thirst is neither given nor computed \(needed by cups_per_day\)"
    ) as caught:
        answered(["profit"], given={"passers_by": 1.0, "price": 1.0})
    assert caught.value.user == "cups_per_day"
    assert isinstance(caught.value, GraphError)


def test_two_formulas_of_one_name_are_refused():
    with pytest.raises(DoubleName, match="takings is defined twice"):
        Graph.of((takings, takings))


def test_a_total_with_parts_and_a_formula_is_refused():
    @named("spending")
    def also():
        return 1.0

    with pytest.raises(DoubleName, match="spending has both parts and a formula"):
        Graph.of((*STAND, also), {"stall": "own"})


def test_a_circle_is_refused():
    def egg(hen):
        return hen

    def hen(egg):
        return egg

    with pytest.raises(CircularName, match=r"egg -> hen -> egg|hen -> egg -> hen"):
        Graph.of((egg, hen)).plan(["egg"], ())


def test_a_circle_is_broken_by_a_given_value():
    def egg(hen):
        return hen

    def hen(egg):
        return egg + 1.0

    steps = Graph.of((egg, hen)).plan(["hen"], {"egg"})
    assert run(steps, {"egg": 1.0}, None)["hen"] == 2.0


def test_a_probe_asks_again_with_another_value():
    values = answered(["fair_price", "profit"])
    assert values["fair_price"] == 0.35
    assert values["fair_price_status"] == 0.0
    assert values["profit"] == 165.0  # the probes left the values alone


def test_a_probe_evaluates_only_what_changes():
    steps = Graph.of(STAND, {"stall": "rented"}).plan(["fair_price"], GIVEN)
    asking = next(step for step in steps if step.name == "fair_price")
    (asked, inner) = asking.probes["earned"]
    assert asked == Probe("profit", "price")
    assert [step.name for step in inner] == ["takings", "profit"]
    assert "price" not in asking.needs
    assert {"cups_per_day", "spending"} <= set(asking.needs)


def test_a_probe_holds_what_it_is_told():
    @named("held_price")
    @probe(earned=Probe("profit", "passers_by", ("spending",)))
    def held(earned):
        return earned(0.0)

    graph = Graph.of((*STAND, held), {"stall": "rented"})
    assert run(graph.plan(["held_price"], GIVEN), GIVEN, None)["held_price"] == -35.0


def test_a_probe_of_what_does_not_change_is_level():
    @probe(earned=Probe("lemons", "price"))
    def odd(earned):
        return earned(0.0), earned(9.0)

    graph = Graph.of((*STAND, odd), {"stall": "rented"})
    assert run(graph.plan(["odd"], GIVEN), GIVEN, None)["odd"] == (25.0, 25.0)


def test_a_status_comes_beside_its_value():
    values = answered(["fair_price"], given={**GIVEN, "passers_by": 0.0})
    assert values["fair_price"] != values["fair_price"]
    assert values["fair_price_status"] == 1.0
    assert node(fair_price).statuses == ("ok", "no_cups")


def test_an_error_says_what_was_computed():
    def cups(lemons):
        """Cups of a lemon each."""
        return 1 / lemons

    def takings(cups):
        """What they bring."""
        return 2 * cups

    steps = Graph.of((cups, takings)).plan(["takings"], ["lemons"])
    with pytest.raises(ZeroDivisionError) as caught:
        run(steps, {"lemons": 0}, None)
    assert caught.value.__notes__ == ["while computing cups"]
