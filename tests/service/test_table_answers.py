"""Answers that are tables, whole or in parts."""

import asyncio

import pytest

from service.files import parquet_footer
from service.files.cell_pieces import CellPieces
from service.files.pieces import Piece
from service.web.formats import ARROW, CSV, JSON
from service.web.table_answers import Outline, sent


def rows(asked, form, number, place):
    return Piece(f"{asked} {form} {number} {place};".encode(), {}, [])


def column(asked, name, number, packed, first):
    return f"{asked} {name} {number} {packed} {first};".encode()


async def go_on(work, *arguments):
    return work(*arguments)


def told(media, **more):
    outline = Outline("a", rows, column, 4, 2, **more)

    async def all_of_it():
        return [one async for one in sent(go_on, outline, media)]

    return asyncio.run(all_of_it())


def test_rows_are_sent_part_by_part_each_told_where_it_begins():
    assert told(CSV) == [b"a csv 0 0;", b"a csv 1 10;", b""]
    assert told(ARROW)[-1] == b"\xff\xff\xff\xff\0\0\0\0"


def test_columns_are_sent_one_after_another():
    behind = CellPieces(False).behind_column
    found = told(JSON, columns=("x", "y"), before=b"[", behind=b"]")
    assert found == [
        b"[",
        *(b"a x 0 False True;", b"a x 1 False True;", behind),
        *(b"a y 0 False False;", b"a y 1 False False;", behind),
        b"]",
    ]


def test_the_end_of_a_file_says_what_its_first_part_said(monkeypatch):
    ends = []
    monkeypatch.setattr(parquet_footer, "joined", lambda *said: ends.append(said) or b"end")
    first = {1: (5, 2)}

    def part(asked, form, number, place):
        return Piece(b"part", first if not number else {}, [b"group %d" % number])

    async def all_of_it():
        outline = Outline("a", part, column, 4, 2)
        return [one async for one in sent(go_on, outline, "application/vnd.apache.parquet")]

    assert asyncio.run(all_of_it()) == [b"part", b"part", b"end"]
    assert ends == [(first, 4, [b"group 0", b"group 1"])]


@pytest.mark.parametrize("media", [CSV, JSON])
def test_no_part_is_made_before_it_is_asked_for(media):
    made = []

    def noted(*said):
        made.append(said)
        return Piece(b"", {}, [])

    async def first():
        outline = Outline("a", noted, noted, 4, 2, columns=("x",))
        found = sent(go_on, outline, media)
        await anext(found)
        await found.aclose()

    asyncio.run(first())
    assert len(made) == (media == CSV)
