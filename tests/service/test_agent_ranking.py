"""Texts that a few words mean."""

from hypothesis import given
from hypothesis import strategies as st

from service.web.agents.ranking import index, ranked, words

STAND = index(
    {
        "lemonade_price": "what a glass of lemonade is sold for",
        "lemon_price": "what a lemon costs at the market",
        "glass_count": "glasses that are sold in a day",
        "stand_rent": "what the stand is let for",
    }
)


def test_words_are_told_apart_by_letters_and_digits():
    assert words("IRR_per_year, gb200-nvl72; 8.5 irr") == (
        *("irr", "per", "year", "gb", "200", "nvl", "72", "8.5"),
    )


def test_a_word_of_a_name_counts_more_than_one_of_a_text():
    assert ranked("lemon", STAND)[0] == "lemon_price"
    assert ranked("glass price", STAND)[0] in ("glass_count", "lemonade_price")
    assert ranked("stand", STAND) == ["stand_rent"]


def test_what_is_misspelt_is_found():
    assert ranked("lemonaed prise", STAND)[0] == "lemonade_price"
    assert ranked("rnet", STAND) == ["stand_rent"]


def test_what_is_begun_is_found_and_what_is_alike_to_nothing_is_not():
    assert ranked("lemona", STAND)[0] == "lemonade_price"
    assert ranked("zzz", STAND) == []
    assert ranked("", STAND) == []


@given(st.text(max_size=40))
def test_the_order_is_the_same_every_time(query):
    first = ranked(query, STAND)
    assert ranked(query, STAND) == first
    assert len(set(first)) == len(first)
