"""docs/extending.md: what it adds, applied to a copy of the project, is found everywhere."""

import pytest
from project_copy import PAGE, copied, diff_of, told
from racks import reference

SECTIONS = {
    "A cost": "security_cost_usd_per_rack_year",
    "An output": "electricity_share_fraction",
    "An extension": "inspection_cost_usd_per_rack_year",
}
# Of the reference project, as README.md works them out; 12,700 are what is stated here.
CAPITAL, ELECTRICITY, REST = 4e6 * 0.1 / (1.0 - 1.1**-5), 115_632.0, 120_000.0 + 12_700.0
STATED = {
    "security_price_usd_per_rack_month": 1000.0,
    "inspection_fee_usd_per_rack_year": 700.0,
    "inspection_hour_per_year": 24.0,
}
PROGRAM = """
import json, sys
import economics
from economics.models import assembly, rack
from economics.questions.ready_made import ready
from service.web.quantities import quantities
sys.path.insert(0, json.loads(sys.argv[3]))
from units import units_of
name, tables = map(json.loads, sys.argv[1:3])
axis = {"kind": "values", "field": "wacc_per_year", "values": [0.05, 0.1]}
swept = economics.sweep({"scenario": tables, "targets": [name], "axes": [axis]})
quoted = economics.quote(tables, [name]).quantities[name]
chosen = {**rack.choices(rack.Scenario(), {}), "inspection": "stated"}
print(json.dumps({
    "quote": quoted.value,
    "description": quoted.description,
    "explain": economics.explain(tables, name).value,
    "sweep": float(swept.columns[name].values.ravel()[-1]),
    "listed": quantities().quantities[name].unit,
    "units": units_of(assembly.graph(chosen)),
    "cashflow": ready("cashflow", economics.scenario(tables).scenario),
    "cost": economics.quote(tables, ["cost_usd_per_rack_year"])
        .quantities["cost_usd_per_rack_year"].value,
}))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("project"), *SECTIONS)


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("security_cost_usd_per_rack_year", 12_000.0, "usd/(rack year)"),
        ("electricity_share_fraction", ELECTRICITY / (CAPITAL + ELECTRICITY + REST), "1"),
        ("inspection_cost_usd_per_rack_year", 700.0, "usd/(rack year)"),
    ],
)
def test_what_the_page_adds_is_found_everywhere(project, name, value, unit):
    tables = reference(operations=STATED)
    found = told(project, PROGRAM, name, tables, str(PAGE.parents[1] / "tests"))
    answers = [found["quote"], found["explain"], found["sweep"]]
    assert answers == pytest.approx([value] * 3, rel=1e-13)
    assert found["listed"] == unit
    assert found["description"].endswith((".", "included"))
    assert found["units"] > 100


def test_a_cost_is_paid_and_has_a_line_of_its_own(project):
    tests = str(PAGE.parents[1] / "tests")
    free, guarded = (
        told(project, PROGRAM, "electricity_share_fraction", reference(operations=stated), tests)
        for stated in ({**STATED, "security_price_usd_per_rack_month": 0.0}, STATED)
    )
    assert guarded["cost"] - free["cost"] == pytest.approx(12_000.0, rel=1e-9)
    assert "security_usd_per_rack_by_year" in guarded["cashflow"]
    assert "inspection_usd_per_rack_by_year" in guarded["cashflow"]


def test_each_addition_takes_at_most_six_bullets_and_shows_a_diff():
    for section in PAGE.read_text().split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        bullets = [line for line in text.splitlines() if line[:1].isdigit()]
        assert 1 <= len(bullets) <= 6, title
        assert diff_of(title).startswith("--- "), title
