"""The tools: what each is called, takes, gives, and where the HTTP API answers the same."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from economics.questions.quote import Quote
from economics.sweeps.answers import Reduced
from service.web.agents import reference_tools, scenario_tools
from service.web.agents.agent_records import (
    Basics,
    Call,
    Derivation,
    Found,
    ListScenarios,
    ReducedSweep,
    Reference,
    Rows,
    Scenarios,
    SearchCatalog,
    SearchQuantities,
    SideBySide,
    Solved,
    Told,
)
from service.web.agents.schemas import Schema, input_schema, output_schema
from service.web.examples import NPV, PRICES, USE
from service.web.schema import (
    CompareRequest,
    ExplainRequest,
    QuoteRequest,
    SolveRequest,
)

TABLES: Schema = {"type": ["string", "object"], "examples": ["hgx-h100"]}
OVERRIDES: Schema = {
    "examples": [{"revenue": {"utilisation": 0.7}, "finance": {"wacc_per_year": "8%"}}]
}
NUMBER = {"type": ["number", "string"]}
NUMBERS = {"type": "array", "items": NUMBER}
AXES = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {
            "kind": {"enum": ["linspace", "logspace", "values"]},
            "field": {"type": "string"},
            **dict.fromkeys(("start", "stop"), NUMBER),
            "count": {"type": "integer"},
            "values": NUMBERS,
        },
        "required": ["kind", "field"],
    },
    "description": "linspace, logspace: start, stop, count; values: values",
    "examples": [[PRICES, USE]],
}
REDUCE = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["summary", "top", "bottom", "histogram", "share", "frontier"]},
        "target": {"type": "string"},
        "count": {"type": "integer"},
        "bins": {"type": "integer"},
        "condition": {"type": "string"},
        "field": {"type": "string"},
        "level": NUMBER,
    },
    "required": ["kind"],
    "description": (
        "top, bottom: target, count; histogram: target, bins; share: condition; frontier: the"
        " swept field at which target crosses level"
    ),
    "examples": [
        {"kind": "summary"},
        {"kind": "share", "condition": "npv_usd_per_rack > 0"},
        {"kind": "frontier", "field": "utilisation", "target": "npv_usd_per_rack", "level": 0},
    ],
}
SCENARIO: Schema = {"scenario": TABLES, "overrides": OVERRIDES}
TARGET: Schema = {"target": {"examples": [NPV]}}


class Tool(NamedTuple):
    """A tool: its name, a line about it, what it takes and gives, and the path at which the HTTP
    API answers the same.
    """

    name: str
    title: str
    about: str
    takes: type[Struct]
    gives: type[Struct]
    work: Callable[[Any, Call], Told]
    path: str
    own: Mapping[str, Schema] = {}  # of what it takes: fields that are shaped for agents
    hidden: tuple[str, ...] = ()  # fields of what it takes that agents need not know
    left_out: tuple[str, ...] = ()  # of what it gives
    basics: type[Struct] = Basics

    @property
    def input_schema(self) -> Schema:
        """What the tool takes."""
        return input_schema(self.takes, self.own, self.hidden)

    @property
    def output_schema(self) -> Schema:
        """What the tool gives."""
        return output_schema(self.gives, self.basics, self.left_out)


TOOLS = (
    Tool(
        "list_scenarios",
        "List shipped scenarios",
        "The shipped scenarios, each a sourced example that other tools take by its name; with"
        " `name`, the tables of one, to start your own from.",
        ListScenarios,
        Scenarios,
        reference_tools.list_scenarios,
        "/v1/scenarios",
        own={"name": {"examples": ["hgx-h100"]}},
        basics=Reference,
    ),
    Tool(
        "search_catalog",
        "Search sourced figures",
        "Accelerators, facilities, electricity tariffs and rental prices that some words mean:"
        " each figure with its unit, source and date.",
        SearchCatalog,
        Rows,
        reference_tools.search_catalog,
        "/v1/catalog",
        own={"query": {"examples": ["gb200", "electricity texas"]}},
        basics=Reference,
    ),
    Tool(
        "search_quantities",
        "Search names",
        "Names of quantities (for `targets`) and of fields (for a scenario's tables) that some"
        " words mean, with unit, meaning and bounds.",
        SearchQuantities,
        Found,
        reference_tools.search_quantities,
        "/v1/quantities",
        own={"query": {"examples": ["break even utilisation", "power price"]}},
        basics=Reference,
    ),
    Tool(
        "quote",
        "Answer a scenario",
        "Cost per GPU-hour, breakeven, NPV, IRR and other quantities of one scenario.",
        QuoteRequest,
        Quote,
        scenario_tools.quote,
        "/v1/quotes",
        own={**SCENARIO, "targets": {"examples": [["cost_usd_per_gpu_hour", NPV]]}},
        left_out=("scenario", "conventions", "catalog", "sums"),
    ),
    Tool(
        "explain",
        "Derive a number",
        "The formula of a number and its inputs, level by level, down to stated fields with their"
        " sources.",
        ExplainRequest,
        Derivation,
        scenario_tools.explain,
        "/v1/explain",
        own={**SCENARIO, **TARGET, "depth": {"description": "levels; 2 if not stated"}},
    ),
    Tool(
        "solve",
        "Find a field's value",
        "All values of a field at which a target has a value, such as the price at which the NPV"
        " is 0.",
        SolveRequest,
        Solved,
        scenario_tools.solve,
        "/v1/solve",
        own={
            **SCENARIO,
            **TARGET,
            "value": {**NUMBER, "examples": [0]},
            "unknown": {"examples": [PRICES["field"]]},
            "between": {"items": NUMBER, "examples": [[0, 20]]},
        },
        left_out=("basis",),
    ),
    Tool(
        "compare",
        "Compare scenarios",
        "Which inputs differ, targets side by side, and which input makes how much of the"
        " difference. Says what is missing; names no winner.",
        CompareRequest,
        SideBySide,
        scenario_tools.compare,
        "/v1/comparisons",
        own={
            "scenarios": {"items": TABLES, "examples": [["hgx-h100", "hgx-h200"]]},
            "targets": {"examples": [[NPV]]},
            "bridge": {"examples": [NPV]},
        },
    ),
    Tool(
        "sweep",
        "Reduce a grid",
        "Up to millions of variations of a scenario, of which a reduction is told: a summary, the"
        " best or worst few, a histogram, a share, a frontier.",
        ReducedSweep,
        Reduced,
        scenario_tools.sweep,
        "/v1/sweeps",
        own={**SCENARIO, "axes": AXES, "targets": {"examples": [[NPV]]}, "reduce": REDUCE},
        hidden=("backend", "name", "source", "as_of", "note"),
        left_out=("basis", "device", "seconds"),
    ),
)
BY_NAME = {one.name: one for one in TOOLS}
