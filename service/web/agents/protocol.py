"""The tools by the Model Context Protocol, over HTTP without sessions: one request, one answer. The
only module that imports the protocol's library, and so imported when it is first asked for.
"""

from collections.abc import MutableMapping
from typing import Any

import msgspec
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ListedTool

from kernels.language.caches import cached
from kernels.language.spelling import near
from service.version import version
from service.web.agents.answering import Work
from service.web.agents.tools import BY_NAME, TOOLS
from service.web.middleware import Message
from service.web.problems import render
from service.web.workers import Receive

ANNOTATIONS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
INSTRUCTIONS = (
    "Unit economics of GPU data centers. A scenario is the name of a shipped one (list_scenarios)"
    " or tables of fields (search_quantities); overrides are tables laid over it. Rates, fractions"
    ' and utilisation are fractions: 0.08, or "8%"; amounts are in the unit that the name says.'
    " A value is null where its status is not ok: the status says why. Tell the user the notices,"
    " what is unanswered or missing, and the units. Errors name the field, the value and what was"
    " expected."
)


@cached()
def listed_tools() -> ListToolsResult:
    """The tools as clients list them."""
    tools = [
        ListedTool(
            name=one.name,
            title=one.title,
            description=one.about,
            input_schema=one.input_schema,
            output_schema=one.output_schema,
            annotations=ANNOTATIONS,
        )
        for one in TOOLS
    ]
    return ListToolsResult(tools=tools)


def server(work: Work) -> Server:
    """A server of the tools; `work` gives the answer to a call of one as JSON."""

    async def listing(_: Any, __: Any) -> ListToolsResult:
        return listed_tools()

    async def call(_: Any, asked: CallToolRequestParams) -> CallToolResult:
        if asked.name not in BY_NAME:
            alike = near(asked.name, BY_NAME)
            hint = f"; did you mean {' or '.join(alike)}?" if alike else f": {', '.join(BY_NAME)}"
            raise MCPError(INVALID_PARAMS, f"no tool is called {asked.name[:100]!r}{hint}")
        try:
            answer = await work(asked.name, asked.arguments or {})
        except Exception as error:  # noqa: BLE001  whatever it is, the agent is told
            said = render(error, asked.name).body.decode()
            return CallToolResult(content=[TextContent(type="text", text=said)], is_error=True)
        return CallToolResult(
            content=[TextContent(type="text", text=answer.decode())],
            structured_content=msgspec.json.decode(answer),
        )

    return Server(
        "rackrate",
        version=version(),
        title="rackrate",
        instructions=INSTRUCTIONS,
        on_list_tools=listing,
        on_call_tool=call,
    )


async def speak(scope: Any, body: bytes, receive: Receive, work: Work) -> tuple[int, str, bytes]:
    """Status, media type and body of the answer to a request whose body has been read. Nothing
    lasts from one request to the next: whatever is begun for it ends with it.
    """
    sent = list[MutableMapping[str, Any]]()
    read = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def again() -> Message:
        return next(read, None) or await receive()

    async def keep(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    manager = StreamableHTTPSessionManager(
        server(work),
        json_response=True,
        stateless=True,
        max_request_body_size=len(body) + 1,  # it is bounded by now
    )
    async with manager.run():
        await manager.handle_request(scope, again, keep)
    media = dict(sent[0]["headers"]).get(b"content-type", b"text/plain").decode("latin-1")
    return sent[0]["status"], media, b"".join(one.get("body", b"") for one in sent)
