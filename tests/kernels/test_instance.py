"""Quantities of a lemonade stand once more, for its neighbour; and with other inputs."""

from kernels.language.graph import Graph, run
from kernels.language.instance import between, instance, rewired
from kernels.language.node import Probe, probe, statuses


def cups(passers_by, thirst):
    """Cups sold in a day."""
    return passers_by * thirst


def lemons(cups, lemons_per_cup):
    """Lemons pressed in a day."""
    return cups * lemons_per_cup


def sugar(cups):
    """Spoons of sugar of a day."""
    return 2.0 * cups


def shade(hours):
    """Hours of shade."""
    return 0.5 * hours


def weight(lemons, sugar, shade):
    """What is carried, and how long in the shade."""
    return lemons + sugar + shade


@statuses(too_heavy="nobody can carry it")
@probe(carried=Probe("weight", "lemons_per_cup", ("sugar",)))
def most_lemons(carried):
    """Lemons a cup that weigh 1,000."""
    at_none, at_one = carried(0.0), carried(1.0)
    return (1000.0 - at_none) / (at_one - at_none), 0.0


GRAPH = Graph.of((cups, lemons, sugar, shade, weight, most_lemons))
GIVEN = {"passers_by": 200.0, "thirst": 0.5, "lemons_per_cup": 0.5, "hours": 8.0}
OTHERS = {"passers_by": "neighbours"}


def of_neighbour(name):
    return f"her_{name}"


def described(doc):
    return f"Of the neighbour: {doc}"


def once_more(own, wires=OTHERS, held=lambda _: ()):
    return instance(GRAPH, own, of_neighbour, wires, described, held)


def answered(added, target, **changes):
    given = {**GIVEN, **changes}
    return run(GRAPH.replaced(added).plan([target], given), given, None)[target]


def test_a_quantity_takes_another_input_and_stays_the_same():
    wired = rewired(lemons, cups="glasses", spoons="forks")
    assert (wired.name, wired.needs) == ("lemons", ("glasses", "lemons_per_cup"))
    assert (wired.formula, wired.doc) == (lemons, "Lemons pressed in a day.")
    assert answered([wired], "lemons", glasses=6.0) == 3.0


def test_probes_are_rewired_too():
    wired = rewired(most_lemons, weight="load", sugar="sweets", lemons_per_cup="limes_per_cup")
    assert wired.probes["carried"] == Probe("load", "limes_per_cup", ("sweets",))
    assert wired.inputs == {"load"}


def test_what_hangs_on_a_wire_is_between():
    """Shade does not: it is the same for all."""
    found = between(GRAPH, ["weight"], ["passers_by"])
    assert found == ("cups", "lemons", "sugar", "weight")
    assert between(GRAPH, ["lemons"], ["cups"]) == ("lemons",)
    assert between(GRAPH, ["weight"], ["hours"]) == ("shade", "weight")
    assert between(GRAPH, ["shade"], ["passers_by"]) == ()


def test_what_a_probe_asks_for_is_between_too():
    assert between(GRAPH, ["most_lemons"], ["sugar"]) == ("weight", "most_lemons")


def test_a_wire_ends_the_way():
    """What stands behind a wire is hers already."""
    found = between(GRAPH, ["weight"], ["cups", "passers_by"])
    assert found == ("lemons", "sugar", "weight")


def test_a_circle_of_probes_ends():
    @probe(asked=Probe("guess", "thirst"))
    def guess(asked, cups):
        return asked(cups)

    circle = GRAPH.replaced(Graph.of((guess,)).nodes.values())
    assert between(circle, ["guess"], ["passers_by"]) == ("cups", "guess")


def test_quantities_once_more_are_fed_among_themselves():
    own = once_more(between(GRAPH, ["weight"], OTHERS))
    needs = {one.name: one.needs for one in own}
    assert needs["her_cups"] == ("neighbours", "thirst")
    assert needs["her_weight"] == ("her_lemons", "her_sugar", "shade")
    both = GRAPH.replaced(own)
    given = {**GIVEN, "neighbours": 40.0}
    values = run(both.plan(["weight", "her_weight"], given), given, None)
    assert (values["weight"], values["her_weight"]) == (50 + 200 + 4, 10 + 40 + 4)


def test_what_is_not_once_more_is_shared():
    (own,) = once_more(["weight"])
    assert own.needs == ("lemons", "sugar", "shade")
    assert own.doc == "Of the neighbour: What is carried, and how long in the shade."


def test_a_wire_wins_over_a_quantity_once_more():
    _, own = once_more(["lemons", "weight"], {"lemons": "limes"})[-2:]
    assert own.needs == ("limes", "sugar", "shade")


def test_names_that_a_graph_does_not_have_are_passed_over():
    assert once_more(["tea", "sugar"])[0].name == "her_sugar"
    assert once_more(["tea"]) == ()


def test_a_probe_of_hers_asks_about_her_and_holds_what_it_must():
    """Her sugar stays, however many lemons a cup; so does the shade."""
    own = ("weight", "most_lemons", "sugar")
    found = {
        one.name: one
        for one in once_more(own, held=lambda name: ("shade",) * (name == "most_lemons"))
    }
    assert found["her_weight"].probes == {}
    asked = found["her_most_lemons"].probes["carried"]
    assert asked == Probe("her_weight", "lemons_per_cup", ("her_sugar", "shade"))
    assert found["her_most_lemons"].words == {"too_heavy": "nobody can carry it"}
    assert answered(found.values(), "her_most_lemons") == (1000 - 204) / 100
