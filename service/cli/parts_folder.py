"""A sweep in parts, in a folder of its own: what `sweep --resume`, `shard` and `collect` share.

The question stands in the folder beside the parts, so that the parts of no other come into it, and
whoever collects them knows which there are to be.
"""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from economics.scenario.nested import leaves_of
from service.files.reading import FileProblem, access
from service.jobs.folders import MANIFEST, SIDECAR, AnyFolder, folder, is_local
from service.version import version

QUESTION = "question.json"
MOST_TOLD = 3  # differences of two questions
MOST_LETTERS = 60  # of a value that is told


class Begun(Struct, frozen=True):
    """The question of a folder, and by which version of the program it was begun."""

    version: str
    question: Raw


def begin(out: str, spec: bytes) -> None:
    """Say in a folder what is asked, or find it said there. Errors: FileProblem where something
    else is.
    """
    with access("write", out):
        if is_local(out):
            Path(out).mkdir(parents=True, exist_ok=True)
        kept = folder(out)
        if kept.is_cancelled():
            raise FileProblem(f"{out}/CANCEL stops whoever computes parts: remove it to go on")
        if question_in(kept, out, spec) is None:
            keep_question(kept, spec)
            question_in(kept, out, spec)  # for another one may have come at the same time


def keep_question(kept: AnyFolder, spec: bytes) -> None:
    """Say in a folder what is asked, if it is not said there. Errors: OSError."""
    if kept.size(QUESTION) is None:
        kept.put(QUESTION, msgspec.json.encode(Begun(version(), Raw(spec))))


def question_in(kept: AnyFolder, out: str, asked: bytes | None = None) -> bytes | None:
    """The question of a folder; None where it has none and no parts. Errors: FileProblem where it
    is not the one that is asked, or of another version; OSError.
    """
    try:
        found = msgspec.json.decode(kept.get(QUESTION), type=Begun)
    except FileNotFoundError:
        if any(SIDECAR.fullmatch(name) or name == MANIFEST for name in kept.names()):
            raise FileProblem(f"{out} has parts, but no {QUESTION} that says of what") from None
        return None
    except msgspec.MsgspecError as error:
        raise FileProblem(f"{out}/{QUESTION} is not as it was written: {error}") from None
    question = bytes(found.question)
    if asked is not None and question != asked:
        raise FileProblem(
            f"{out} has the parts of another sweep: {differences(question, asked)}; name another"
            " folder"
        )
    if found.version != version():
        raise FileProblem(
            f"{out} was begun by version {found.version} of rackrate, this is {version()}: go on"
            " with that one, or name another folder"
        )
    return question


def differences(theirs: bytes, ours: bytes) -> str:
    """What differs between the question of a folder and another one, in words."""
    there, here = (dict(leaves_of(msgspec.json.decode(one))) for one in (theirs, ours))
    paths = [path for path in {**there, **here} if there.get(path) != here.get(path)]
    told = [_difference(path, there.get(path), here.get(path)) for path in paths[:MOST_TOLD]]
    more = [f"and {len(paths) - MOST_TOLD} more"] if len(paths) > MOST_TOLD else []
    return ", ".join([*told, *more])


def _difference(path: str, there: Any, here: Any) -> str:
    name = path.removeprefix("spec.").removeprefix("scenario.").removesuffix(".value")
    return f"{name} is {_shown(there)} there and {_shown(here)} here"


def _shown(value: Any) -> str:
    """A value as JSON has it, its beginning if it is long."""
    if value is None:
        return "not stated"
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}..."
