"""Defaults that help and pages state are those that are used."""

import re

import pytest
from pages import ROOT

from economics.sweeps.distributions import Drawn
from economics.uncertainty.sensitivity import BY_FRACTION
from kernels.grids.reductions import EXACT_QUANTILE_CELLS, QUANTILE_BINS
from service.cli.commands import parser
from service.settings import Settings

DRAWN = Drawn(fields={})
USED = {
    "--seed": DRAWN.seed,
    "--method": DRAWN.method,
    "--by": BY_FRACTION,
}
STATED = re.compile(r"\(default: ([\w.]+)\)")
UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


@pytest.mark.parametrize("command", parser()[1])
def test_help_states_the_defaults_that_are_used(command):
    for action in parser()[1][command]._actions:
        stated = STATED.search(action.help or "")
        if stated and (stated[1][0].isdigit() or action.option_strings[0] in USED):
            used = action.default if action.default is not None else USED[action.option_strings[0]]
            assert stated[1] == str(used), action.option_strings


def test_the_page_states_the_limits_that_are_set():
    rows = re.findall(r"^\| (`RACKRATE_.*?) \|.*\| (.*?) \|$", page("operating"), re.MULTILINE)
    found = set()
    for names, stated in rows:
        fields = [name.lower().removeprefix("rackrate_") for name in re.findall(r"`(.*?)`", names)]
        values = [_number(text) for text in re.split(r", (?=\d+$)", stated)]
        assert values == [getattr(Settings(), field) for field in fields], names
        found |= set(fields)
    every = Settings.__struct_fields__
    numbers = {field for field in every if type(getattr(Settings(), field)) in (int, float)}
    assert found == numbers


def test_the_pages_state_how_quantiles_are_found():
    assert f"{QUANTILE_BINS:,} equal bins" in page("sweeps")
    assert EXACT_QUANTILE_CELLS == 1e6


def page(name):
    return (ROOT / "docs" / f"{name}.md").read_text()


def _number(text):
    figure, _, unit = text.partition(" ")
    return float(figure.replace(",", "")) * UNITS.get(unit, 1)
