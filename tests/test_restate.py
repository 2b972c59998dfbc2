"""Our costs beside published ones: the page has what the command makes, and each of ours is what
the program prints; figures are written with the digits of those that they replace.
"""

import json
import re

import pages
import pytest
from restate import (
    HEAD,
    PAGE,
    ROOT,
    TIERS,
    assumptions,
    published,
    published_costs,
    renewed,
    written,
)

from economics.scenario import catalog
from service.__main__ import main

COST = "cost_usd_per_available_gpu_hour"
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in published_costs().splitlines()[2:]
]


def test_the_page_has_what_is_made():
    kept = HEAD + PAGE.read_text("utf-8").partition(HEAD)[2].partition("\n\n")[0] + "\n"
    assert kept == published_costs(), "figures have changed: python -m tests.restate"


def test_every_published_cost_is_in_the_table():
    assert {name for name, _, _ in published()} == {*catalog.shipped("accelerators")}
    assert {fact for _, fact, _ in published()} == {*TIERS}
    assert len(ROWS) == len(list(published()))


@pytest.mark.parametrize(
    ("row", "cost"), list(zip(ROWS, published(), strict=True)), ids=lambda one: one[0]
)
def test_ours_is_what_the_program_prints_and_theirs_what_the_catalog_says(row, cost, capsys):
    name, fact, figure = cost
    changes = [part for one in assumptions(name, fact) for part in ("--set", one)]
    assert main(["quote", "gb200-nvl72", *changes, "--target", COST, "--json"]) == 0
    ours = json.loads(capsys.readouterr().out)["quantities"][COST]["value"]
    assert row[0] == f"`{name}`"
    assert [row[1], row[3], row[4]] == [
        f"{one:.2f}" for one in (ours, figure["value"], ours / figure["value"])
    ]
    assert float(row[2]) < float(row[1])
    assert row[6:] == [figure["as_of"], figure["note"]]


@pytest.mark.parametrize(
    ("value", "old", "within", "new"),
    [
        (0.82561, "0.8425", 0.00005, "0.8256"),
        (-1_338_092.3, "-1_438_253", 0.5, "-1_338_092"),
        (0.00001234, "0.1", 1e-7, "0.0000123"),
    ],
)
def test_a_figure_keeps_its_digits_or_has_as_many_as_it_needs(value, old, within, new):
    assert written(value, old, within) == new


def test_an_answer_that_does_not_hold_is_renewed(capsys):
    kept = (ROOT / "configs" / "scenarios" / "crusoe-abilene.toml").read_text()
    text = kept.replace("answer = 15\n", "answer = 14.5\n")
    assert renewed(kept, "scenarios", "crusoe-abilene") == kept
    assert "answer = 15.0\n" in renewed(text, "scenarios", "crusoe-abilene")
    assert "payback_years: 14.5 -> 15.0" in capsys.readouterr().out


def test_the_readme_and_the_pages_are_renewed(tmp_path):
    line = "| `reference-project` | rack | round figures | `irr_per_year` 1 % |\n"
    readme = f"## The scenario library\n\n{line}\n## Docker\n"
    assert "`irr_per_year` 19.05 %" in pages.renewed(readme, tmp_path)
    asked = "$ rackrate quote reference-project --target irr_per_year"
    page = pages.renewed(f"```console\n{asked}\nold\n```\n", tmp_path)
    assert re.search(r"irr_per_year +19\.05  % a year\n```\n$", page)
