"""The examples of the documentation are run: commands print what is shown, Python holds, scenarios
are read, figures are the program's. `python -m tests.restate` renews what is printed.
"""

import re
import tomllib

import pages
import pytest
from pages import PAGES, ROOT

import economics
from economics.models.registry import MODELS, variants
from service.cli.commands import parser
from service.files.reading import shipped_names

RENEW = "an answer has changed: if that is meant, python -m tests.restate"


def blocks(kind):
    """The text of every block of a kind, but for those that are asked of a service."""
    found = [(page, text) for page, text in pages.blocks(kind) if page.stem != "services"]
    return [
        pytest.param(text, id=f"{page.stem}-{[one for one, _ in found[:place]].count(page)}")
        for place, (page, text) in enumerate(found)
    ]


@pytest.fixture
def folder(tmp_path):
    """A folder with the files that pages show."""
    pages.write_files(tmp_path)
    return tmp_path


@pytest.mark.parametrize("text", blocks("console"))
def test_commands_print_what_is_shown(text, folder):
    assert pages.commands(text, folder) == text, RENEW


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_figures_in_sentences_are_the_answers_to_their_questions(page, folder):
    assert pages.figures(page.read_text(), folder) == page.read_text(), RENEW


def test_the_sums_that_are_worked_by_hand_come_to_what_is_asked_for():
    """Each line of README.md's sum, as it is written: its factors, and what they come to."""
    asked = {
        "capital charge": "capital_charge_usd_per_rack_year",
        "electricity": "electricity_cost_usd_per_rack_year",
        "the rest": "operations_cost_usd_per_rack_year",
        "cost of a rack": "cost_usd_per_rack_year",
        "sold": "sold_gpu_hour_per_rack_year",
        "cost": "cost_usd_per_gpu_hour",
    }
    text = (ROOT / "README.md").read_text().partition("## One number, by hand")[2]
    lines = re.findall(r"^    (\S.*?)(?:   *(\S.*?))? += +([\d,.]+)", text, re.MULTILINE)
    assert [name for name, *_ in lines] == [*asked]
    answer = economics.quote(pages.shipped_tables("scenarios", "reference-project"), asked.values())
    for name, factors, figure in lines:
        value, digits = answer.quantities[asked[name]].value, len(figure.partition(".")[2])
        assert f"{value:,.{digits}f}" == figure, name
        if factors:
            formula = factors.replace(",", "").replace("x", "*").replace("^", "**")
            assert eval(formula) == pytest.approx(value, rel=1e-12), name


@pytest.mark.parametrize("text", blocks("python"))
def test_python_holds(text):
    exec(compile(text, "example", "exec"), {})


@pytest.mark.parametrize("text", blocks("toml"))
def test_files_are_read(text):
    tables = tomllib.loads(text)
    if "axes" in tables:
        base = tomllib.loads(
            (ROOT / "configs" / "scenarios" / f"{tables['scenario']}.toml").read_text()
        )
        assert economics.sweep({**tables, "scenario": base}).share > 0.0
    elif "draws" in tables:
        base = tomllib.loads(
            (ROOT / "configs" / "scenarios" / f"{tables['scenario']}.toml").read_text()
        )
        assert economics.simulate({**tables, "scenario": base}).conditions[0].met > 0
    else:
        assert economics.quote(tables).quantities["cost_usd_per_gpu_hour"].status == "ok"


@pytest.mark.parametrize("command", parser()[1])
def test_every_option_is_somewhere(command):
    options = {
        name
        for action in parser()[1][command]._actions
        for name in action.option_strings
        if name.startswith("--")
    }
    text = "".join(page.read_text() for page in PAGES)
    assert not [name for name in sorted(options) if not re.search(rf"{name}(?![\w-])", text)]


def test_every_status_is_explained():
    page = (ROOT / "docs" / "conventions.md").read_text()
    formulas = [one for model in MODELS for one in variants(model)]
    statuses = {status for one in formulas for status in one.statuses} | {
        "beyond_life",
        "partly",
        "undefined",
    }
    assert not [status for status in statuses - {"ok"} if f"`{status}`" not in page]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_readme_lists_what_is_shipped_with_the_answers_that_it_comes_to():
    readme = (ROOT / "README.md").read_text()
    listed = {name: line for line, names in pages.rows(readme) for name in names}
    assert sorted(listed) == sorted([*shipped_names("scenarios"), *shipped_names("sweeps")])
    for name, line in listed.items():
        told = pages.ANSWER.findall(line.split("|")[-2])
        assert {target for target, _ in told} <= {*pages.answers(name)}, name
        assert bool(told) == bool(pages.answers(name)), name
    assert pages.library(readme) == readme, RENEW
