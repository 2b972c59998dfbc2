"""What the OpenAPI document must have, and which changes of it break clients."""

import re

from jsonschema import Draft202012Validator

POLICY = "docs/api-policy.md"
SAID = ("description", "summary", "examples", "title", "format")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def faults(document):
    """Everything that is missing in a document, each with its place and what to do."""
    return [*_of_references(document), *_of_schemas(document), *_of_operations(document)]


def places(part, path=""):
    """Every table of a document with its place; what stands in examples is none of it."""
    if isinstance(part, dict):
        yield path, part
        for key, inner in part.items():
            if key not in ("examples", "mapping"):
                yield from places(inner, f"{path}/{key}")
    elif isinstance(part, list):
        for at, inner in enumerate(part):
            yield from places(inner, f"{path}/{at}")


def found(document, reference):
    """What a reference of a document leads to; None if it leads nowhere."""
    for key in reference.removeprefix("#/").split("/"):
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _of_references(document):
    for path, part in places(document):
        mapped = part.get("mapping", {})
        for target in [part.get("$ref"), *(mapped.values() if isinstance(mapped, dict) else ())]:
            if isinstance(target, str) and found(document, target) is None:
                yield f"{path}: {target} leads nowhere"


def _of_schemas(document):
    for path, part in places(document["components"]["schemas"]):
        if path.endswith("/properties"):
            for name, shape in part.items():
                if not shape.get("description"):
                    yield (
                        f"{path}/{name}: no description; say it where the field is declared:"
                        " Meta(description=...)"
                    )
            continue
        if part.get("type") == "array" and not isinstance(part.get("items"), dict):
            yield f"{path}: an array without a schema of its items"
        if "prefixItems" in part:
            yield f"{path}: prefixItems, which generators of clients do not know"
        if "default" in part:
            yield f"{path}: a default, which makes a field required in TypeScript: say it in words"
        if part.get("type") == "object" and not {"properties", "additionalProperties"} & {*part}:
            yield f"{path}: an object of which nothing is said"


def _of_operations(document):
    tags, ids = {one["name"] for one in document["tags"]}, []
    for path, item in document["paths"].items():
        for method, one in item.items():
            ids.append(one["operationId"])
            for fault in _of_operation(document, one, tags):
                yield f"{method.upper()} {path}: {fault}"
    yield from (f"operationId {one} stands twice" for one in {*ids} if ids.count(one) > 1)


def _of_operation(document, one, tags):
    if not one.get("tags") or not {*one["tags"]} <= tags:
        yield f"tags = {one.get('tags')}: say one of {sorted(tags)}, as in @get(..., tags=[...])"
    yield from (f"no {part}" for part in ("summary", "description") if not one.get(part))
    for given in one.get("parameters", ()):
        if not given.get("description"):
            yield f"parameter {given['name']}: no description"
    parts = [("the request", one["requestBody"])] if "requestBody" in one else []
    for status, response in one["responses"].items():
        response = found(document, response["$ref"]) if "$ref" in response else response
        headers = {name.lower() for name in response.get("headers", {})}
        if "x-request-id" not in headers:
            yield f"{status}: no header X-Request-ID"
        if one.get("deprecated") and not {"deprecation", "sunset"} <= headers:
            yield f"{status}: deprecated without Deprecation and Sunset ({POLICY})"
        parts.append((status, response))
    for name, part in parts:
        yield from (f"{name}: {fault}" for fault in _of_content(document, part, name))


def _of_content(document, part, name):
    for media, content in part.get("content", {}).items():
        examples = content.get("examples", {})
        if media == "application/json" and not examples:
            yield (
                "no example; add one to service/web/examples.py"
                if name == "the request"
                else "no example: run `python -m tests.example_answers`"
            )
        schema = {**content["schema"], "components": document["components"]}
        for key, example in examples.items():
            for error in Draft202012Validator(schema).iter_errors(example["value"]):
                yield f"example {key}: {error.json_path}: {error.message[:200]}"


def breaking(old, new):
    """The changes from one document to another that break clients."""
    for path, item in old["paths"].items():
        for method in item:
            if method not in new["paths"].get(path, {}):
                yield f"{method.upper()} {path} is gone"
    records = new["components"]["schemas"]
    for name, record in old["components"]["schemas"].items():
        if name not in records:
            yield f"{name} is gone"
        else:
            yield from (f"{name}{change}" for change in _changes(record, records[name]))


def _changes(old, new):
    for value in old.get("enum", ()):
        if value not in new.get("enum", [value]):
            yield f" is no longer {value!r}"
    for name, shape in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f".{name} is gone"
        elif (kind := _bare(new["properties"][name])) != _bare(shape):
            yield f".{name} was {_bare(shape)}, is {kind}"
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    asked = new.get("additionalProperties") is False
    for name in sorted(after - before if asked else before - after):
        yield f".{name} is {'now required' if asked else 'no longer always there'}"


def _bare(shape):
    """The kind of a value: what is said of it, its words and wider bounds may change."""
    if isinstance(shape, list):
        return [_bare(one) for one in shape]
    if not isinstance(shape, dict):
        return re.sub(r"\s+", " ", shape) if isinstance(shape, str) else shape
    left = (*SAID, *BOUNDS, "enum")
    return {key: _bare(inner) for key, inner in shape.items() if key not in left}
