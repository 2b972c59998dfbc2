"""Named quantities and their marks, on a lemonade stand."""

from types import ModuleType

import pytest

from kernels.language.graph import Graph, run
from kernels.language.node import (
    Probe,
    above,
    below,
    by_year,
    either_side,
    formulas_of,
    helper,
    in_order,
    inner,
    named,
    node,
    part_of,
    probe,
    renamed,
    signed,
    statuses,
    when,
    whole_years,
)


def cups(passers_by, thirst):
    """Cups sold in a day."""
    return passers_by * thirst


def lemons_left(lemons, cups):
    """Lemons left in the evening."""
    return lemons - cups * 0.25


@statuses(no_cups="there are no cups", no_lemons="the lemons are sold out")
@probe(left=Probe("lemons_left", "thirst", ("passers_by",)))
def most_thirst(left):
    """The thirst that leaves no lemon."""
    at_none, at_all = left(0.0), left(1.0)
    return at_none / (at_none - at_all), 0.0


@when(stall="rented")
def hours():
    """Hours that the stall is open."""
    return 8.0


GIVEN = {"passers_by": 200.0, "thirst": 0.5, "lemons": 40.0}
MARKET = '''
from kernels.language.node import helper, in_order, inner, named


def tables(stalls):
    """Tables of the market."""
    return 2.0 * stalls


@helper
def half(count):
    """What the others share."""
    return 0.5 * count


def _rounded(count):
    return round(count)


@inner
def chairs(tables):
    """Chairs of the market."""
    return 4.0 * tables


@named("bags")
def all_bags(chairs):
    """Bags on the chairs."""
    return half(chairs)
'''


@pytest.fixture(scope="module")
def market():
    module = ModuleType("market")
    exec(compile(MARKET, "market.py", "exec"), module.__dict__)
    return module


def test_a_formula_is_a_quantity_and_its_parameters_are_its_inputs():
    one = node(cups)
    assert (one.name, one.needs, one.doc) == (
        "cups",
        ("passers_by", "thirst"),
        "Cups sold in a day.",
    )
    assert node(one) is one


def test_a_formula_without_marks_has_none():
    one = node(cups)
    assert (one.inner, one.signed, one.whole_years, one.first_year) == (False, False, False, None)
    assert (one.total, one.when, one.probes, one.statuses, one.words) == (None, {}, {}, (), {})


@pytest.mark.parametrize(
    ("mark", "field", "expected"),
    [
        (inner, "inner", True),
        (signed, "signed", True),
        (whole_years, "whole_years", True),
        (by_year(0), "first_year", 0),
        (named("glasses"), "name", "glasses"),
        (
            when(stall=("own", "rented"), day="hot"),
            "when",
            {"stall": ("own", "rented"), "day": ("hot",)},
        ),
        (part_of("spending", follows="days"), "total", "spending"),
        (part_of("spending", follows="days"), "marks", {"follows": "days"}),
        (statuses(dry="it is dry", wet="it rains"), "statuses", ("ok", "dry", "wet")),
        (
            statuses(dry="it is dry", wet="it rains"),
            "words",
            {"dry": "it is dry", "wet": "it rains"},
        ),
    ],
)
def test_a_mark_is_said_on_the_formula_and_leaves_the_rest(mark, field, expected):
    def bottles(glasses):
        """Bottles filled."""
        return glasses / 4.0

    plain = node(bottles)
    marked = node(mark(bottles))
    assert getattr(marked, field) == expected
    assert marked.formula is bottles
    assert bottles(2.0) == 0.5
    others = set(vars(plain)) - {"name", "statuses", "sides", "words", "total", "marks", field}
    assert all(getattr(marked, other) == getattr(plain, other) for other in others)


def test_marks_add_up():
    @signed
    @inner
    @by_year(1)
    def debts():
        return ()

    one = node(debts)
    assert (one.signed, one.inner, one.first_year, one.doc) == (True, True, 1, "")


def test_a_probe_needs_its_target_in_place_of_its_parameter():
    one = node(most_thirst)
    assert one.needs == ("left",)
    assert one.inputs == {"lemons_left"}
    assert Probe("lemons_left", "thirst", others=("heat",)).unknowns == ("thirst", "heat")


def test_quantities_of_a_module_stand_in_the_order_of_its_text(market):
    """Not what it imports, what is private, or what formulas share."""
    assert [one.name for one in formulas_of(market)] == ["tables", "chairs", "bags"]
    assert [one.inner for one in formulas_of(market)] == [False, True, False]


def test_what_formulas_share_is_still_a_function(market):
    assert market.half(3.0) == 1.5
    assert (
        run(Graph.of(formulas_of(market)).plan(["bags"], ["stalls"]), {"stalls": 5.0}, None)["bags"]
        == 20.0
    )
    assert helper(len_of_day)(3.0) == 3.0


def len_of_day(hours):
    return hours


def test_a_renamed_formula_is_the_same_for_other_quantities():
    evening = {"cups": "evening_cups", "lemons_left": "night_lemons", "most_thirst": "night_thirst"}
    night = renamed(most_thirst, evening, "The thirst at night.", ("lemons",))
    assert (night.name, night.doc) == ("night_thirst", "The thirst at night.")
    assert night.formula is most_thirst
    assert night.probes["left"] == Probe("night_lemons", "thirst", ("passers_by", "lemons"))
    assert night.words["no_cups"] == "there are no cups"
    parts = (renamed(cups, evening, ""), renamed(lemons_left, evening, ""), night)
    steps = Graph.of(parts).plan(["night_thirst"], GIVEN)
    assert run(steps, GIVEN, None)["night_thirst"] == 0.8


def test_a_renamed_probe_asks_of_renamed_names():
    both = Probe("lemons_left", "thirst", ("cups",), ("heat",))
    one = renamed(probe(left=both)(lambda left: left(0.0)), NIGHT, "")
    assert one.probes["left"] == Probe("night_lemons", "cold", ("night_cups",), ("frost",))


NIGHT = {
    "<lambda>": "first",
    "lemons_left": "night_lemons",
    "thirst": "cold",
    "cups": "night_cups",
    "heat": "frost",
}


def test_a_renamed_choice():
    other = renamed(hours, {"hours": "cart_hours", "stall": "cart"}, "Hours of the cart.")
    assert other.when == {"cart": ("rented",)}


def test_a_sum_is_in_its_declared_order():
    assert in_order(1e16, 1.0, -1e16) == (1e16 + 1.0) - 1e16
    assert in_order(1e16, -1e16, 1.0) == 1.0
    assert in_order(3.0) == 3.0


def test_a_series_by_year_has_no_statuses_of_its_own():
    @by_year(1)
    @statuses(no_cups="there are no cups")
    def cups_by_year():
        """Cups of each year."""

    with pytest.raises(ValueError, match="cups_by_year: a series by year has no statuses"):
        node(cups_by_year)


def test_a_series_by_year_may_say_why_a_year_has_no_value():
    @by_year(1, no_cups="there are no cups")
    def cups_by_year():
        """Cups of each year."""

    assert (node(cups_by_year).missing, node(cups_by_year).statuses) == ("no_cups", ())
    assert node(cups_by_year).words == {"no_cups": "there are no cups"}


def test_a_status_says_on_which_side_of_every_value_a_cell_lies():
    @statuses(dear=above("too dear"), cheap=below("too cheap"), odd="odd", lone=either_side("lone"))
    def price(cups):
        return cups, 0.0

    one = node(price)
    assert one.statuses == ("ok", "dear", "cheap", "odd", "lone", "lone")
    assert one.sides == (0.0, 1.0, -1.0, 0.0, 1.0, -1.0)
    assert one.words == {"dear": "too dear", "cheap": "too cheap", "odd": "odd", "lone": "lone"}
