"""Where the parts of an answer are kept: a folder of this machine, or one that machines share.

part-00000.parquet (or .answer)   a part of the answer
part-00000.json                   what is said of it, written after it: so it is known to be whole
progress-00000                    how far a part is that is being computed
CANCEL                            nobody waits for the answer any more
manifest.json                     all parts, written last
"""

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Protocol

import msgspec

from service.jobs.records import NoData, Part

CANCEL, MANIFEST, PROGRESS = "CANCEL", "manifest.json", "progress-"
TABLE, ANSWER = "parquet", "answer"  # how the name of a part ends
SIDECAR = re.compile(r"part-(\d{5,})\.json")
READERS = 16  # of small files at the same time: a store takes its time for each
FILES = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class AnyFolder(Protocol):
    """A place for the files of one answer. Errors of all: OSError."""

    def begin(self) -> None:
        """Make it if it is not there, and clear away what was written by halves."""
        ...

    def put(self, name: str, data: bytes) -> bytes:
        """Keep a file: all of it or nothing, and for good. Gives what stands then: on a store
        whatever somebody else has put there before.
        """
        ...

    def note(self, name: str, data: bytes) -> None:
        """Keep a small file that may be lost, and that somebody reads while it changes."""
        ...

    def notes(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """Those of these notes that are there."""
        ...

    def get(self, name: str) -> bytes:
        """A file. Errors: FileNotFoundError."""
        ...

    def size(self, name: str) -> int | None:
        """How long a file is; None: there is none."""
        ...

    def names(self) -> Mapping[str, int]:
        """All files, and how long they are."""
        ...

    def discard(self, *names: str) -> None:
        """Remove files, as far as they are there."""
        ...

    def cancel(self) -> None:
        """Tell all who compute parts of it to stop."""
        ...

    def is_cancelled(self) -> bool:
        """Whether they are told so."""
        ...

    def free(self) -> int | None:
        """How many bytes may still be put there; None: it has no bound that is known."""
        ...

    def remove(self) -> None:
        """Remove it with all that is in it, as far as it is there."""
        ...


class Folder:
    """A folder of a file system."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self) -> None:
        """Make it if it is not there, and clear away what was written by halves."""
        if not self._path.is_dir():
            self._path.mkdir(parents=True, exist_ok=True)
            _keep_names(self._path.parent)
        for one in self._path.glob(".*.tmp"):
            one.unlink(missing_ok=True)

    def put(self, name: str, data: bytes) -> bytes:
        """Keep a file: all of it or nothing, and for good."""
        self._write(name, data, is_kept=True)
        _keep_names(self._path)
        return data

    def note(self, name: str, data: bytes) -> None:
        """Keep a small file that may be lost, and that somebody reads while it changes."""
        self._write(name, data, is_kept=False)

    def _write(self, name: str, data: bytes, is_kept: bool) -> None:
        temporary = self._path / f".{name}.{os.urandom(6).hex()}.tmp"
        try:
            descriptor = os.open(temporary, FILES, 0o644)
            try:
                _write_all(descriptor, data)
                if is_kept:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
            temporary.replace(self._path / name)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise

    def notes(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """Those of these notes that are there."""
        found = {}
        for name in names:
            with suppress(OSError):
                found[name] = self.get(name)
        return found

    def get(self, name: str) -> bytes:
        """A file. Errors: FileNotFoundError."""
        return (self._path / name).read_bytes()

    def size(self, name: str) -> int | None:
        """How long a file is; None: there is none."""
        try:
            return (self._path / name).stat().st_size
        except FileNotFoundError:
            return None

    def names(self) -> Mapping[str, int]:
        """All files, and how long they are."""
        found = {}
        with os.scandir(self._path) as entries:
            for one in entries:
                if one.name[:1] != ".":
                    with suppress(FileNotFoundError):  # somebody else removes some meanwhile
                        found[one.name] = one.stat().st_size
        return found

    def discard(self, *names: str) -> None:
        """Remove files, as far as they are there."""
        for name in names:
            (self._path / name).unlink(missing_ok=True)

    def cancel(self) -> None:
        """Tell all who compute parts of it to stop."""
        self._path.mkdir(parents=True, exist_ok=True)
        (self._path / CANCEL).touch()

    def is_cancelled(self) -> bool:
        """Whether they are told so."""
        return (self._path / CANCEL).exists()

    def free(self) -> int | None:
        """How many bytes may still be put there; None: it has no bound that is known."""
        return shutil.disk_usage(self._path).free

    def remove(self) -> None:
        """Remove it with all that is in it, as far as it is there."""
        while True:
            try:
                shutil.rmtree(self._path)
            except FileNotFoundError:  # or somebody else removes some of it meanwhile
                if os.path.lexists(self._path):
                    continue
            return


def _keep_names(path: Path) -> None:
    """What is in a folder is so for good."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    """Write all of it: on a disk that fills, the system takes less than it is given."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def is_local(out: str) -> bool:
    """Whether it is a folder of this machine, and no address such as s3://bucket/results."""
    return "://" not in out


def folder(out: str) -> AnyFolder:
    """The folder at a path, or at an address such as s3://bucket/results. Errors: NoData."""
    if not is_local(out):
        from service.jobs.objects import stored_folder

        return stored_folder(out)
    return Folder(Path(out))


def check_place(results: str) -> None:
    """Whether answers can be kept at a path or an address: what is written there can be read,
    listed and removed. Errors: NoData.
    """
    name, data = "trial", b"trial"
    try:
        trial = folder(f"{results.rstrip('/')}/.trial-{token_hex(8)}")
        trial.begin()
        stands = trial.put(name, data) == trial.get(name) and trial.names() == {name: len(data)}
        trial.remove()
    except OSError as error:
        raise NoData(str(error)) from None
    if not stands:
        raise NoData(f"{results} does not give back what it is given")


def part_name(index: int, form: str) -> str:
    """The file of a part."""
    return f"part-{index:05d}.{form}"


def progress_name(index: int) -> str:
    """The file that says how far a part is."""
    return f"{PROGRESS}{index:05d}"


def standing_part(kept: AnyFolder, index: int, form: str) -> Part | None:
    """A part that is there as the file beside it says; None: it is to be computed, and what is
    there of it by halves is removed.
    """
    sidecar, own = part_name(index, "json"), part_name(index, form)
    try:
        part = read_part(kept.get(sidecar))
    except FileNotFoundError:
        return None
    if part is not None and kept.size(own) == part.bytes:
        return part
    kept.discard(sidecar, own)
    return None


def standing_parts(kept: AnyFolder, form: str) -> dict[int, Part]:
    """All parts that are there, by their numbers."""
    names = kept.names()
    read = map(read_part, all_of(kept, filter(SIDECAR.fullmatch, names)).values())
    parts = {part.index: part for part in read if part is not None}
    return {
        index: part
        for index, part in parts.items()
        if names.get(part_name(index, form)) == part.bytes
    }


def all_of(kept: AnyFolder, names: Iterable[str]) -> dict[str, bytes]:
    """Those of these files that are there, several read at the same time."""

    def read(name: str) -> bytes | None:
        with suppress(FileNotFoundError):
            return kept.get(name)
        return None

    wanted = list(names)
    with ThreadPoolExecutor(READERS) as readers:
        found = dict(zip(wanted, readers.map(read, wanted), strict=True))
    return {name: data for name, data in found.items() if data is not None}


def discard_parts(kept: AnyFolder) -> None:
    """Remove what nobody will read; what is told to those who compute it stays. Errors: OSError."""
    kept.discard(*(name for name in kept.names() if name != CANCEL))


def read_part(sidecar: bytes) -> Part | None:
    """What is said of a part; None where it cannot be read."""
    try:
        return msgspec.json.decode(sidecar, type=Part)
    except msgspec.MsgspecError:
        return None
