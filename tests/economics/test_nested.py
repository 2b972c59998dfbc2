"""Nested tables, taken apart."""

from economics.scenario.nested import leaves_of

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
