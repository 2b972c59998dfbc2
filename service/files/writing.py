"""Files of results: written whole or not at all.

Errors: FileProblem.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from service.files.reading import FileProblem, access


def file_path(stated: str) -> Path:
    """The path of a file to write, as a user states it. Errors: FileProblem."""
    if "://" in stated:
        raise FileProblem(
            f"cannot write {stated}: expected a file of this machine; a store takes a folder of"
            " parts, by sweep --resume"
        )
    return Path(stated)


def check_output(path: Path, force: bool) -> None:
    """Whether a result can be written to `path`, asked before it is computed. Errors:
    FileProblem.
    """
    with access("write", path):
        target = _target(path)
        if target.is_dir():
            raise FileProblem(f"cannot write {path}: it is a folder")
        if _exists(path) and not force:
            raise FileProblem(f"{path} exists: --force replaces it")
        if _exists(target) and not target.is_file():
            raise FileProblem(f"cannot write {path}: it is no regular file")
        if not target.parent.is_dir():
            raise FileProblem(f"cannot write {path}: there is no folder {target.parent}")
        if not os.access(target.parent, os.W_OK | os.X_OK):
            raise FileProblem(f"cannot write {path}: the folder {target.parent} is not writable")


@contextmanager
def whole_file(path: Path, force: bool) -> Iterator[BinaryIO]:
    """A new file in the same folder that becomes `path`, or what `path` links to, when all of it is
    written; otherwise nothing is left.

    Errors: FileProblem.
    """
    check_output(path, force)
    target = _target(path)
    temporary = target.with_name(f".{os.urandom(8).hex()}.tmp")
    try:
        with access("write", path):
            with temporary.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            check_output(path, force)
            temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _target(path: Path) -> Path:
    """The file that a path means: where its links lead."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def _exists(path: Path) -> bool:
    """Whether something is there, be it a link to nowhere. Errors: OSError."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
