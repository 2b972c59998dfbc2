"""`sweep`: many scenarios at once, to a file, to standard output or as a summary."""

import os
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

import economics
from economics import Problem
from economics.sweeps.prepared import Prepared
from economics.sweeps.spec import Cells
from service.cli import display
from service.cli.axis_options import FORMS, reduction, with_axes
from service.cli.draw_options import with_draw_axis
from service.cli.environment import remark
from service.cli.overrides import overridden
from service.files import frames, streams
from service.files.cells import listed
from service.files.reading import STANDARD_STREAM, sweep_spec
from service.settings import backend

if TYPE_CHECKING:
    from rich.table import Table

BAR = 50
FIRST_ROWS = 100  # that are printed of a table


def sweep(options: Namespace) -> None:
    """Run a sweep, or say how large it is. What nobody asked to reduce is a summary, and the cells
    themselves where they are few.
    """
    spec = spec_of(options)
    unasked = "reduce" not in spec and options.output is None and not options.json
    spec.setdefault("reduce", {"kind": "summary" if options.output is None else "cells"})
    prepared = economics.prepare(spec, threads=options.threads)
    few = unasked and prepared.grid.size <= FIRST_ROWS
    if few:
        prepared = msgspec.structs.replace(prepared, reduction=Cells())
    out = Path(options.output) if options.output not in (None, STANDARD_STREAM) else None
    cells = isinstance(prepared.reduction, Cells)
    streamed = out is not None and cells and frames.format_of(out) in streams.FORMATS
    if options.dry_run:
        return _dry_run(
            prepared, streams.memory(prepared) if streamed else prepared.bytes, options.json
        )
    if out is not None:
        frames.check(out, options.force, prepared.rows)
    if out is not None and streamed:
        return streams.write(prepared, out, options.force, progress())
    found = economics.run(prepared, progress())
    if out is not None:
        frames.write(found, out, options.force)
    elif options.json:
        _bytes(frames.as_json(found))
    elif few and isinstance(found, economics.Table):
        display.show(_rows(found), *display.notes(found.basis.notices))
    elif cells or options.output == STANDARD_STREAM:
        _bytes(frames.encoded(found, "csv"))
    else:
        display.show(*(_frontier(found) if isinstance(found, economics.Table) else _shown(found)))
    return None


def spec_of(options: Namespace) -> dict[str, Any]:
    """The sweep that a command asks for: the file's, changed by its options. Errors: Problem,
    FileProblem.
    """
    remark(os.environ)
    spec = sweep_spec(options.scenario)
    spec["scenario"] = overridden(spec["scenario"], options.set, os.environ)
    axes = spec.get("axes", [])
    if not isinstance(axes, list):
        raise Problem("axes", axes, "a list of axes")
    spec["axes"] = with_draw_axis(with_axes(axes, options.sweep), options)
    if not spec["axes"]:
        raise Problem("--sweep", None, f"at least one axis: {FORMS}")
    if options.target:
        spec["targets"] = list(dict.fromkeys(options.target))
    if options.backend is not None:
        spec["backend"] = options.backend
    spec.setdefault("backend", backend(os.environ))
    if options.reduce:
        spec["reduce"] = reduction(options.reduce)
    if "reduce" in spec and (
        not isinstance(spec["reduce"], Mapping) or "kind" not in spec["reduce"]
    ):
        raise Problem("reduce", spec["reduce"], 'a table with a kind, such as {kind = "summary"}')
    return spec


def progress() -> Callable[[int, int], None] | None:
    """What shows how far a sweep is, on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, cells: int) -> None:
        line = f"{done / cells:4.0%} of {cells:,} cells" if done < cells else ""
        sys.stderr.write(f"\r{line:<60}" + ("\r" if done >= cells else ""))
        sys.stderr.flush()

    return show


def _bytes(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _dry_run(prepared: Prepared, memory: int, json: bool) -> None:
    said = {
        "points": prepared.grid.size,
        "bytes": memory,
        "backend": prepared.backend,
        "why": prepared.why,
    }
    if json:
        display.show_json(said)
    else:
        sys.stdout.write(
            "{points:,} cells, {bytes:,} bytes of memory, on {backend} ({why})\n".format_map(said)
        )


def _shown(found: economics.Reduced) -> list[Any]:
    size = " x ".join(f"{axis.name} ({axis.count})" for axis in found.axes)
    head = [
        f"{found.cells:,} cells: {size}",
        f"{found.seconds:.2f} s on {found.backend} ({found.why})",
        "",
    ]
    shown = {"summary": _summary, "histogram": _histogram, "share": _share}.get(found.kind, _best)(
        found
    )
    return [*head, *shown, *display.notes(found.basis.notices)]


def _frontier(found: economics.Table) -> list[Any]:
    """How many rows have which status, and the first rows."""
    counts = Counter(listed(found.columns[list(found.columns)[-2]]))
    rows = counts.total()
    more = [f"the first {FIRST_ROWS} rows; -o FILE writes all"] if rows > FIRST_ROWS else []
    told = ", ".join(
        f"{count:,} {word}"
        for word, count in sorted(counts.items(), key=lambda one: (one[1], one[0]), reverse=True)
    )
    return [
        f"rows: {rows:,} ({told})",
        "",
        _rows(found),
        *display.notes((*more, *found.basis.notices)),
    ]


def _rows(found: economics.Table) -> "Table":
    """The first rows, as they are."""
    made = display.grid(
        *found.columns,
        numbers=[at for at, one in enumerate(found.columns.values()) if not one.categories],
    )
    for row in islice(zip(*map(listed, found.columns.values()), strict=True), FIRST_ROWS):
        made.add_row(
            *(display.plain(one) if isinstance(one, str) else display.number(one) for one in row)
        )
    return made


def _summary(found: economics.Reduced) -> list[Any]:
    """One line a target; how many cells have no value and why."""
    quantiles = list(
        dict.fromkeys(q for one in found.targets.values() for q in one.quantiles or {})
    )
    columns = ("target", "unit", "cells", "least", "mean", *quantiles, "greatest")
    made, why = display.grid(*columns, numbers=range(2, len(columns))), []
    for name, one in found.targets.items():
        between = [display.number((one.quantiles or {}).get(q)) for q in quantiles]
        values = (
            display.number(one.least),
            display.number(one.mean),
            *between,
            display.number(one.greatest),
        )
        made.add_row(name, one.unit, f"{one.count:,}", *values)
        why += [
            f"{name}: {count:,} cells without a value: {display.words(status)}"
            for status, count in one.missing.items()
        ]
        if one.quantile_error:
            why.append(f"{name}: quantiles within {display.number(one.quantile_error)}")
    return [made, *display.notes(why)]


def _best(found: economics.Reduced) -> list[Any]:
    """The cells, best first."""
    if not found.rows:
        return ["no cell has a value"]
    names = list(found.rows[0])
    made = display.grid(*names, numbers=range(len(names)))
    for row in found.rows:
        made.add_row(
            *(
                display.plain(cell) if isinstance(cell, str) else display.number(cell)
                for cell in row.values()
            )
        )
    return [made]


def _histogram(found: economics.Reduced) -> list[Any]:
    """One line a bin."""
    if not found.counts:
        return ["no cell has a value"]
    (target, unit), most = next(iter(found.units.items())), max(*found.counts, 1)
    made = display.grid("from", "to", "cells", "", numbers=(0, 1, 2), title=f"{target} [{unit}]")
    for low, high, count in zip(found.edges[:-1], found.edges[1:], found.counts, strict=True):
        made.add_row(
            display.number(low), display.number(high), f"{count:,}", "#" * round(BAR * count / most)
        )
    return [made, *_missing(found)]


def _share(found: economics.Reduced) -> list[Any]:
    """How many cells meet the condition."""
    met = (
        f"{found.share:.4%} of all cells meet {found.condition}: {found.meeting:,} of"
        f" {found.cells:,}"
    )
    return [met, *_missing(found)]


def _missing(found: economics.Reduced) -> list[str]:
    return display.notes(
        f"{count:,} cells without a value: {display.words(status)}"
        for status, count in found.missing.items()
    )
