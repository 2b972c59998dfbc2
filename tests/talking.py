"""A client of the Model Context Protocol, by its own library, to a service in this process."""

from contextlib import asynccontextmanager

import anyio
import httpx2
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from web import POOL

from service.settings import Settings
from service.web.app import create_app

BASE = "http://localhost:8000"
HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}


@asynccontextmanager
async def connected(app=None, mode="legacy", **headers):
    """A client that has been greeted, as a context."""
    sent = httpx2.ASGITransport(app=app or create_app(Settings(), POOL))
    async with httpx2.AsyncClient(transport=sent, headers=headers) as http:
        transport = streamable_http_client(f"{BASE}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


def talk(what, *arguments, **how):
    """What comes of `await what(client, *arguments)`."""

    async def talking():
        async with connected(**how) as client:
            return await what(client, *arguments)

    return anyio.run(talking)


def call(name, arguments, **how):
    """The result of one call."""
    return talk(lambda client: client.call_tool(name, arguments), **how)


def message(name, arguments):
    """A call as a message of the protocol."""
    return {**CALL, "params": {"name": name, "arguments": arguments}}
