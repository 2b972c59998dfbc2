"""`catalog`: what there is to use."""

import json

import pytest

from economics.scenario.catalog import KINDS as ROWS
from service.cli import catalog
from service.files.reading import FOLDERS

KINDS = (*ROWS, *FOLDERS)


def test_the_catalog_lists_kinds_and_what_is_shipped(rackrate):
    said = rackrate("catalog")
    assert [line.split()[0] for line in said.out.splitlines()] == ["kind", *KINDS]
    assert "nvl72-neocloud" in said.out
    assert "hgx-h100" in json.loads(rackrate("catalog", "--json").out)["accelerators"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_is_listed_and_shown(rackrate, kind):
    assert rackrate("catalog", kind).code == 0
    for name in json.loads(rackrate("catalog", kind, "--json").out):
        said = rackrate("catalog", kind, name)
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith(f"{name}\n")


def test_a_row_is_shown_with_its_sources_and_found_by_its_name_alone(rackrate):
    said = rackrate("catalog", "hgx-h200")
    assert "\n  hardware.gpu_per_rack = 8\n      Epoch AI, Hardware prices.csv" in said.out
    assert (
        json.loads(rackrate("catalog", "us-owned-ai", "--json").out)["facility"]["kind"] == "owned"
    )


def test_the_entries_of_lists_are_entries_too():
    assert list(catalog.entries({"a": [{"b": 1}], "c": [1, 2]})) == [
        ("a[0].b", 1, {}),
        ("c", [1, 2], {}),
    ]
