"""`rackrate mcp`: the tools for one agent on this machine, by standard input and output."""

import asyncio
from argparse import Namespace
from typing import Any

from economics import Problem
from service.settings import Settings, check_engine, read_settings
from service.web.agents.answering import answering, protocol
from service.web.problems import NotInstalled
from service.web.workers import Workers
from service.work.pool import Pool


def mcp(_: Namespace) -> None:
    """Answer until standard input ends. Errors: Problem."""
    settings = read_settings()
    check_engine(settings)
    try:
        speaker = protocol()
    except NotInstalled as error:
        raise Problem("mcp", None, "", str(error)) from None
    asyncio.run(_speak(speaker, settings))


async def _never() -> Any:
    """The one client stays for as long as the program."""
    await asyncio.Event().wait()


async def _speak(speaker: Any, settings: Settings) -> None:
    from mcp.server.stdio import stdio_server

    workers = Workers(settings, Pool(answering.__module__, settings.workers))
    server = speaker.server(answering("", settings, workers, _never))
    async with workers.running(None), stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
