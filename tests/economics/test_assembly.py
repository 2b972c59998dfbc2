"""The model, assembled."""

import itertools

import pytest

from economics.formulas.expense import EXPENSE
from economics.models import assembly
from economics.models.assembly import FORMULAS, graph, is_public, public_names, variants

CHOICES = {
    "facility": "colocation",
    "timing": "end",
    "price": "decline",
    "amortisation": "level",
    "loss_treatment": "refund",
    "basis_at_disposal": "written_off",
    "book_depreciation": "default",
    "tax_depreciation": "default",
}
NODES = graph(CHOICES).nodes


@pytest.mark.parametrize(
    "name",
    [
        "lcoc_usd_per_gpu_hour",
        "min_dscr",
        "equity_npv_usd_per_rack",
        "unlevered_tax_usd_per_rack_by_year",
    ],
)
def test_a_public_quantity_is_one(name):
    assert is_public(name, NODES)
    assert name in NODES


@pytest.mark.parametrize(
    "name",
    [
        "irr_search",
        "revenue_usd_per_rack_by_period",
        "project_flow_usd_per_rack_by_date",
        "dates_per_year",
    ],
)
def test_an_inner_quantity_is_none(name):
    assert not is_public(name, NODES)
    assert name in NODES


@pytest.mark.parametrize("name", sorted(public_names(NODES)))
def test_every_public_quantity_is_described(name):
    doc = NODES[name].doc.strip()
    assert doc
    assert doc.split("\n\n")[0].endswith((".", ":"))


def test_every_part_of_the_expense_says_how_it_behaves():
    parts = [one for one in FORMULAS if one.total == EXPENSE]
    assert len(parts) >= 6
    for part in parts:
        assert part.marks["escalates_by"] in ("electricity", "opex", None), part.name
        assert {type(part.marks["cash"]), type(part.marks["with_use"])} == {bool}, part.name


def test_all_choices_make_the_same_targets():
    endings = ("_per_rack", "_per_year", "_by_year", "utilisation", "dscr")
    everywhere = {name for name in public_names(NODES) if name.endswith(endings)}
    for facility, amortisation, timing in itertools.product(
        ("owned", "orbital"), ("straight", "sculpted"), ("end", "mid")
    ):
        other = graph(
            {**CHOICES, "facility": facility, "amortisation": amortisation, "timing": timing}
        ).nodes
        assert everywhere - set(other) <= {
            "facility_load_kw_per_rack",
            "provisioned_load_kw_per_rack",
        }


def test_each_choice_is_varied_once():
    seen = list(variants({**CHOICES, "revenue": "rental", "delay": "none", "components": "none"}))
    assert {one["revenue"] for one in seen} == {"rental", "tokens", "subscription", "contract"}
    assert {one["delay"] for one in seen} == {"none", "free", "rented"}
    assert len({tuple(one.items()) for one in seen}) == len(seen)
    assert int(assembly.MODEL_VERSION) >= 1
