"""The least that a service can be, by the same kept plan: `rivals_http.py WAY PORT`.

raw      ASGI and msgspec: decode the body by its types, answer, encode; nothing else
fastapi  FastAPI with pydantic models of the whole request and the whole answer
"""

import sys
import types
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import uvicorn
from msgspec import UNSET, Meta, Struct
from msgspec.structs import asdict, replace
from racks import reference

import economics
from economics.models.rack import TABLES, Scenario
from economics.questions import quote as questions
from economics.questions.written import written
from economics.scenario.fields import field_kinds, is_life
from economics.scenario.inputs import Inputs
from economics.scenario.reading import Sourced, scenario
from economics.scenario.shapes import Values, shape_of
from service.cli.serve import keep_what_is_loaded
from service.files.reading import scenario_tables


class Request(Struct, forbid_unknown_fields=True):
    """A request, in its own types."""

    scenario: Scenario | str
    targets: tuple[str, ...] | None = None


@cache
def shipped(name):
    """A shipped scenario, checked once."""
    return scenario(scenario_tables(name))


def raw():
    """An ASGI application."""
    decode = msgspec.json.Decoder(Request).decode

    async def app(scope, receive, send):
        if scope["type"] != "http":
            return
        message = await receive()
        body = message["body"]
        while message["more_body"]:
            message = await receive()
            body += message["body"]
        asked = decode(body)
        stated = asked.scenario
        sourced = shipped(stated) if isinstance(stated, str) else Sourced(stated, {}, {})
        found = written(sourced, asked.targets)
        about = [(b"content-type", b"application/json")]
        about.append((b"content-length", str(len(found)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": about})
        await send({"type": "http.response.body", "body": found})

    return app


@cache
def model_of(record):
    """The pydantic model of a record."""
    from pydantic import ConfigDict, create_model

    config, about = record.__struct_config__, ConfigDict(extra="forbid")
    hints = get_type_hints(record, include_extras=True)
    fields: dict[str, Any] = {}
    if config.tag is not None:
        fields[config.tag_field] = (Literal[config.tag], config.tag)
    for field in msgspec.structs.fields(record):
        fields[field.name] = (kind_of(hints[field.name]), default_of(field))
    return create_model(record.__name__, __config__=about, **fields)


def default_of(field):
    """What a field is where it is not stated."""
    from pydantic import Field

    if field.default_factory is not msgspec.NODEFAULT:
        made = field.default_factory()
        return Field(
            default_factory=model_of(type(made)) if isinstance(made, Struct) else type(made)
        )
    if field.default is msgspec.NODEFAULT:
        return ...
    if isinstance(field.default, Struct):
        return Field(default_factory=model_of(type(field.default)))
    return None if field.default is UNSET else field.default


def kind_of(kind):
    """A type of msgspec as pydantic takes it."""
    from pydantic import Field

    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        metas = [one for one in args[1:] if isinstance(one, Meta)]
        names = ("ge", "gt", "le", "lt", "min_length", "max_length")
        bounds = {n: getattr(m, n) for m in metas for n in names if getattr(m, n) is not None}
        inner = kind_of(args[0])
        return Annotated[inner, Field(**bounds)] if bounds else inner
    if origin in (Union, types.UnionType):
        kinds = [one for one in args if one is not msgspec.UnsetType]
        tagged = [one for one in kinds if isinstance(one, type) and issubclass(one, Struct)]
        others = [kind_of(one) for one in kinds if one not in tagged]
        if len(tagged) > 1:
            union = Union[tuple(map(model_of, tagged))]  # noqa: UP007
            tag = tagged[0].__struct_config__.tag_field
            return Union[(Annotated[union, Field(discriminator=tag)], *others)]
        return Union[(*map(model_of, tagged), *others)]
    if isinstance(kind, type) and issubclass(kind, Struct):
        return model_of(kind)
    if origin in (tuple, dict, list):
        return origin[tuple(one if one is ... else kind_of(one) for one in args)]
    return kind


def fastapi():
    """An application of FastAPI."""
    from fastapi import FastAPI
    from pydantic import ConfigDict, create_model

    rack, quantity = model_of(Scenario), model_of(questions.Quantity)
    asks = create_model(
        "Request",
        __config__=ConfigDict(extra="forbid"),
        scenario=(rack | str, ...),
        targets=(tuple[str, ...] | None, None),
    )
    answers = create_model(
        "Answer",
        scenario=(rack, ...),
        quantities=(dict[str, quantity], ...),
        notices=(tuple[str, ...], ...),
        conventions=(model_of(questions.Conventions), ...),
        catalog=(dict[str, str], ...),
        model_version=(str, ...),
        sums=(dict[str, dict[str, float]], ...),
        unanswered=(dict[str, tuple[str, ...]], ...),
    )

    @cache
    def kept(name, targets):
        return Kept(shipped(name) if name else scenario(reference()), targets, rack)

    app = FastAPI()

    @app.post("/v1/quotes", response_model=answers, response_model_exclude_unset=True)
    async def quote(asked: asks):  # type: ignore[valid-type]
        own = not isinstance(asked.scenario, str)
        found = kept("" if own else asked.scenario, asked.targets)
        inputs = found.inputs_of(asked.scenario) if own else found.inputs
        values = inputs.compute(found.seen)
        listed = questions.roots(inputs, found.plan, values)
        quantities = {
            one.name: quantity(
                value=values[one.name],
                unit=one.unit,
                status="ok",
                description=one.description,
                **({"roots": [*map(asdict, listed[one.name])]} if one.name in listed else {}),
            )
            for one in found.asked
        }
        stated = asked.scenario if own else found.scenario
        return answers(scenario=stated, quantities=quantities, **found.rest)

    return app


class Kept:
    """What there is to keep of a scenario and its targets, for others that differ in numbers."""

    def __init__(self, sourced, targets, rack):
        self.inputs = Inputs.of(sourced)
        self.plan = self.inputs.plan(targets)
        self.seen = self.inputs.kept(self.plan, questions._seen)
        self.asked = self.inputs.kept(self.plan, questions.asked)
        self.scenario = rack(**msgspec.to_builtins(sourced.scenario))
        whole = msgspec.to_builtins(economics.quote(sourced, targets))
        self.rest = {
            key: one for key, one in whole.items() if key not in ("scenario", "quantities")
        }
        self._shape, _ = shape_of(sourced.scenario)
        self._places = [
            (table, field)
            for table in TABLES
            for field, kind in field_kinds(type(getattr(sourced.scenario, table))).items()
            if kind == "number" and not is_life(field)
        ]

    def inputs_of(self, stated):
        """What formulas run on in another scenario."""
        numbers = tuple(getattr(getattr(stated, table), field) for table, field in self._places)
        return replace(self.inputs, values=Values(self._shape, numbers))


if __name__ == "__main__":
    way, port = sys.argv[1:]
    made = {"raw": raw, "fastapi": fastapi}[way]()
    options = {"loop": "uvloop", "http": "httptools", "access_log": False, "log_level": "warning"}
    config = uvicorn.Config(made, host="127.0.0.1", port=int(port), lifespan="off", **options)
    config.load()
    keep_what_is_loaded()
    uvicorn.Server(config).run()
