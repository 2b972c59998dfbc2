"""What problems quote of a request."""

import pytest

from service.web.short_texts import CUT, LONGEST_TEXT, LONGEST_VALUE, clipped, plain


def test_a_short_text_is_as_it_is_and_a_long_one_ends_at_a_word():
    assert clipped("as it is") == "as it is"
    cut = clipped("word " * LONGEST_TEXT)
    assert len(cut) <= LONGEST_TEXT
    assert cut.endswith(f" word{CUT}")
    assert clipped("a" * 10 * LONGEST_TEXT) == "a" * (LONGEST_TEXT - len(CUT)) + CUT


@pytest.mark.parametrize("value", [None, True, 1, -0.5, 2**53, "a text", "x" * LONGEST_VALUE])
def test_a_value_that_json_can_say_is_as_it_is(value):
    assert plain(value) is value


@pytest.mark.parametrize("value", [2**53 + 2, 1e300, "x" * (LONGEST_VALUE + 1), [1], {"a": object}])
def test_what_is_neither_short_nor_plain_is_quoted(value):
    assert isinstance(plain(value), str)
    assert len(plain(value)) <= LONGEST_VALUE
