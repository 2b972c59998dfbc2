"""`collect`: whether all parts of a sweep stand as they were written, and one file of them."""

from argparse import Namespace
from hashlib import sha256
from pathlib import Path

from economics import NoAnswer
from service.cli.parts_folder import QUESTION, question_in
from service.cli.resume import Written, how_to_read, show
from service.files import frames, streams
from service.files.reading import FileProblem, access
from service.files.writing import file_path
from service.jobs.folders import folder, part_name
from service.jobs.records import Limits
from service.jobs.results import Damaged, Results
from service.jobs.runs import Run
from service.jobs.specs import Question, digest, unpacked
from service.version import version

MOST_TOLD = 5  # parts that are not there
ANSWER = "json"  # the format of what is no table
FORMATS = (*streams.FORMATS, ANSWER)


def collect(options: Namespace) -> None:
    """Check every part, write down that they stand, and make a file of them where one is named.
    Errors: FileProblem; NoAnswer where parts are not there or not as they were written.
    """
    out = options.folder.rstrip("/") or "/"
    path = None if options.output is None else file_path(options.output)
    with access("read", out):
        spec = question_in(folder(out), out)
        if spec is None:
            raise FileProblem(f"{out} has no {QUESTION}: expected a folder of sweep --resume")
        asked = unpacked(spec)
        if path is not None:
            _check_format(path, asked.is_table)
            frames.check_file(path, options.force)
        run = Run(version(), spec, out, Limits())
        run.begin()
        _check(run, asked)
        run.finish()
    if path is not None:
        try:
            _write(Results(run.folder, asked), path, options.force)
        except Damaged as damage:
            raise NoAnswer(f"{out}: {damage}") from None
    found = Written(out, run.outline.cells, len(run.parts), 0, run.taken, digest(spec))
    show(found, options.json, how_to_read(run) if path is None else f"written: {path}")


def _check_format(path: Path, is_table: bool) -> None:
    """Whether parts can be made a file of this format. Errors: FileProblem."""
    if path.suffix.lower().removeprefix(".") not in (FORMATS if is_table else (ANSWER,)):
        expected = f".{', .'.join(FORMATS)}" if is_table else f".{ANSWER}: what is reduced is JSON"
        raise FileProblem(f"cannot write {path}: expected a name that ends in {expected}")


def _check(run: Run, asked: Question) -> None:
    """Whether all parts are there, each as the file beside it says. Errors: NoAnswer, OSError."""
    missing = [index for index in run.indexes if index not in run.parts]
    if missing:
        raise NoAnswer(f"{run.out} lacks {_told(missing)} of {len(run.indexes):,}: compute them")
    spoilt = [
        index
        for index, part in run.parts.items()
        if sha256(run.folder.get(part_name(index, asked.form))).hexdigest() != part.sha256
    ]
    if spoilt:
        name = f"{run.out}/{part_name(spoilt[0], 'json')}"
        others = " and those of the others" if len(spoilt) > 1 else ""
        raise NoAnswer(
            f"{run.out} has {_told(spoilt)} not as written: remove {name}{others}, and compute"
            " again"
        )


def _told(indexes: list[int]) -> str:
    """Some parts by their numbers."""
    told = ", ".join(map(str, indexes[:MOST_TOLD]))
    rest = f" and {len(indexes) - MOST_TOLD:,} more" if len(indexes) > MOST_TOLD else ""
    return f"part{'' if len(indexes) == 1 else 's'} {told}{rest}"


def _write(found: Results, path: Path, force: bool) -> None:
    """Write all parts as one file, with the memory of one. Errors: FileProblem, Damaged."""
    form = frames.format_of(path)
    if not found.is_table:
        streams.write_pieces((found.answer(),), path, force)
    elif form == "arrow":
        streams.write_frames(found.frames(), path, force)
    else:
        streams.write_pieces(found.pieces(form), path, force)
