"""What the pages of the documentation show of the program's answers, and what it answers now: its
commands, figures in sentences, the table of the scenario library.

    python -m tests.restate     renews all of it, where an answer has changed on purpose

A block of kind `console` shows commands and what they print, to the end or to a line `...`. A
figure in a sentence has its question behind it, which readers do not see:
`19.05 %<!-- reference-project irr_per_year -->`, with `--set NAME=VALUE` where fields are changed.
"""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import economics
from service.cli.figures import measure
from service.files.reading import shipped_names, shipped_tables

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "examples" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
REST = "..."
COMMAND = re.compile(r"^\$ rackrate (.*?)\n(.*?)(?=^\$ |\Z)", re.MULTILINE | re.DOTALL)
FIGURE = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)( %)?<!-- ([\w-]+ \w+(?:\[\d+\])?(?: --set \S+)*) -->")
LIBRARY = "## The scenario library\n"
ANSWER = re.compile(r"`([^`]+)` (-?[\d.,]*\d(?: %)?)")


def fenced(kind):
    """What finds the blocks of a kind in a page."""
    return re.compile(rf"^```{kind}\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind):
    """(page, text) of every block of a kind."""
    return [(page, text) for page in PAGES for text in fenced(kind).findall(page.read_text())]


def write_files(folder):
    """The files that pages show, in a folder: those that begin with their name, `# NAME.toml`."""
    for _, text in blocks("toml"):
        if named := re.match(r"# (\S+\.toml)\n", text):
            (folder / named[1]).write_text(text)


def run(words, folder):
    """What a command prints, without spaces at the ends of lines."""
    typed = [sys.executable, "-m", "service", *words]
    found = subprocess.run(typed, cwd=folder, capture_output=True, text=True, check=False)
    text = (found.stdout + found.stderr).strip()
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def commands(text, folder):
    """A block of commands as it would be now."""

    def again(found):
        command, shown = found.groups()
        lines = shown.rstrip("\n").split("\n")
        printed = run(shlex.split(command), folder)
        if lines[-1] == REST:
            printed = "".join(printed.splitlines(keepends=True)[: len(lines) - 1]) + f"{REST}\n"
        gap = "\n" if shown.endswith("\n\n") else ""
        return f"$ rackrate {command}\n{printed}{gap}"

    return COMMAND.sub(again, text)


def figures(text, folder):
    """A text whose figures are the answers to the questions behind them, with as many digits."""

    def again(found):
        figure, percent, question = found.groups()
        scenario, target, *changes = question.split()
        said = run(["quote", scenario, "--target", target, *changes, "--json"], folder)
        value = json.loads(said)["quantities"][target]["value"] * (100 if percent else 1)
        digits = len(figure.partition(".")[2])
        return f"{value:,.{digits}f}{percent or ''}<!-- {question} -->"

    return FIGURE.sub(again, text)


def answers(name):
    """What of a shipped scenario's or sweep's expected answers can be told in the library, as it is
    told there.
    """
    is_sweep = name in shipped_names("sweeps")
    tables = shipped_tables("sweeps" if is_sweep else "scenarios", name)
    as_it_is = [
        one
        for one in tables.get("expect", ())
        if "answer" in one and not {"set", "of", "solve_for"} & set(one)
    ]
    if is_sweep:
        share = measure("share_fraction", "1")
        return {one["reduce"].get("condition"): share.short(one["answer"]) for one in as_it_is}
    asked = economics.quote(tables, [one["target"] for one in as_it_is]).quantities
    return {target: measure(target, one.unit).short(one.value) for target, one in asked.items()}


def rows(readme):
    """(line, names) of each line of the table of the library."""
    library = readme.partition(LIBRARY)[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `.*\|$", library, re.MULTILINE)
    return [(line, re.findall(r"`(.+?)`", line.split("|")[1])) for line in listed]


def library(readme):
    """A page whose table of the library has the answers of now."""
    for line, names in rows(readme):
        now = {target: said for name in names for target, said in answers(name).items()}
        *others, told, end = line.split("|")
        told = ANSWER.sub(lambda one: f"`{one[1]}` {now.get(one[1], one[2])}", told)  # noqa: B023
        readme = readme.replace(line, "|".join((*others, told, end)))
    return readme


def renewed(text, folder):
    """A page with all that it shows as it would be now."""
    blocked = fenced("console").sub(lambda one: f"```console\n{commands(one[1], folder)}```", text)
    return library(figures(blocked, folder))
