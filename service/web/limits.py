"""What one request may take: so many cells, so much memory, an engine that is there."""

from collections.abc import Iterator, Sized
from contextlib import contextmanager

from economics.sweeps.spec import Cells, SweepSpec
from kernels.grids.sampling import NoSampler
from kernels.language.verbs import BackendError
from service.settings import Settings
from service.web.problems import FieldError, NoEngine, TooLarge


def check_cells(sweep: SweepSpec, settings: Settings, streams: bool = False) -> None:
    """Whether a sweep has no more cells than the settings allow; a table of them may have more in a
    format that streams. Errors: TooLarge.
    """
    cells, rows = sweep.cells, sweep.rows
    if streams and isinstance(sweep.reduce, Cells):
        if rows > settings.max_stream_cells:
            hint = "ask for a reduction, or for parts of the grid one by one"
            raise _too_large("axes", rows, settings.max_stream_cells, "cells in a stream", hint)
        return
    if rows > settings.max_inline_cells:
        hint = (
            'ask for a reduction such as {"kind": "summary"} or {"kind": "top"}, or for'
            " ?format=arrow, parquet or csv"
        )
        raise _too_large("axes", rows, settings.max_inline_cells, "cells in an answer", hint)
    if cells > settings.max_sweep_cells:
        raise _too_large(
            "axes", cells, settings.max_sweep_cells, "cells in a request", "ask for fewer"
        )


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
def engine_problems(backend: str) -> Iterator[None]:
    """Errors: NoEngine for what cannot run here."""
    try:
        yield
    except NoSampler as error:
        raise NoEngine(str(error)) from None
    except BackendError as error:
        at_fault = FieldError("backend", backend, "an engine that runs here, or auto")
        raise NoEngine(str(error), (at_fault,)) from None
