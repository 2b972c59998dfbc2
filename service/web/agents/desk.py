"""`rackrate mcp`: the tools for one agent on this machine, by standard input and output."""

import asyncio
from argparse import Namespace
from typing import Any

from economics import Problem
from service.settings import check_engine, read_settings
from service.web.agents.answering import Work, answering, protocol
from service.web.problems import NotInstalled
from service.web.workers import Workers


def mcp(_: Namespace) -> None:
    """Answer until standard input ends. Errors: Problem."""
    settings = read_settings()
    check_engine(settings)
    try:
        speaker = protocol()
    except NotInstalled as error:
        raise Problem("mcp", None, "", str(error)) from None
    workers = Workers(settings.workers, settings.max_waiting, settings.max_seconds)
    asyncio.run(_speak(speaker, answering("", settings, workers, _never)))


async def _never() -> Any:
    """The one client stays for as long as the program."""
    await asyncio.Event().wait()


async def _speak(speaker: Any, work: Work) -> None:
    from mcp.server.stdio import stdio_server

    server = speaker.server(work)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
