"""How answers are written down: values apart from text, and what differs from run to run masked."""

import contextlib
import hashlib
import importlib
import importlib.machinery
import io
import json
import os
import re
import sys
from pathlib import Path
from unittest import mock

from cases import VARIANTS

FIRST = 6  # numbers of a column that a record shows beside its hash

TEXT = "<text>"

MASKED = "<masked>"

PROSE = {
    *("description", "doc", "words", "message", "detail", "title", "expected", "note", "why"),
    *("notices", "notes", "intervals", "summary", "source", "sauce", "formula", "reason", "label"),
    *("x-description", "info", "about"),
}

MASKS = {"seconds", "version", "instance", "request_id"}

NUMBER = re.compile(r"(?<![\w.-])-?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?%?(?![\w])")

SECONDS = re.compile(r"\b\d+(?:\.\d+)? s\b(?= on )")

RECORDS = {}  # what makes each group, by name


class Caught:
    """Keeps the error that ends a block, if one does."""

    error = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.error = error
        return isinstance(error, Exception)


class Record:
    """The entries of one group."""

    def __init__(self):
        """No entries yet."""
        self.entries = {}

    def add(self, key, values, text=None):
        """An entry: its values, and its text by place."""
        while key in self.entries:
            key += " (again)"
        said = {place: masked(one) for place, one in (text or {}).items()}
        self.entries[key] = {"values": values, "text": said}

    def answer(self, key, found, **values):
        """An entry of plain data, whose prose becomes text."""
        text = {}
        split = parted(found, text)
        self.add(key, {**values, "answer": split}, text)

    def attempt(self, key, work):
        """Let some work make an entry; what it raises is the entry otherwise."""
        with Caught() as caught:
            return work()
        self.add(key, raised(caught.error), {"error": str(caught.error)})
        return None


def raised(error):
    """What is to stay of an error: its kind, and the place that it names."""
    return {"raised": type(error).__name__, "where": getattr(error, "where", None)}


def masked(text):
    """A text without what differs from run to run."""
    for name, said in ((os.environ.get("WITNESS_TREE"), "<tree>"), (str(Path.cwd()), "<here>")):
        text = text.replace(name, said) if name else text
    text = SECONDS.sub("<seconds> s", text)
    return re.sub(r"\brackrate \d+\.\d+\.\d+", "rackrate <version>", text)


def is_prose(key, value):
    """Whether a text under a key is prose; defaults are, where they are sentences."""
    return key in PROSE or (key in ("default", "const") and value.count(" ") > 2)


def parted(found, text, place="", key=""):
    """Plain data without its prose, which goes to `text` by place."""
    if isinstance(found, dict):
        return {name: parted(one, text, f"{place}.{name}", name) for name, one in found.items()}
    if isinstance(found, list):
        return [parted(one, text, f"{place}[{at}]", key) for at, one in enumerate(found)]
    if key in MASKS and isinstance(found, str | float):
        return MASKED
    if isinstance(found, str) and is_prose(key, found):
        text[place] = found
        return TEXT
    return masked(found) if isinstance(found, str) else found


def plain(found):
    """What `economics` answers as plain data, by way of JSON."""
    import msgspec

    return json.loads(msgspec.json.encode(found))


def sha(data):
    """A hash of bytes or text."""
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()[:32]


def column(values):
    """An array as its hash and its first numbers; all that is no number is the same."""
    import numpy as np

    array = np.asarray(values)
    if array.dtype.kind == "f":
        array = np.where(np.isnan(array), np.nan, array)
    flat = np.ascontiguousarray(array).reshape(-1)
    firsts = [repr(one) for one in flat[:FIRST].tolist()]
    shape = list(array.shape)
    return {"sha": sha(flat.tobytes()), "type": str(array.dtype), "shape": shape, "first": firsts}


def defining(name):
    """The module of the tree that defines a name at its top level."""
    tree = Path(os.environ["WITNESS_TREE"])
    wanted = re.compile(rf"^(?:def|class) {name}\b|^{name}(?:: [^=\n]+)? = ", re.MULTILINE)
    packages = [path.parent for path in sorted(tree.glob("[a-z]*/__init__.py"))]
    for path in (path for package in packages for path in sorted(package.rglob("*.py"))):
        if package_of(path, tree) != "tests" and wanted.search(path.read_text()):
            inner = path.relative_to(tree).with_suffix("").parts
            return importlib.import_module(".".join(inner).removesuffix(".__init__"))
    raise LookupError(f"no module defines {name}")


def package_of(path, tree):
    """The package at the top of a tree that a file belongs to."""
    return path.relative_to(tree).parts[0]


def application():
    """The HTTP application."""
    with mock.patch.dict(os.environ, {"RACKRATE_WITHOUT_KEYS": "1"}):
        for name in ("service.web.app", "service.app"):
            with contextlib.suppress(ModuleNotFoundError):
                return importlib.import_module(name).create_app()
        return defining("create_app").create_app()


def client():
    """A client of the application; its faults are answers, as over a network."""
    from litestar.testing import TestClient

    return TestClient(application(), raise_server_exceptions=False)


def typed(arguments, given=""):
    """What a command line leaves: exit code, standard output, standard error."""
    from service.__main__ import main

    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    stdin = io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8")
    read = mock.patch.object(sys, "stdin", stdin)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), read:
        code = main([str(one) for one in arguments])
    return code, *(one.buffer.getvalue().decode() for one in (out, err))


def command(record, arguments, mode="shown", given="", key=None):
    """An entry of a command line; its output is JSON, a file's text, or shown to people."""
    key = key or "rackrate " + " ".join(str(one) for one in arguments)
    code, out, err = typed(arguments, given)
    values, text = {"exit": code, "said": [bool(out), bool(err)]}, {"err": err} if err else {}
    if mode == "json" and out:
        values["json"] = parted(json.loads(out), text)
    elif mode == "data":
        values["data"] = {"sha": sha(masked(out)), "first": masked(out)[:400]}
    elif out:
        text["out"] = out
        if mode == "shown" and code == 0:
            values["numbers"] = NUMBER.findall(masked(out))
    record.add(key, values, text)


def both(record, arguments):
    """A command as it is shown, and as JSON."""
    command(record, arguments)
    command(record, [*arguments, "--json"], "json")


def shipped():
    """The tables of every shipped scenario, by name."""
    return json.loads(typed(["catalog", "scenarios", "--json"])[1])


def names():
    """The names of all quantities."""
    with client() as found:
        return list(found.get("/v1/quantities").json()["quantities"])


def changed(tables, changes):
    """Tables with changes by dotted path; a change of a whole table replaces it."""
    made = json.loads(json.dumps(tables))
    for path, value in changes.items():
        *inner, last = path.split(".")
        at = made
        for name in inner:
            at = at[int(name)] if isinstance(at, list) else at.setdefault(name, {})
        at[last] = value
    return without_none(made)


def without_none(tables):
    """Tables without what is not stated."""
    if isinstance(tables, dict):
        return {name: without_none(one) for name, one in tables.items() if one is not None}
    return [without_none(one) for one in tables] if isinstance(tables, list) else tables


def scenario(name, scenarios):
    """The tables of a variant, or of a shipped scenario."""
    if name in VARIANTS:
        base, changes = VARIANTS[name]
        return changed(scenarios[base] if isinstance(base, str) else base, changes)
    return scenarios[name]


def answers(tables, targets):
    """The quantities of a scenario that have answers, and the errors of the others."""
    import economics

    left, refused = list(targets), {}
    while left:
        try:
            return plain(economics.quote(tables, left))["quantities"], refused
        except (economics.Problem, economics.NoAnswer) as error:
            named = getattr(error, "value", None)
            if len(left) > 1 and named not in left:
                return apart(tables, left, refused)
            named = named if named in left else left[0]
            refused[named] = error
            left.remove(named)
    return {}, refused


def apart(tables, targets, refused):
    """The same of two halves, where an error does not say which target it is of."""
    half = len(targets) // 2
    parts = [answers(tables, part) for part in (targets[:half], targets[half:])]
    return {**parts[0][0], **parts[1][0]}, {**refused, **parts[0][1], **parts[1][1]}


def everything(record, key, tables, targets):
    """An entry of all quantities of a scenario; returns those that it has."""
    found, refused = answers(tables, targets)
    text = {f"refused.{name}": str(error) for name, error in refused.items()}
    values = parted(found, text)
    errors = {name: raised(error) for name, error in refused.items()}
    record.add(key, {"answer": values, "refused": errors}, text)
    return list(found)


def group(make):
    """Let a function be a group of entries, by its name."""
    RECORDS[make.__name__] = make
    return make
