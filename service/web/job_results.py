"""Results of jobs, read where they are kept: what is done in workers, one part a turn."""

from dataclasses import dataclass

import msgspec

from economics import Reduced
from economics.sweeps.prepared import Progress
from economics.sweeps.spec import Frontier, SweepSpec
from service.files import pieces
from service.files.cell_pieces import CellPieces
from service.files.cells import frontier
from service.jobs.records import NoJob
from service.jobs.results import Results, results
from service.jobs.specs import unpacked
from service.web.cell_answers import encoded
from service.web.formats import ENCODERS, JSON, MSGPACK, OFFERED
from service.web.problems import NotAcceptable
from service.web.table_answers import FORMS, Outline


@dataclass(frozen=True)
class Kept:
    """Where a result is, and what was asked."""

    out: str
    spec: bytes

    @property
    def results(self) -> Results:
        """The result, to be read."""
        return results(self.out, self.spec)


def begin_result(kept: Kept, media: str, watch: Progress) -> bytes | Outline:
    """The result of a job, encoded; of a table of cells its outline. Errors: NotAcceptable,
    NoAnswer, NoJob where it has been removed, OSError, Damaged, and those of the watch.
    """
    watch(0, 1)
    try:
        return _begun(kept, media)
    except FileNotFoundError:
        raise NoJob("the result has been removed with its job") from None


def _begun(kept: Kept, media: str) -> bytes | Outline:
    asked = unpacked(kept.spec)
    if asked.is_table:
        return _outline(kept, media)
    body = kept.results.answer()
    if media == JSON:
        return body
    if media in OFFERED:
        packed: bytes = ENCODERS[media](msgspec.json.decode(body))
        return packed
    if not isinstance(asked.spec, SweepSpec):
        raise NotAcceptable(f"a {asked.kind} is answered in {JSON} and {MSGPACK}, not in {media}")
    is_table = isinstance(asked.spec.reduce, Frontier)
    return encoded(frontier(body) if is_table else msgspec.json.decode(body, type=Reduced), media)


def _outline(kept: Kept, media: str) -> Outline:
    found = kept.results
    rows, parts = found.rows, len(found.manifest.shards)
    about = ((), b"", b"") if media in FORMS else found.around(CellPieces(media != JSON))
    return Outline(kept, kept_rows, kept_column, rows, parts, *about)


def kept_rows(kept: Kept, form: str, number: int, place: int, watch: Progress) -> pieces.Piece:
    """The part with a number of a table, which begins at a place of the whole."""
    watch(0, 1)
    return kept.results.piece(number, form, place)


def kept_column(
    kept: Kept, name: str, number: int, packed: bool, first: bool, watch: Progress
) -> bytes:
    """The part with a number of a column."""
    watch(0, 1)
    return kept.results.column(name, number, CellPieces(packed), first)
