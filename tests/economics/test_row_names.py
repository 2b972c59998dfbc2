"""Parts of the names of rows: accents go, letters stay, no two words become one."""

import pytest

from economics.scenario.row_names import word


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("São Paulo, BR", "Sao-Paulo-BR"),
        ("Hafnarfjarðarkaupstaður", "Hafnarfjardarkaupstadur"),
        ("Łódź", "Lodz"),
        ("Ærøskøbing / Straße", "AEroskobing-Strasse"),
        ("Þingvellir, ıssız, œuf", "THingvellir-issiz-oeuf"),
        ("p5.48xlarge", "p5.48xlarge"),
        ("a b/c", "a-b-c"),
        ("###", ""),
    ],
)
def test_latin_letters_lose_their_accents_only(text, said):
    assert word(text) == said


def test_words_of_other_scripts_can_be_told_apart_and_read_back():
    assert word("東京, JP") == "xn-1lqs71d-JP"
    assert word("東京").removeprefix("xn-").encode().decode("punycode") == "東京"
    assert len({word(text) for text in ("東京", "大阪", "Москва", "Αθήνα", "القاهرة")}) == 5
    assert all(word(text).isascii() for text in ("São-東京", "Москва", "½ TB"))
