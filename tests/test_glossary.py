"""The glossary says every field and every quantity that there is: renew the part that is made from
the code with `python -m tests.glossary`.
"""

import re

import pytest
from glossary import MARK, PAGE, made, nodes, records
from msgspec import inspect

from economics.models.registry import MODELS
from economics.scenario.fields import field_paths
from service.web.quantities import quantities

BY_HAND = PAGE.read_text("utf-8").partition(MARK)[0]


def test_what_is_made_from_the_code_is_up_to_date():
    kept = MARK + PAGE.read_text("utf-8").partition(MARK)[2]
    assert kept == made(), "names or docstrings have changed: python -m tests.glossary"


@pytest.mark.parametrize("model", MODELS)
def test_every_field_of_a_model_is_listed(model):
    fields = {
        field
        for record in records()
        for field in (one.name for one in inspect.type_info(record).fields)
    }
    assert set(field_paths(model)) <= fields


def test_every_quantity_that_can_be_asked_for_is_listed():
    listed = {name for of_model in nodes().values() for name in of_model}
    assert listed == set(quantities().quantities)


def test_each_row_says_what_it_is():
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|(?: .* \|)? ([^|]*) \|$", made(), re.MULTILINE)
    assert len(rows) > 400
    of_quantities = made().partition("\n## Quantities\n")[2]
    for name, _, meaning in rows:
        if f"| `{name}` |" in of_quantities:
            assert meaning, name


@pytest.mark.parametrize(
    ("name", "unit", "bounds", "default"),
    [
        ("utilisation", "1", "0 to 1", ""),
        ("pue", "1", "1 to 100", ""),
        ("wacc_per_year", "1/year", "above -1, to 1", ""),
        ("revenue_overhead_fraction", "1", "0 to below 1", "0"),
        ("gpu_per_rack", "gpu/rack", "whole, 1 to 10,000,000", ""),
        ("loss_treatment", "", "`carry_forward`, `refund`", "`refund`"),
        ("book_depreciation", "", "a method", ""),
    ],
)
def test_bounds_and_defaults_are_in_words(name, unit, bounds, default):
    cells = " | ".join((f"| `{name}`", unit, bounds, default))
    assert f"{cells} | " in made()


def test_words_of_the_field_are_in_order_and_lines_within_their_length():
    words = re.findall(r"^\*\*(.+?)\*\*", BY_HAND, re.MULTILINE)
    assert len(words) > 12
    assert words == sorted(words, key=str.lower)
    assert {"PUE", "LCOC", "NOL", "CFADS", "Take-or-pay"} <= set(words)
    assert max(map(len, BY_HAND.splitlines())) <= 100


def test_names_in_the_words_of_the_field_are_known():
    known = {field for model in MODELS for field in field_paths(model)} | {"loss_treatment"}
    known |= set(quantities().quantities)
    fields = re.findall(r"`(\w+_\w+)`", BY_HAND)
    conventions = {"half_year", "mid_quarter_1", "mid_quarter_4"}
    assert set(fields) - conventions <= known
