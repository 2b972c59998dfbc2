"""What is there to use."""

import pytest

import rackrate
from rackrate import catalog


@pytest.mark.parametrize("kind", catalog.kinds())
def test_each_row_is_one_of_its_kind(kind):
    rows = catalog.rows(kind)
    assert rows
    assert all(catalog.row(kind, name) == row for name, row in rows.items())


def test_a_row_fills_a_scenario():
    tables = {**rackrate.read("reference-project"), "accelerator": "gb300-nvl72"}
    del tables["hardware"]["it_load_kw_per_rack"]
    row = catalog.row("accelerators", "gb300-nvl72")
    filled = rackrate.scenario(tables).scenario.hardware.it_load_kw_per_rack
    assert filled == row["hardware"]["it_load_kw_per_rack"]["value"]


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda: catalog.rows("accelerator"), "did you mean accelerators"),
        (lambda: catalog.row("accelerators", "gb300_nvl72"), "did you mean gb300-nvl72"),
    ],
    ids=["kind", "row"],
)
def test_a_misspelt_name_has_near_matches(ask, expected):
    with pytest.raises(rackrate.Problem, match=expected):
        ask()


def test_what_is_shipped_can_be_asked_about():
    assert "nvl72-neocloud" in catalog.scenarios()
    assert all(rackrate.scenario(name).scenario.name == name for name in catalog.scenarios()[:3])
    assert not set(catalog.scenarios()) & set(catalog.sweeps())


def test_what_is_changed_in_a_row_stays_with_whoever_changed_it():
    catalog.row("accelerators", "gb300-nvl72")["hardware"]["gpu_per_rack"]["value"] = 1
    catalog.rows("accelerators")["gb300-nvl72"]["hardware"].clear()
    assert catalog.row("accelerators", "gb300-nvl72")["hardware"]["gpu_per_rack"]["value"] == 72
