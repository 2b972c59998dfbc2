"""`sweep`: many scenarios at once, to a file, to standard output or as a summary."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

import economics
from economics import Problem
from economics.sweeps.answers import Reduced, Table
from economics.sweeps.prepared import Prepared
from economics.sweeps.spec import Cells, sweep_spec
from service.cli import display
from service.cli.answering import Here, answering
from service.cli.axis_options import FORMS, reduction, with_axes
from service.cli.draw_options import with_draw_axis
from service.cli.figures import Measure, measure
from service.cli.scenario_options import spec_of
from service.files import frames, streams
from service.files.cells import values_of
from service.files.reading import STANDARD_STREAM, FileProblem
from service.files.writing import file_path

if TYPE_CHECKING:
    from rich.table import Table as Grid

    from service.client.clients import Client

BAR = 50
SUFFIXES = f"expected .{', .'.join(frames.FORMATS)}"
FIRST_ROWS = 100  # that are printed of a table


def sweep(options: Namespace) -> None:
    """Run a sweep, or say how large it is. What nobody asked to reduce is a summary, and the cells
    themselves where they are few.
    """
    spec = asked_sweep(options)
    unasked = "reduce" not in spec and options.output is None and not options.json
    spec.setdefault("reduce", {"kind": "summary" if options.output is None else "cells"})
    if options.resume:
        _resume(options, spec)
        return
    path = file_path(options.output) if options.output not in (None, STANDARD_STREAM) else None
    if path is not None and not path.suffix:
        raise FileProblem(f"{path} names no format: {SUFFIXES}, or --resume for a folder of parts")
    with answering(options) as ask:
        found = (
            _here(spec, path, unasked, options)
            if isinstance(ask, Here)
            else _there(ask, spec, path, unasked, options.force)
        )
    if found is not None:
        _print(found, spec["reduce"]["kind"], options, unasked)


def _resume(options: Namespace, spec: Mapping[str, Any]) -> None:
    """The same, in parts. Errors: UsageProblem where a service is named."""
    from service.cli.resume import resume  # with all that jobs need

    with answering(options):
        resume(options, spec)


def _here(
    spec: Mapping[str, Any], path: Path | None, unasked: bool, options: Namespace
) -> Table | Reduced | None:
    """What this program answers; None where it is written, or only said how large it is."""
    prepared = economics.prepare(spec, threads=options.threads)
    if unasked and prepared.grid.size <= FIRST_ROWS:
        prepared = replace(prepared, reduction=Cells())
    if options.dry_run:
        _dry_run(prepared, path, options.json)
    elif path is not None:
        _write(prepared, path, options.force)
    else:
        return economics.run(prepared, display.progress())
    return None


def _there(
    ask: "Client", spec: Mapping[str, Any], path: Path | None, unasked: bool, force: bool
) -> Table | Reduced | None:
    """What a service answers; None where it is written."""
    asked = sweep_spec(spec)
    if unasked and asked.cells <= FIRST_ROWS:
        asked = replace(asked, reduce=Cells())
    if path is not None:
        frames.check_file(path, force, asked.rows)
    backend, form = spec.get("backend"), None if path is None else frames.format_of(path)
    if path is not None and isinstance(asked.reduce, Cells) and form in streams.FORMATS:
        if form == "arrow":
            parts = ask.frames(asked.scenario, asked.axes, asked.targets, backend)
            streams.write_frames(parts, path, force)
        else:
            pieces = ask.file(asked.scenario, asked.axes, form, asked.targets, backend)
            streams.write_pieces(pieces, path, force)
        return None
    found = ask.sweep(asked.scenario, asked.axes, asked.targets, asked.reduce, backend)
    if path is None:
        return found
    frames.write(found, path, force)
    _warn(found)
    return None


def _dry_run(prepared: Prepared, path: Path | None, as_json: bool) -> None:
    streamed = path is not None and _can_stream(prepared, path)
    said = {
        "points": prepared.grid.size,
        "bytes": streams.memory(prepared) if streamed else prepared.bytes,
        "backend": prepared.backend,
        "why": prepared.why,
    }
    if as_json:
        display.show_json(said)
    else:
        sys.stdout.write(
            "{points:,} cells, {bytes:,} bytes of memory, on {backend} ({why})\n".format_map(said)
        )


def _write(prepared: Prepared, path: Path, force: bool) -> None:
    """Compute and write a file: cells while they are computed, in the formats that can be."""
    streamed = _can_stream(prepared, path)
    frames.check_file(path, force, prepared.rows)
    if streamed:
        streams.write(prepared, path, force, display.progress())
    else:
        found = economics.run(prepared, display.progress())
        frames.write(found, path, force)
        _warn(found)


def _warn(found: Table | Reduced) -> None:
    """Say beside a file, on standard error, which cells are not in it."""
    if isinstance(found, Reduced):
        for line in display.notes(found.notes):
            sys.stderr.write(f"{line}\n")


def _can_stream(prepared: Prepared, path: Path) -> bool:
    """Whether a file is written while its cells are computed."""
    cells = isinstance(prepared.reduction, Cells)
    return cells and frames.format_of(path) in streams.FORMATS


def _print(found: Table | Reduced, kind: str, options: Namespace, unasked: bool) -> None:
    """Print what a sweep comes to: as tables for people, or in full as CSV or JSON."""
    cells = isinstance(found, Table) and kind != "frontier"
    if options.json:
        _bytes(frames.as_json(found))
    elif isinstance(found, Table) and cells and unasked:
        display.show(_rows(found), *display.notes(found.basis.notices))
    elif cells or options.output == STANDARD_STREAM:
        _bytes(frames.encode(found, "csv"))
        _warn(found)
    else:
        display.show(*(_frontier(found) if isinstance(found, Table) else _reduction(found)))


def asked_sweep(options: Namespace) -> dict[str, Any]:
    """The sweep that a command asks for: the file's, changed by its options. Errors: Problem,
    FileProblem.
    """
    spec = spec_of(options)
    axes = spec.get("axes", [])
    if not isinstance(axes, list):
        raise Problem("axes", axes, "a list of axes")
    spec["axes"] = with_draw_axis(with_axes(axes, options.sweep), options)
    if not spec["axes"]:
        raise Problem("--sweep", None, f"at least one axis: {FORMS}")
    if options.target:
        spec["targets"] = list(dict.fromkeys(options.target))
    if options.reduce:
        spec["reduce"] = reduction(options.reduce)
    if "reduce" in spec and (
        not isinstance(spec["reduce"], Mapping) or "kind" not in spec["reduce"]
    ):
        raise Problem("reduce", spec["reduce"], 'a table with a kind, such as {kind = "summary"}')
    return spec


def _bytes(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _reduction(found: Reduced) -> list[Any]:
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


def _frontier(found: Table) -> list[Any]:
    """How many rows have which status, and the first rows."""
    counts = Counter(values_of(found.columns[list(found.columns)[-2]]))
    rows = counts.total()
    more = [f"the first {FIRST_ROWS} rows; -o FILE writes all"] if rows > FIRST_ROWS else []
    by_status = ", ".join(
        f"{count:,} {word}"
        for word, count in sorted(counts.items(), key=lambda one: (one[1], one[0]), reverse=True)
    )
    return [
        f"rows: {rows:,} ({by_status})",
        "",
        _rows(found),
        *display.notes((*more, *found.basis.notices)),
    ]


def _rows(found: Table) -> "Grid":
    """The first rows."""
    numbers = [at for at, one in enumerate(found.columns.values()) if not one.categories]
    measures = [measure(name, one.unit) for name, one in found.columns.items()]
    made = display.grid(*map(_heading, found.columns, measures), numbers=numbers)
    for row in islice(zip(*map(values_of, found.columns.values()), strict=True), FIRST_ROWS):
        made.add_row(*map(_cell, row, measures))
    return made


def _heading(name: str, shown_in: Measure) -> str:
    """A column's name with its unit below it."""
    return f"{name}\n[{shown_in.unit}]" if shown_in.unit else f"{name}\n "


def _cell(value: Any, shown_in: Measure) -> str:
    return display.clean(value) if isinstance(value, str) else shown_in.figure(value)


def _summary(found: Reduced) -> list[Any]:
    """One line a target; how many cells have no value and why."""
    quantiles = list(
        dict.fromkeys(q for one in found.targets.values() for q in one.quantiles or {})
    )
    columns = ("target", "unit", "cells", "least", "mean", *quantiles, "greatest")
    made, why = display.grid(*columns, numbers=range(2, len(columns))), [*found.notes]
    for name, one in found.targets.items():
        shown_in = measure(name, one.unit)
        between = ((one.quantiles or {}).get(q) for q in quantiles)
        values = map(shown_in.figure, (one.least, one.mean, *between, one.greatest))
        made.add_row(name, shown_in.unit, f"{one.count:,}", *values)
        if one.quantile_error:
            why.append(f"{name}: quantiles within {shown_in.text(one.quantile_error)}")
    return [made, *display.notes(why)]


def _best(found: Reduced) -> list[Any]:
    """The cells, best first, and how many are left out."""
    if not found.rows:
        return ["no cell has a value", *display.notes(found.notes)]
    names = list(found.rows[0])
    measures = [measure(name, found.units.get(name, "")) for name in names]
    made = display.grid(*map(_heading, names, measures), numbers=range(len(names)))
    for row in found.rows:
        made.add_row(*map(_cell, row.values(), measures))
    return [made, *display.notes(found.notes)]


def _histogram(found: Reduced) -> list[Any]:
    """One line a bin, and how many cells are in none."""
    if not found.counts or not found.edges:
        return ["no cell has a value", *display.notes(found.notes)]
    (target, unit), most = next(iter(found.units.items())), max(*found.counts, 1)
    shown_in = measure(target, unit)
    title = shown_in.label(target)
    made = display.grid("from", "to", "cells", "", numbers=(0, 1, 2), title=title)
    for low, high, count in zip(found.edges[:-1], found.edges[1:], found.counts, strict=True):
        bar = "#" * round(BAR * count / most)
        made.add_row(*map(shown_in.figure, (low, high)), f"{count:,}", bar)
    return [made, *display.notes(found.notes)]


def _share(found: Reduced) -> list[Any]:
    """How many cells meet the condition, how many do not, and of how many nobody can say."""
    unknown = sum((found.no_value or {}).values())
    most = f" to {found.share_at_most:.4%}" if unknown else ""
    share = f"{found.share:.4%}{most}".replace("%", " %")
    met = (
        f"{share} of all cells meet {found.condition}: {found.met:,} of"
        f" {found.cells:,}; not met: {found.not_met:,}, no value: {unknown:,}"
    )
    return [met, *display.notes(found.notes)]
