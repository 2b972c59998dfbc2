"""docs/agents.md: what it shows is asked of a service as users start it, and answered so."""

import contextlib
import io
import json
import tomllib

import pages
import pytest
import server
import talking

PAGE = pages.ROOT / "docs" / "agents.md"
TEXT = PAGE.read_text()
SHOWN = [json.loads(one) for one in pages.fenced("json").findall(TEXT)]
(PROGRAM,) = pages.fenced("py").findall(TEXT)


@pytest.fixture(scope="module")
def running():
    with server.running() as found:
        yield found


def quoted(running, arguments):
    """The text that a quote is told with, at the port of the page."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    body["params"] = {"name": "quote", "arguments": arguments}
    status, _, answer = running.ask("POST", "/mcp", body, Accept="application/json")
    assert status == 200
    text = json.loads(answer)["result"]["content"][0]["text"]
    return json.loads(text.replace(f":{running.port}/", ":8000/"))


def test_questions_are_answered_as_the_page_shows(running):
    _, _, asked, told, wrong, problem = SHOWN
    answer = quoted(running, asked)
    assert len(answer["inputs_hash"]) == len(told["inputs_hash"])  # changes with new fields
    assert {**answer, "inputs_hash": ""} == {**told, "inputs_hash": ""}
    assert quoted(running, wrong) == problem


def test_the_program_runs(running):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(PROGRAM.replace(":8000/", f":{running.port}/"), "program", "exec"), {})
    assert "964535.658" in said.getvalue()


def test_the_agents_configurations_name_what_there_is():
    desk, service = (one["mcpServers"]["rackrate"] for one in SHOWN[:2])
    scripts = tomllib.loads((pages.ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert desk["command"] in scripts
    assert service["url"].endswith("/mcp")


def test_the_page_lists_the_tools():
    names = [one.name for one in talking.talk(lambda client: client.list_tools()).tools]
    assert names == [line.split("`")[1] for line in TEXT.splitlines() if line.startswith("| `")]
