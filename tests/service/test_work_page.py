"""A number that two processes share."""

import tempfile

from service.work.page import Page, new_page


def test_what_one_writes_the_other_reads():
    with tempfile.TemporaryFile() as file:
        ours, theirs = new_page(file.fileno()), Page(file.fileno())
    assert ours.number == theirs.number == 0
    for number in (1, 2**40, -1):
        ours.number = number
        assert theirs.number == number
