"""Who answers a call: a thread, the loop, or the workers."""

import asyncio
import json

import pytest
import web

from economics import Problem
from service.settings import Settings
from service.web.agents.answering import answering
from service.work.watch import TimeOver

QUOTE = {"scenario": "reference-project", "targets": ["npv_usd_per_rack"]}
LONG = {"finance": {"periods_per_year": 12}, "hardware": {"economic_life_years": 8}}


class Counted:
    """Workers that count, and answer at once."""

    def __init__(self):
        self.count = 0

    async def run(self, receive, work, *arguments):
        self.count += 1
        return work(*arguments, lambda *_: None)


def counted(name, arguments):
    workers = Counted()
    work = answering("", Settings(), workers, None)
    json.loads(asyncio.run(work(name, arguments)))
    return workers.count


@pytest.mark.parametrize(
    ("name", "arguments", "count"),
    [
        ("list_scenarios", {}, 0),
        ("search_catalog", {"query": "h100"}, 0),
        ("search_quantities", {"query": "irr"}, 0),
        ("quote", QUOTE, 0),
        ("quote", {**QUOTE, "overrides": {"finance": {"periods_per_year": 12}}}, 0),
        ("quote", {**QUOTE, "overrides": LONG}, 1),
        ("explain", {"scenario": "reference-project", "target": "npv_usd_per_rack"}, 1),
        ("solve", web.SOLVE, 1),
        ("compare", {"scenarios": ["hgx-h100", "hgx-h200"]}, 1),
    ],
)
def test_what_may_take_long_goes_to_the_workers(name, arguments, count):
    assert counted(name, arguments) == count


def test_a_wrong_argument_is_told_before_there_is_work():
    with pytest.raises(Problem) as caught:
        counted("quote", {"scenaro": "hgx-h100"})
    assert [one.where for one in caught.value.each] == ["scenaro", "scenario"]


def test_work_that_is_stopped_is_told():
    class Late(Counted):
        async def run(self, receive, work, *arguments):
            raise TimeOver("late")

    with pytest.raises(TimeOver):
        asyncio.run(answering("", Settings(), Late(), None)("solve", web.SOLVE))
