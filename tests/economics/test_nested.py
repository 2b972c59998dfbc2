"""Nested tables, taken apart."""

from economics.scenario.nested import leaves_of, part_at, step_into, with_only, without

TABLES = {
    "name": "mine",
    "power": {"price": {"value": 0.1, "source": "x"}, "years": [1, 2], "none": {}},
    "revenue": {"tranches": [{"use": 0.5}, {"use": 0.7}]},
    "mixed": [1, {"value": 2}],
}


def test_values_come_with_their_paths_in_order():
    assert list(leaves_of(TABLES)) == [
        ("name", "mine"),
        ("power.price.value", 0.1),
        ("power.price.source", "x"),
        ("power.years", [1, 2]),
        ("revenue.tranches[0].use", 0.5),
        ("revenue.tranches[1].use", 0.7),
        ("mixed[0]", 1),
        ("mixed[1].value", 2),
    ]
    assert list(leaves_of(3.0, "a.b")) == [("a.b", 3.0)]


def test_what_is_whole_is_not_taken_apart():
    found = dict(leaves_of(TABLES, "top", lambda table: "value" in table))
    assert found["top.power.price"] == {"value": 0.1, "source": "x"}
    assert found["top.mixed[1]"] == {"value": 2}


def test_a_part_is_left_out_and_the_others_stay():
    assert without(TABLES, ("power", "price", "source"))["power"]["price"] == {"value": 0.1}
    assert without(TABLES, ("revenue", "tranches", 0))["revenue"] == {"tranches": [{"use": 0.7}]}
    assert without(TABLES, ("mixed", 1, "value"))["mixed"] == [1, {}]
    assert without(TABLES, ("nothing", "inside")) == TABLES
    assert TABLES["power"]["price"]["source"] == "x"


def test_a_part_is_found_by_its_keys():
    assert part_at(TABLES, ("revenue", "tranches", 1, "use")) == 0.7
    assert step_into(TABLES, "name") == "mine"
    assert step_into([1, 2], 1) == 2
    assert step_into(3, "name") == 3
    assert with_only(TABLES, TABLES["power"], "years")["power"] == {"years": [1, 2]}
