"""A sweep that is computed part by part in this process: stopped in any way and started again, it
goes on, and no part that is there is computed again.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

import economics
from economics import NoAnswer, Problem
from economics.sweeps.prepared import Prepared
from economics.sweeps.spec import SweepSpec, sweep_spec
from kernels.grids.engine_table import CORES
from service.cli import display
from service.cli.figures import size
from service.cli.parser import UsageProblem
from service.cli.parts_folder import begin, keep_question, question_in
from service.cli.time_left import TimeLeft
from service.files.reading import STANDARD_STREAM, FileProblem, access
from service.files.streams import interruptible
from service.jobs.executors import Overlapped
from service.jobs.folders import ANSWER, TABLE, is_local, part_name, standing_parts
from service.jobs.records import Limits
from service.jobs.runs import Failed, Run
from service.jobs.specs import digest, packed, question, resolved
from service.version import version

STEP_SECONDS = 0.2  # between two looks at a folder that takes nothing


class Written(Struct, frozen=True):
    """What of a sweep stands in a folder, and how many parts of it were computed just now."""

    folder: str
    cells: int
    parts: int
    computed: int
    bytes: int
    digest: str


def resume(options: Namespace, asked: Mapping[str, Any]) -> None:
    """Write what a sweep lacks into its folder, or say how much that is. Errors: Problem,
    FileProblem, UsageProblem, BackendError, NoAnswer.
    """
    if options.force:
        raise UsageProblem("--resume replaces nothing: leave out --force, or name another folder")
    run, prepared = run_of(options, asked)
    if options.dry_run:
        _dry_run(run, prepared, options.json)
        return
    found = computed(run, options.threads)
    show(found, options.json, how_to_read(run))


def run_of(options: Namespace, asked: Mapping[str, Any]) -> tuple[Run, Prepared]:
    """A sweep in parts that nobody has begun, all of it checked. Errors: Problem, FileProblem,
    BackendError.
    """
    if options.output in (None, "", STANDARD_STREAM):
        raise Problem("-o", options.output, "a folder for the parts")
    out = options.output.rstrip("/") or "/"
    if is_local(out) and Path(out).exists() and not Path(out).is_dir():
        raise FileProblem(f"{out} is a file: expected a folder for the parts")
    spec: SweepSpec = sweep_spec(asked)
    prepared = economics.prepare(spec, threads=options.threads)
    return Run(version(), packed(resolved(question(spec))), out, Limits()), prepared


def computed(run: Run, threads: int | None, share: int = 0, of: int = 1) -> Written:
    """Compute what a sweep, or a share of it, lacks, and say on standard error how far it is.
    Errors: FileProblem, NoAnswer.
    """
    if threads is not None:
        os.environ[CORES] = str(threads)
    begin(run.out, run.spec)
    with access("read", run.out):
        run.begin(range(share, run.outline.shards, of))
    there = len(run.parts)
    if there:
        _say(f"{_standing(run)} are there")
    interruptible()
    _drive(run)
    if of == 1:
        _finish(run)
    cells = run.outline.cells if of == 1 else run.cells_done
    taken = run.taken
    return Written(run.out, cells, len(run.parts), len(run.parts) - there, taken, digest(run.spec))


def _drive(run: Run) -> None:
    """Compute all that is missing. Errors: NoAnswer."""
    told = TimeLeft(run.outline.cells * len(run.indexes) // run.outline.shards, run.cells_done)
    executor = Overlapped(_Watch(run, told))
    try:
        while not run.is_computed and not run.is_stopped:
            run.step(executor, STEP_SECONDS)
            if told.is_due:
                told(run.cells_done, run.waiting)
    except Failed as failure:
        raise NoAnswer(f"{run.out}: {failure}") from None
    except (KeyboardInterrupt, SystemExit):
        told.end()
        _say(f"stopped: {_standing(run)} are there, the same command goes on")
        raise
    finally:
        told.end()
        executor.close()
    if run.is_stopped:
        raise NoAnswer(f"{run.out}/CANCEL was put there: {_standing(run)} are there")


def _finish(run: Run) -> None:
    """Write down that all parts stand; what somebody has removed meanwhile is computed again.
    Errors: NoAnswer, FileProblem.
    """
    with access("write", run.out):
        try:
            keep_question(run.folder, run.spec)
            run.finish()
            return
        except FileNotFoundError:
            if run.is_computed:
                raise
    _drive(run)
    _finish(run)


class _Watch:
    """How far the part is that is being computed."""

    def __init__(self, run: Run, told: TimeLeft) -> None:
        self._run, self._told = run, told
        self._first: int | None = None  # cells of the sweep before those of the part

    def __call__(self, done: int, cells: int) -> None:
        """Say that so many cells of the sweep are done; of one cell: that a part begins or ends."""
        if cells == 1:
            self._first = None
            return
        if self._first is None:
            self._first = done
        if self._told.is_due:
            self._told(self._run.cells_done + done - self._first)


def _standing(run: Run) -> str:
    """How many parts are there, in words."""
    return f"{len(run.parts):,} of {len(run.indexes):,} parts"


def _say(line: str) -> None:
    sys.stderr.write(f"rackrate: {line}\n")


def show(found: Written, as_json: bool, *more: str) -> None:
    """Print what stands in a folder, as JSON or in words with more lines."""
    if as_json:
        display.show_json(found)
        return
    parts = f"{found.parts:,} part{'' if found.parts == 1 else 's'}"
    lines = (f"{found.folder}: {found.cells:,} cells in {parts}, {size(found.bytes)}", *more)
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def how_to_read(run: Run) -> str:
    """How the parts of a sweep are read, in words."""
    if run.outline.is_table:
        return f'to read them: polars.scan_parquet("{run.out}/part-*.{TABLE}")'
    return f"the answer is JSON: {run.out}/{part_name(0, ANSWER)}"


def _dry_run(run: Run, prepared: Prepared, as_json: bool) -> None:
    """Say how large a sweep is, and what of it is there; nothing is written."""
    with access("read", run.out):
        try:
            question_in(run.folder, run.out, run.spec)
            there = len(standing_parts(run.folder, TABLE if run.outline.is_table else ANSWER))
        except FileNotFoundError:  # the folder is made when the sweep is begun
            there = 0
    said = {
        "points": run.outline.cells,
        "bytes": run.outline.memory,
        "backend": prepared.backend,
        "why": prepared.why,
        "parts": run.outline.shards,
        "there": there,
        "disk_bytes": run.outline.bytes,
    }
    if as_json:
        display.show_json(said)
        return
    sys.stdout.write(
        "{points:,} cells in {parts:,} parts, of which {there:,} are there\n"
        "less than {disk} of disk, {bytes:,} bytes of memory, on {backend} ({why})\n".format(
            **said, disk=size(run.outline.bytes)
        )
    )
