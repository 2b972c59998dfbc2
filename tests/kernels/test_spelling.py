"""Near matches of misspelt names."""

from kernels.language.spelling import near


def test_near_names_are_sorted_by_likeness():
    assert near("takins", ["talking", "takings", "rent"]) == ("takings", "talking")
    assert near("zzz", ["takings"]) == ()


def test_a_part_of_a_name_finds_the_shortest_names_that_have_it():
    names = ["rent_usd_per_month", "yearly_rent_usd_per_stand", "parent_usd", "takings"]
    assert near("rent", names) == ("rent_usd_per_month", "yearly_rent_usd_per_stand")
    assert near("usd.rent", names) == ("rent_usd_per_month", "yearly_rent_usd_per_stand")


def test_no_more_than_three_names_are_near():
    assert near("cup", {"cups", "cup1", "cup2", "cup3"}) == ("cups", "cup3", "cup2")


def test_a_text_without_end_is_like_no_name_and_is_not_compared(monkeypatch):
    assert near("takings" * 3, ["takings"]) == ()
    monkeypatch.setattr("difflib.get_close_matches", None)
    assert near("takings" * 100_000, ["takings", "rent"]) == ()
    assert near("takings", []) == ()
