"""Records as they may be written in a request."""

from economics.vocabulary.written_numbers import PERCENTAGE
from service.web.components import components

SOURCED = {"$ref": "#/components/schemas/SourcedNumber"}


def test_numbers_may_say_where_they_come_from_and_texts_may_not():
    fields = components()["StatedFinance"]["properties"]
    for name in ("wacc_per_year", "tax_rate", "periods_per_year"):
        assert SOURCED in fields[name]["anyOf"]
    assert (
        SOURCED
        in components()["StatedRental"]["properties"]["price_path_usd_per_gpu_hour"]["anyOf"]
    )
    for name in ("amortisation", "timing"):
        assert SOURCED not in fields[name].get("anyOf", ())


def test_bounds_stay_and_references_lead_to_stated_records():
    records = components()
    assert records["StatedHardware"]["properties"]["availability"]["anyOf"][0] == {
        "type": "number",
        "minimum": 0.0,
        "maximum": 1.0,
    }
    assert records["StatedScenario"]["properties"]["hardware"]["$ref"].endswith("/StatedHardware")
    mapping = records["StatedScenario"]["properties"]["facility"]["discriminator"]["mapping"]
    assert mapping["owned"].endswith("/StatedOwned")


def test_a_number_may_be_a_percentage_and_a_count_may_not():
    percentage = {"type": "string", "pattern": PERCENTAGE}
    records = components()
    assert percentage in records["StatedFinance"]["properties"]["wacc_per_year"]["anyOf"]
    path = records["StatedRental"]["properties"]["price_path_usd_per_gpu_hour"]["anyOf"]
    assert path[0]["items"]["type"] == "number"  # an amount
    assert percentage not in records["StatedHardware"]["properties"]["it_load_kw_per_rack"]["anyOf"]
    schedule = records["StatedCustom"]["properties"]["schedule"]["anyOf"]
    assert percentage in schedule[0]["items"]["anyOf"]
    assert percentage in records["SourcedNumber"]["properties"]["value"]["anyOf"]
    assert percentage in records["Linspace"]["properties"]["start"]["anyOf"]
    assert percentage in records["SolveRequest"]["properties"]["value"]["anyOf"]
    count = records["StatedHardware"]["properties"]["gpu_per_rack"]["anyOf"]
    assert percentage not in count
    assert "anyOf" not in records["Hardware"]["properties"]["availability"]


def test_a_tag_is_needed_only_where_it_tells_apart():
    records = components()
    assert "kind" in records["StatedOwned"]["required"]
    assert "kind" in records["StatedContract"]["required"]
    assert "kind" not in records["StatedTranche"]["required"]
    assert "method" in records["StatedMacrs"]["required"]


def test_what_is_answered_has_plain_numbers():
    assert SOURCED not in components()["Hardware"]["properties"]["availability"].get("anyOf", ())


def test_every_model_but_the_rack_must_be_named():
    records = components()
    assert "model" in records["StatedLeaseScenario"]["required"]
    assert "model" not in records["StatedScenario"]["required"]
