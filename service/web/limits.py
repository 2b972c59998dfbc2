"""What one request may take: so many cells, so much memory, an engine that is there."""

from collections.abc import Iterator, Sized
from contextlib import contextmanager

from economics.sweeps.spec import Cells, SweepSpec
from kernels.grids.sampling import NoSampler
from kernels.language.verbs import BackendError
from service.jobs.specs import Outline
from service.settings import Settings
from service.web.problems import FieldError, NoEngine, TooLarge
from service.work.watch import TimeOver

AS_JOB = "for a job by the header `Prefer: respond-async`"
MOST_SHARDS = 100_000


def check_cells(sweep: SweepSpec, settings: Settings, streams: bool = False) -> None:
    """Whether a sweep has no more cells than the settings allow; a table of them may have more in a
    format that streams. Errors: TooLarge.
    """
    cells, rows = sweep.cells, sweep.rows
    if streams and isinstance(sweep.reduce, Cells):
        if rows > settings.max_stream_cells:
            hint = f"ask for a reduction, for parts of the grid one by one, or {AS_JOB}"
            raise _too_large("axes", rows, settings.max_stream_cells, "cells in a stream", hint)
        return
    if rows > settings.max_inline_cells:
        hint = (
            'ask for a reduction such as {"kind": "summary"} or {"kind": "top"}, or for'
            f" ?format=arrow, parquet or csv, or {AS_JOB}"
        )
        raise _too_large("axes", rows, settings.max_inline_cells, "cells in an answer", hint)
    if cells > settings.max_sweep_cells:
        hint = f"ask for fewer, or {AS_JOB}"
        raise _too_large("axes", cells, settings.max_sweep_cells, "cells in a request", hint)


def check_job_cells(cells: int, settings: Settings) -> None:
    """Whether a job has no more cells than the settings allow. Errors: TooLarge."""
    if cells > settings.max_job_cells:
        raise _too_large("axes", cells, settings.max_job_cells, "cells in a job", "ask for fewer")


def check_job(known: Outline, settings: Settings) -> None:
    """Whether a job takes no more than the settings allow: cells, those of a result that is read
    whole, bytes of it, shards, and memory where one of these is computed. Errors: TooLarge.
    """
    check_job_cells(known.cells, settings)
    if not known.is_table and known.rows > settings.max_inline_cells:
        most, hint = settings.max_inline_cells, "ask for fewer"
        raise _too_large("axes", known.rows, most, "cells in an answer", hint)
    check_memory(known.memory, settings, "cells")
    if known.bytes > settings.max_job_bytes:
        most, hint = settings.max_job_bytes, "ask for a reduction, or for fewer cells or targets"
        raise _too_large("axes", known.bytes, most, "bytes of a result", hint)
    if known.shards > MOST_SHARDS:
        hint = "ask for fewer cells"
        raise _too_large("axes", known.shards, MOST_SHARDS, "shards of a job", hint)


def check_batch(path: str, scenarios: int, targets: Sized | None, settings: Settings) -> None:
    """Whether a batch has no more scenarios than the settings allow, and its answer no more cells.
    Errors: TooLarge.
    """
    most, cells = settings.max_batch_scenarios, scenarios * len(targets or ())
    if scenarios > most:
        raise _too_large(path, scenarios, most, "scenarios in a batch", "ask in several requests")
    if cells > settings.max_inline_cells:
        hint = "ask for fewer targets or scenarios"
        raise _too_large("targets", cells, settings.max_inline_cells, "cells in an answer", hint)


def check_memory(needed: int, settings: Settings, what: str) -> None:
    """Whether an answer of many of `what` takes no more memory than the settings allow. Errors:
    TooLarge.
    """
    if needed > settings.max_sweep_bytes:
        hint = f"ask for fewer targets or {what}"
        raise _too_large("targets", needed, settings.max_sweep_bytes, "bytes of memory", hint)


def _too_large(path: str, found: int, limit: int, what: str, hint: str) -> TooLarge:
    detail = f"{found:,} {what} were asked for, at most {limit:,} are given; {hint}"
    return TooLarge(detail, (FieldError(path, found, f"at most {limit:,} {what}"),))


@contextmanager
def job_instead() -> Iterator[None]:
    """Errors: TimeOver of what may be a job, which says so."""
    try:
        yield
    except TimeOver as error:
        raise TimeOver(f"{error}; ask {AS_JOB}") from None


@contextmanager
def engine_problems(backend: str) -> Iterator[None]:
    """Errors: NoEngine for what cannot run here."""
    try:
        yield
    except NoSampler as error:
        raise NoEngine(str(error)) from None
    except BackendError as error:
        at_fault = FieldError("backend", backend, "an engine that runs here, or auto")
        raise NoEngine(str(error), (at_fault,)) from None
