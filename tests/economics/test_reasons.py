"""Why there is no value, as users read it."""

from economics.models.reasons import in_words, left_out


def test_a_status_is_told_in_the_words_of_its_formula():
    assert in_words("never") == "never paid back"
    assert in_words("undefined") == "not defined for these inputs"
    assert in_words("ok") == ""
    assert in_words("a_new_status") == "a new status"


def test_each_status_has_a_line_with_its_cells_out_of_all():
    assert left_out("payback_years", {"never": 24_652, "no_debt": 0}, 65_536, "draws") == (
        "24,652 of 65,536 draws have no payback_years: never paid back",
    )
    assert left_out("min_dscr", {"no_debt": 1}, 4, more=", lying above every value") == (
        "1 of 4 cells has no min_dscr, lying above every value: no debt",
    )
