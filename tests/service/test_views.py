"""What pages show of the document."""

from service.web.openapi import document
from service.web.pages import views


def test_operations_are_by_tag_and_all_are_there():
    tags = views.by_tag()
    assert [one.name for one in tags["Sweeps"][1]] == ["sweep"]
    shown = [one.name for _, each in tags.values() for one in each]
    assert sorted(shown) == sorted(one.name for one in views.operations())


def test_a_command_has_the_path_and_the_body_of_the_examples():
    known = {one.name: one for one in views.operations()}
    assert known["readCatalogRow"].curl == (
        "curl -s http://127.0.0.1:8000/v1/catalog/accelerators/hgx-h100"
    )
    assert "-d '{" in known["quote"].curl
    assert known["live"].body is None
    assert "304" in known["listCatalog"].others


def test_parts_are_found_by_their_references():
    schema = {"anyOf": [{"$ref": "#/components/schemas/Quote"}, {"type": "null"}]}
    assert views.records_in(schema) == ["Quote"]
    reference = {"$ref": "#/components/schemas/Quote"}
    assert views.resolved(reference) is document()["components"]["schemas"]["Quote"]
    assert views.resolved({"type": "null"}) == {"type": "null"}
    assert (views.unit_of("wacc_per_year"), views.unit_of("name")) == ("1/year", "")


def test_every_kind_of_problem_says_when():
    assert all(said for _, _, said in views.problems())
    assert views.problems()[0][0].status == 400
