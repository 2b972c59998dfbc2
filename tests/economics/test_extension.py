"""Additions to a rack: their order, whose a quantity is, and a fourth one in a copy of it all."""

from dataclasses import replace
from itertools import permutations

import pytest
from contracts import contract
from project_copy import copied, diff_of, told
from racks import changed

from economics.extensions.extension import Extension, ExtensionError, extended, in_sequence
from economics.extensions.extensions import EXTENSIONS
from kernels.language.graph import Graph
from kernels.language.instance import rewired
from kernels.language.node import node


def cups():
    """Cups sold."""
    return 3.0


def takings(cups):
    """What they bring."""
    return 2.0 * cups


def fewer_cups():
    """Cups that are sold in the rain."""
    return 1.0


def other_takings(fewer_cups):
    """What they bring in the rain."""
    return 2.0 * fewer_cups


STAND = Graph.of((cups, takings))
WEATHER = {"weather": "wet", "price": "low"}


def addition(name, choice="weather", **parts):
    made = {"values": ("wet", "low"), "choose": lambda *_: {}, "changes": lambda *_: ()}
    return Extension(name=name, choice=choice, **{**made, **parts})


def test_each_comes_after_those_that_it_names_however_they_are_listed():
    for some in permutations(EXTENSIONS):
        assert [one.name for one in in_sequence(some)] == ["contract", "delay", "gear"]
    circle = [addition("rain", after=("wind",)), addition("wind", after=("rain",))]
    with pytest.raises(ExtensionError, match=r"after each other: (rain|wind), "):
        in_sequence(circle)


def test_what_is_not_chosen_changes_nothing():
    rain = addition("rain", changes=lambda *_: [node(fewer_cups)])
    assert extended(STAND, [rain], {"weather": "dry"}) is STAND
    assert set(extended(STAND, [rain], WEATHER).nodes) == {"cups", "takings", "fewer_cups"}


def test_inputs_are_rewired_in_the_graph_as_others_left_it():
    wet = addition(
        "rain",
        changes=lambda graph, _: [
            node(fewer_cups),
            rewired(graph.nodes["takings"], cups="fewer_cups"),
        ],
    )
    found = extended(STAND, [wet], WEATHER).nodes["takings"]
    assert (found.needs, found.formula) == (("fewer_cups",), takings)


def test_what_is_defined_anew_must_be_named():
    anew = {"changes": lambda *_: [replace(node(other_takings), name="takings")]}
    with pytest.raises(ExtensionError, match="rain defines takings anew, which is of the rack"):
        extended(STAND, [addition("rain", **anew)], WEATHER)
    named = addition("rain", **anew, redefines=frozenset({"takings"}))
    assert extended(STAND, [named], WEATHER).nodes["takings"].formula is other_takings


def test_an_error_names_both_additions():
    rain = addition(
        "rain",
        changes=lambda *_: [replace(node(other_takings), name="takings")],
        redefines=frozenset({"takings"}),
    )
    sale = addition("sale", choice="price", changes=lambda *_: [node(takings)], after=("rain",))
    with pytest.raises(ExtensionError, match="sale defines takings anew, which is of rain"):
        extended(STAND, [rain, sale], WEATHER)


def test_lists_that_cannot_be_are_refused():
    with pytest.raises(ExtensionError, match="two extensions of one name"):
        in_sequence([addition("rain"), addition("rain", choice="price")])
    with pytest.raises(ExtensionError, match="rain comes after wind, which is not there"):
        in_sequence([addition("rain", after=("wind",))])


def test_what_is_not_there_cannot_be_changed():
    rain = addition("rain", changes=lambda graph, _: [rewired(graph.nodes["umbrellas"])])
    with pytest.raises(ExtensionError, match="rain changes 'umbrellas', which is not there"):
        extended(STAND, [rain], WEATHER)


def test_what_is_added_says_for_which_choice_it_is():
    rain = addition("rain", changes=lambda *_: [node(fewer_cups)])
    assert extended(STAND, [rain], WEATHER).nodes["fewer_cups"].when == {"weather": ("wet", "low")}


def test_no_extension_names_what_it_does_not_define_anew():
    """A list that is longer than it need be would hide a clash."""
    from economics.models.assembly import graph
    from economics.models.rack import Scenario, choices

    usual = {**choices(Scenario(), {}), "tranches": "1"}
    base = graph(usual).nodes
    for one in EXTENSIONS:
        added = {
            node.name for node in one.changes(graph(usual), {**usual, one.choice: one.values[0]})
        }
        assert one.redefines <= added, one.name
        assert one.redefines & set(base), one.name


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with a fourth addition, that of docs/extending.md."""
    return copied(tmp_path_factory.mktemp("project"), "An extension")


PROGRAM = """
import dataclasses, json, sys
from economics.extensions import extensions
after = json.loads(sys.argv[1])
by_name = {one.name: one for one in extensions.EXTENSIONS}
inspection = by_name.pop("inspection")
moved = [dataclasses.replace(inspection, after=tuple(after))]
others = [
    one if one.name in after else dataclasses.replace(one, after=(*one.after, "inspection"))
    for one in by_name.values()
]
from economics.models import assembly
assembly.EXTENSIONS = (*moved, *others)
import economics
from service.web.quantities import quantities
tables = json.loads(sys.argv[2])
names = ["npv_usd_per_rack", "equity_npv_usd_per_rack", "cost_usd_per_gpu_hour", "irr_per_year",
         "inspection_cost_usd_per_rack_year", "lcoc_usd_per_gpu_hour"]
quoted = economics.quote(tables, names).quantities
swept = economics.sweep({"scenario": tables, "targets": names[:1],
    "axes": [{"kind": "values", "field": "inspection_hour_per_year", "values": [0.0, 24.0]}]})
solved = economics.solve(tables, "npv_usd_per_rack", 0.0, "inspection_fee_usd_per_rack_year")
told = economics.explain(tables, "available_gpu_hour_per_rack_year")
listed = quantities()
print(json.dumps({
    "quote": {name: one.value for name, one in quoted.items()},
    "sweep": swept.columns["npv_usd_per_rack"].values.ravel().tolist(),
    "solve": list(solved.roots),
    "explain": [one.name for one in told.inputs],
    "quantities": "inspection_cost_usd_per_rack_year" in listed.quantities,
    "fields": listed.fields["inspection_fee_usd_per_rack_year"][0].path,
}))
"""


def test_a_fourth_addition_is_found_everywhere_and_at_each_place_the_same(project):
    tables = changed(
        contract({"default_probability_per_year": 0.1}),
        operations={
            "delay_years": 1,
            "inspection_fee_usd_per_rack_year": 7.0,
            "inspection_hour_per_year": 876.0,
        },
        hardware={"network_life_years": 1, "network_price_usd_per_gpu": 0.001},
    )
    places = [[], ["contract"], ["contract", "delay"], ["contract", "delay", "gear"]]
    first, *others = (told(project, PROGRAM, after, tables) for after in places)
    assert first["quote"]["inspection_cost_usd_per_rack_year"] == 7.0
    assert first["sweep"][1] < first["sweep"][0]
    assert len(first["solve"]) == 1
    assert "inspected_availability" in first["explain"]
    assert first["quantities"]
    assert first["fields"] == "operations.inspection_fee_usd_per_rack_year"
    assert all(one == first for one in others)


def test_a_fourth_addition_fits_on_a_page():
    added = [line for line in diff_of("An extension").splitlines() if line.startswith("+")]
    assert len(added) < 60
