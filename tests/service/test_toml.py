"""TOML as text: what is written is what is read."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.files.toml import key, lines

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    NUMBERS | st.booleans() | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)
)


@given(st.dictionaries(TEXTS, VALUES))
def test_what_is_written_is_read(table):
    assert tomllib.loads(lines(table)) == table


@pytest.mark.parametrize(
    ("name", "written"), [("a-b_1", "a-b_1"), ("p5.48xlarge", '"p5.48xlarge"'), ("", '""')]
)
def test_keys_are_bare_where_they_may_be(name, written):
    assert key(name) == written
