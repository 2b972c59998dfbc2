"""Quotes on the event loop or in a thread: the same answer."""

import threading

import anyio
import pytest
from racks import reference

import economics
from service.quotes import INLINE_PERIODS, quoted
from service.work import Workers


@pytest.mark.parametrize(("periods_per_year", "inline"), [(1, True), (12, True), (12, False)])
def test_long_lives_go_to_a_thread(monkeypatch, periods_per_year, inline):
    life = 5 if inline else INLINE_PERIODS
    tables = reference(finance={"periods_per_year": periods_per_year}, hardware={"economic_life_years": life})
    plain, threads = economics.quote, []

    def noted(*arguments):
        threads.append(threading.current_thread() is threading.main_thread())
        return plain(*arguments)

    monkeypatch.setattr(economics, "quote", noted)

    async def ask():
        return await quoted(tables, ["npv_usd_per_rack"], Workers(1, 1))

    assert anyio.run(ask) == plain(tables, ["npv_usd_per_rack"])
    assert threads == [inline]
