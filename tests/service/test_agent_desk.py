"""`rackrate mcp`: the tools by standard input and output."""

import sys

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from service.web.agents import answering


@pytest.mark.parametrize("mode", ["auto"])
def test_an_agent_on_this_machine_is_answered(mode):
    command = StdioServerParameters(command=sys.executable, args=["-m", "service", "mcp"])

    async def use():
        async with Client(stdio_client(command), mode=mode) as client:
            asked = {"scenario": "reference-project", "targets": ["npv_usd_per_rack"]}
            return await client.call_tool("quote", asked)

    told = anyio.run(use).structured_content
    assert told["quantities"]["npv_usd_per_rack"]["value"] == pytest.approx(964_535.658394)
    assert told["link"] == "/v1/quotes"


def test_without_the_extra_one_line_names_it(rackrate, monkeypatch):
    def missing(_):
        raise ModuleNotFoundError("No module named 'mcp'", name="mcp")

    monkeypatch.setattr(answering, "import_module", missing)
    said = rackrate("mcp")
    assert said.code == 2
    assert said.err == (
        "rackrate: mcp is not installed; agents need the extra `agents`: pip install"
        " 'rackrate[agents]'\n"
    )


def test_a_wrong_setting_is_told(rackrate, monkeypatch):
    monkeypatch.setenv("RACKRATE_WORKERS", "0")
    said = rackrate("mcp")
    assert (said.code, "RACKRATE_WORKERS" in said.err) == (2, True)
