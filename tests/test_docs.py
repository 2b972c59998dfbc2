"""The examples of the documentation are run: commands print what is shown, Python holds, scenarios
are read.
"""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import economics
from economics.models.registry import MODELS, variants
from service.cli.commands import parser
from service.cli.figures import measure
from service.files.reading import shipped_names, shipped_tables

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "examples" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def blocks(kind):
    """(page, text) of every fenced block of a kind."""
    return [
        pytest.param(text, id=f"{page.stem}-{number}")
        for page in PAGES
        for number, text in enumerate(
            re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
        )
    ]


@pytest.fixture
def folder(tmp_path):
    """A folder with the files that pages show: those that begin with their name, as `#
    NAME.toml`.
    """
    for (text,) in (block.values for block in blocks("toml")):
        if named := re.match(r"# (\S+\.toml)\n", text):
            (tmp_path / named[1]).write_text(text)
    return tmp_path


@pytest.mark.parametrize("text", blocks("console"))
def test_commands_print_what_is_shown(text, folder):
    for command, shown in re.findall(
        r"^\$ rackrate (.*?)\n(.*?)(?=^\$ |\Z)", text, re.MULTILINE | re.DOTALL
    ):
        typed = [sys.executable, "-m", "service", *shlex.split(command)]
        found = subprocess.run(typed, cwd=folder, capture_output=True, text=True, check=False)
        assert [
            line.rstrip() for line in (found.stdout + found.stderr).strip().splitlines()
        ] == shown.strip().splitlines()


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
    library = (
        (ROOT / "README.md")
        .read_text()
        .partition("## The scenario library\n")[2]
        .partition("\n## ")[0]
    )
    listed = {}
    for names, answers in re.findall(
        r"^\| (`[^|]*) \|[^|]*\|[^|]*\|([^|]*)\|$", library, re.MULTILINE
    ):
        for name in re.findall(r"`(.+?)`", names):
            listed[name] = set(re.findall(r"`(.+?)` (-?[\d.,]*\d(?: %)?)", answers))
    assert sorted(listed) == sorted([*shipped_names("scenarios"), *shipped_names("sweeps")])
    for name, answers in listed.items():
        tables = shipped_tables("sweeps" if name in shipped_names("sweeps") else "scenarios", name)
        as_it_is = [
            one
            for one in tables.get("expect", ())
            if "answer" in one and not {"set", "of", "solve_for"} & set(one)
        ]
        if name in shipped_names("sweeps"):
            share = measure("share_fraction", "1")
            found = {one["reduce"].get("condition"): share.short(one["answer"]) for one in as_it_is}
        else:
            asked = economics.quote(tables, [one["target"] for one in as_it_is]).quantities
            found = {
                target: measure(target, one.unit).short(one.value) for target, one in asked.items()
            }
        assert answers <= {*found.items()}, name
        assert bool(answers) == bool(as_it_is), name
