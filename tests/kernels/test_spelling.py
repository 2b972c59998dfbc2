"""Near matches of misspelt names."""

from kernels.language.spelling import near


def test_near_names_are_sorted_by_likeness():
    assert near("takins", ["talking", "takings", "rent"]) == ("takings", "talking")
    assert near("zzz", ["takings"]) == ()


def test_no_more_than_three_names_are_near():
    assert near("cup", {"cups", "cup1", "cup2", "cup3"}) == ("cups", "cup3", "cup2")
