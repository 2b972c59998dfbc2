"""Names as schemas."""

from service.web.name_lists import name_schemas, with_names


def test_closed_names_are_listed_and_open_ones_look_so():
    known = name_schemas()
    assert "npv_usd_per_rack" in known["QuantityName"]["enum"]
    assert "utilisation" in known["ScenarioField"]["enum"]
    assert {"ok", "partly", "undefined", "refused", "no_debt"} <= {*known["Status"]["enum"]}
    assert "nvl72-neocloud" in known["ScenarioName"]["enum"]
    assert "urn:rackrate:problem:fault" in known["ProblemType"]["enum"]
    assert known["TargetName"]["anyOf"][1]["pattern"]


def test_a_text_that_is_a_name_refers_to_the_names():
    schema = {"items": [{"type": "string", "format": "Status", "description": "why"}]}
    reference = {"$ref": "#/components/schemas/Status", "description": "why"}
    assert with_names(schema) == {"items": [reference]}
    for other in ({"format": "date"}, {"properties": {"format": {"type": "string"}}}):
        assert with_names(other) == other
