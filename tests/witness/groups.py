"""The groups of a record, each of entries by name."""

import contextlib
import inspect
import json
import os
import zipfile
from functools import partial
from pathlib import Path
from unittest import mock

from cases import (
    COST,
    DRAWS,
    EXPLAINED,
    LIFE,
    NEOCLOUD,
    NPV,
    RACK,
    TRANCHE_NAMES,
    TWO,
    USE,
    VARIANTS,
)
from entries import (
    MASKED,
    TEXT,
    both,
    client,
    column,
    command,
    everything,
    group,
    names,
    parted,
    plain,
    scenario,
    sha,
    shipped,
    typed,
)
from grids import COMPARED, SWEEPS, SWEPT, UNCERTAIN
from typed_lines import (
    BAD_FILES,
    BAD_LINES,
    COMMANDS,
    ENVIRONMENTS,
    SKYPILOT,
    SOLVED,
)


@group
def quotes(record):
    """Every quantity of every shipped scenario, and the ready-made questions."""
    asked = names()
    for name, tables in shipped().items():
        known = everything(record, f"quantities of {name}", tables, asked)
        wanted = [word for one in known for word in ("--target", one)]
        for more, mode in (([], "shown"), (["--json"], "json")):
            key = " ".join(["rackrate quote", name, "--target ALL", *more])
            command(record, ["quote", name, *wanted, *more], mode, key=key)
        for verb in ("quote", "breakeven", "depreciate", "cashflow"):
            both(record, [verb, name])


@group
def variants(record):
    """Every quantity of scenarios that reach what no shipped one does."""
    asked, scenarios = names(), shipped()
    for name in VARIANTS:
        tables = scenario(name, scenarios)
        count = len(tables.get("revenue", {}).get("tranches", ()))
        own = [f"tranches[{at}].{one}" for at in range(count) for one in TRANCHE_NAMES]
        key = f"variant {name}"
        record.attempt(key, partial(everything, record, key, tables, [*asked, *own]))


@group
def explanations(record):
    """How numbers come about."""
    write_files()
    for name, target, *more in EXPLAINED:
        both(record, ["explain", name, target, *more])


def write_files():
    """The files that commands are given, in this folder."""
    text = toml(TWO)
    Path("two-tranches.toml").write_text(text)
    Path("two-tranches.json").write_text(json.dumps(TWO))
    for name, (old, new) in BAD_FILES.items():
        assert old in text, old
        Path(f"bad-{name}.toml").write_text(text.replace(old, new, 1))
    Path("taken.csv").write_text("old")
    Path("vms.csv").write_text(SKYPILOT)
    os.utime("vms.csv", (1.76e9, 1.76e9))


def toml(tables):
    """Tables as a TOML file."""
    lines = [f"name = {json.dumps(tables['name'])}"]
    for name, table in tables.items():
        if isinstance(table, dict):
            lines.append(f"[{name}]")
            lines += [f"{k} = {json.dumps(v)}" for k, v in table.items() if k != "tranches"]
    for one in tables["revenue"]["tranches"]:
        lines += ["[[revenue.tranches]]", *(f"{k} = {json.dumps(v)}" for k, v in one.items())]
    return "\n".join(lines) + "\n"


def swept(record, key, spec, **options):
    """An entry of a sweep by Python."""
    import economics

    result = economics.sweep(spec, **options)
    if isinstance(result, economics.Reduced):
        record.answer(key, plain(result))
        return
    text, columns = {}, {}
    for name, one in result.columns.items():
        columns[name] = {"unit": one.unit, "categories": list(one.categories)}
        columns[name] |= column(one.values)
        text[name] = one.description
    text["why"] = result.why
    basis = parted(plain(result.basis), text)
    values = {"axes": list(result.axes), "shape": list(result.shape), "columns": columns}
    record.add(key, {**values, "backend": result.backend, "basis": basis}, text)


def by_backend(record, backend):
    """All sweeps by Python on one engine."""
    scenarios = shipped()
    for name, spec in SWEEPS.items():
        full = {**spec, "scenario": scenario(spec["scenario"], scenarios)}
        full = {part: list(one) if isinstance(one, tuple) else one for part, one in full.items()}
        key = f"sweep {name} on {backend}"
        record.attempt(key, lambda k=key, f=full: swept(record, k, f, backend=backend))
        if name in ("returns", "summary", "frontier"):
            tiles = {"backend": backend, "threads": 1, "tile_cells": 1000}
            key = f"sweep {name} in tiles on {backend}"
            record.attempt(key, lambda k=key, f=full, t=tiles: swept(record, k, f, **t))


@group
def sweeps_on_numpy(record):
    """Sweeps by Python on numpy."""
    by_backend(record, "numpy")


@group
def sweeps_on_jit(record):
    """Sweeps by Python on compiled code."""
    by_backend(record, "jit")


@group
def sweep_commands(record):
    """Sweeps by the command line: shown, as JSON, as CSV, and as files."""
    write_files()
    for arguments in SWEPT:
        both(record, ["sweep", *arguments])
    for arguments in (SWEPT[0], SWEPT[7], SWEPT[8]):
        command(record, ["sweep", *arguments, "-o", "-"], "data")
        command(record, ["sweep", *arguments, "-o", "-", "--reduce", "cells"], "data")
    for ending in ("csv", "json", "parquet", "arrow", "xlsx"):
        for backend in ("numpy", "jit"):
            path = Path(f"{backend}.{ending}")
            axes = ("--sweep", "utilisation=0.2,0.5,1", "--sweep", "economic_life_years=3,5")
            asked = ("--target", NPV, "--target", "payback_years", "--backend", backend)
            command(record, ["sweep", NEOCLOUD, *axes, *asked, "-o", path])
            key = f"file {path}"
            record.attempt(key, lambda k=key, p=path: filed(record, k, p))


def filed(record, key, path):
    """An entry of a file that a sweep has written."""
    if path.suffix == ".csv":
        record.add(key, {"data": path.read_text()})
    elif path.suffix == ".json":
        record.answer(key, json.loads(path.read_text()))
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            inner = {one: book.read(one).decode() for one in book.namelist()}
        sheets = {one: sha(said) for one, said in inner.items() if "/sheet" in one}
        words = {one: said for one, said in inner.items() if "haredStrings" in one}
        record.add(key, {"sheets": sheets, "parts": sorted(inner)}, words)
    else:
        framed(record, key, path)


def framed(record, key, path):
    """An entry of a Parquet or Arrow file."""
    import polars

    read = polars.read_parquet if path.suffix == ".parquet" else polars.read_ipc
    frame = read(path)
    rows = [[repr(one) for one in row] for row in frame.rows()]
    kinds = {name: str(kind) for name, kind in frame.schema.items()}
    text, about = {}, {}
    if path.suffix == ".parquet":
        for name, said in polars.read_parquet_metadata(path).items():
            if name != "ARROW:schema":
                with contextlib.suppress(ValueError):
                    said = json.loads(said)
                about[name] = parted(said, text, name, name)
    record.add(key, {"rows": rows, "kinds": kinds, "metadata": about}, text)


@group
def uncertainty(record):
    """Simulations and sensitivities."""
    write_files()
    for arguments in UNCERTAIN:
        both(record, arguments)


@group
def questions(record):
    """Comparisons, solves, and scenarios from files, standard input and the environment."""
    write_files()
    for arguments in COMPARED:
        both(record, ["compare", *arguments])
    for arguments in SOLVED:
        both(record, arguments)
    for arguments in (["quote", "two-tranches.toml"], ["quote", "two-tranches.json"]):
        both(record, arguments)
    command(record, ["quote", "-", "--json"], "json", Path("two-tranches.json").read_text())
    for stated, arguments in ENVIRONMENTS:
        said = " ".join(f"{name}={value}" for name, value in stated.items())
        mode = "json" if "--json" in arguments else "shown"
        with mock.patch.dict(os.environ, stated):
            command(record, arguments, mode, key=f"{said} rackrate {' '.join(arguments)}")


@group
def words(record):
    """Help, catalog, schema, doctor, imports, and lines that cannot be."""
    write_files()
    for arguments in ([], ["--help"], ["--version"], *([one, "--help"] for one in COMMANDS)):
        command(record, arguments, "words")
    kinds = json.loads(typed(["catalog", "--json"])[1])
    for arguments in ([], *([kind] for kind in kinds)):
        both(record, ["catalog", *arguments])
    for kind, rows in kinds.items():
        for row in rows:
            both(record, ["catalog", kind, row])
    command(record, ["schema"], "json")
    for model in ("", "rack", "lease", "program", "commitments", "bill", "margin"):
        command(record, ["schema", "--example", *([model] if model else [])], "words")
    doctor(record)
    for arguments in BAD_LINES:
        command(record, arguments, "words", "{")
    for name in BAD_FILES:
        for verb in ("quote", "cashflow"):
            command(record, [verb, f"bad-{name}.toml"], "words")
    imports(record)


def doctor(record):
    """What the doctor says, without what is of the machine."""
    found = json.loads(typed(["doctor", "--json"])[1])
    for name in ("rackrate", "python", "platform", "configs", "extras", "doubtful for serving"):
        found[name] = MASKED if name in found else None
    found["packages"] = dict.fromkeys(found["packages"], MASKED)
    said = {name: one for name, one in found["engines"].items() if one != "ok"}
    found["engines"] |= dict.fromkeys(said, TEXT)
    record.add("rackrate doctor --json", found, said)
    lines = [one.partition(":")[0] for one in typed(["doctor"])[1].splitlines()]
    record.add("rackrate doctor", {"lines": len(lines)}, {"out": "\n".join(lines)})


def imports(record):
    """Rows of the user's own."""
    with mock.patch.dict(os.environ, {"RACKRATE_CATALOG": "own"}):
        command(record, ["catalog", "import", "vms.csv", "--prefix", "aws"], "words")
        stated = ["--source", "us", "--as-of", "2026-01-01"]
        command(record, ["catalog", "import", "vms.csv", "--json", *stated], "json")
        command(record, ["catalog", "import", "vms.csv", "-o", "mine.toml"], "words")
        for arguments in (["catalog", "rentals"], ["catalog", "aws-p5.48xlarge-us-east-1"]):
            both(record, arguments)
        market = ["--set", "market=aws-p5.48xlarge-us-east-1"]
        both(record, ["quote", RACK, *market, "--target", NPV])
        record.add("file own/rentals.toml", {}, {"file": Path("own/rentals.toml").read_text()})


@group
def public(record):
    """The public names: what they take, what they hold, what they say."""
    import msgspec

    import economics

    record.add("economics", {"all": list(economics.__all__)}, {"doc": economics.__doc__ or ""})
    for name in economics.__all__:
        one, values = getattr(economics, name), {"kind": "class"}
        if inspect.isclass(one) and issubclass(one, msgspec.Struct):
            values["fields"] = [[f.name, f.required] for f in msgspec.structs.fields(one)]
        elif not inspect.isclass(one):
            parameters = inspect.signature(one).parameters.values()
            values["takes"] = [[p.name, p.kind.name, repr(p.default)[:80]] for p in parameters]
            values["kind"] = "function"
        record.add(f"economics.{name}", values, {"doc": inspect.getdoc(one) or ""})
    with client() as found:
        fields = found.get("/v1/quantities").json()["fields"]
    record.add("paths", {"fields": {k: [one["path"] for one in v] for k, v in fields.items()}})
    python(record)


def python(record):
    """Questions by Python, as the documents have them."""
    import numpy as np

    import economics

    tables = shipped()[RACK]
    record.answer("python quote", plain(economics.quote(tables, [NPV, COST])))
    record.answer("python solve", plain(economics.solve(tables, NPV, 0.0, "utilisation")))
    record.answer("python compare", plain(economics.compare([tables, TWO], [NPV])))
    spec = {"scenario": tables, "axes": [USE, LIFE], "targets": [NPV, "irr_per_year"]}
    out = {NPV: np.full((17, 4), 7.0)}
    economics.run(economics.prepare(spec), out=out)
    record.add("python run into arrays", column(out[NPV]))
    for at, bad in enumerate(({}, {"scenario": tables}, {**spec, "axs": 1}, {**spec, "axes": 1})):
        record.attempt(f"python bad sweep {at}", lambda b=bad: economics.prepare(b))
    drawn = {"fields": DRAWS["fields"], "count": 256}
    found = economics.simulate({"scenario": tables, "draws": drawn, "targets": [NPV]})
    record.answer("python simulate", plain(found))
    found = economics.sensitivity({"scenario": tables, "target": NPV})
    record.answer("python sensitivity", plain(found))
    record.answer("python scenario", plain(economics.scenario(tables).scenario))
    record.attempt("economics.nothing", lambda: economics.nothing)
