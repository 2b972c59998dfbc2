"""Calls of tools answered: searches in a thread, short quotes at once, all else by worker
processes."""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from math import prod
from typing import Any

import msgspec

from economics.scenario.digest import digest
from economics.scenario.durations import periods_of
from economics.sweeps.axes import length
from economics.sweeps.prepared import Progress
from service.settings import Settings
from service.web.agents.agent_records import Call, ReducedSweep, Reference, Told
from service.web.agents.tools import BY_NAME
from service.web.named_scenarios import asked_scenario
from service.web.problems import FieldError, NotInstalled, TooLarge
from service.web.requests import as_record
from service.web.routes.quotes import INLINE_PERIODS
from service.web.schema import QuoteRequest
from service.web.workers import Receive, Workers

MOST_BYTES = 40_000  # of an answer, which an agent reads whole
PROTOCOL = "service.web.agents.protocol"
EXTRA = "the extra `agents`: pip install 'rackrate[agents]'"
Work = Callable[[str, Any], Awaitable[bytes]]


def protocol() -> Any:
    """The module that speaks the protocol, where its library is installed. Errors: NotInstalled."""
    try:
        return import_module(PROTOCOL)
    except ModuleNotFoundError as error:
        raise NotInstalled(f"{error.name} is not installed; agents need {EXTRA}") from None


def answering(
    base: str,
    settings: Settings,
    workers: Workers,
    receive: Receive,
    take: Callable[[int], None] = lambda _: None,
) -> Work:
    """How calls are answered for the client whose leaving `receive` tells, with links after
    `base`; `take` says whether so many scenarios may be asked for now.
    """

    async def work(name: str, arguments: Any) -> bytes:
        asked = (name, arguments, base, settings)
        if BY_NAME[name].basics is Reference:
            return await asyncio.to_thread(run_tool, *asked, _go_on)
        if _is_short(name, arguments):
            return run_tool(*asked, _go_on)
        take(_scenarios(name, arguments, settings.max_sweep_cells))
        return await workers.run(receive, run_tool, *asked)

    return work


def _scenarios(name: str, arguments: Any, most: int) -> int:
    """How many scenarios a call asks for; one of more than `most` is refused, and has none."""
    if BY_NAME[name].takes is not ReducedSweep:
        return 1
    cells = prod(map(length, as_record(arguments, ReducedSweep).axes))
    return cells if cells <= most else 0


def _go_on(*_: int) -> None:
    """What takes a moment is not stopped."""


def _is_short(name: str, arguments: Any) -> bool:
    if BY_NAME[name].takes is not QuoteRequest:
        return False
    return periods_of(asked_scenario(as_record(arguments, QuoteRequest))) <= INLINE_PERIODS


def run_tool(name: str, arguments: Any, base: str, settings: Settings, watch: Progress) -> bytes:
    """The answer to a call of a tool as JSON, its links after `base`. Errors: TooLarge, Problem,
    NoAnswer, NoEngine, and those of the watch.
    """
    tool = BY_NAME[name]
    link = f"{base}{tool.path}"
    told = tool.work(as_record(arguments, tool.takes), Call(link, settings, watch))
    found = msgspec.to_builtins(told.found)
    kept = {field: value for field, value in found.items() if field not in tool.left_out}
    basics = msgspec.to_builtins(tool.basics(link=link, **_basics(told)))
    answer = msgspec.json.encode({**kept, **basics})
    if len(answer) > MOST_BYTES:
        limit = f"at most {MOST_BYTES} are told to agents"
        raise TooLarge(
            f"the answer has {len(answer)} bytes, {limit}: ask for less, or use {link}",
            (FieldError("arguments", len(answer), f"an answer of at most {MOST_BYTES} bytes"),),
        )
    return answer


def _basics(told: Told) -> dict[str, Any]:
    """What every answer about scenarios has."""
    if not told.scenarios:
        return {}
    hashed = digest(*(one.scenario for one in told.scenarios))
    return {"inputs_hash": hashed, "notices": told.notices}
