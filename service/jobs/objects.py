"""The folder of an answer on an object store, s3://, gs:// or az://, by obstore (the extra
`objects`), which takes what a store needs from the environment (AWS_..., GOOGLE_..., AZURE_...).

An object is there whole or not at all, and the first who writes a name has it: where two compute
the same part, both go on with the one that stands. A store that ignores this condition would mix
them without a word: so what is written first is written twice, to see that the second is refused.

NoStore      where answers are to go is no store that can be used
StoreFails   a store takes or gives nothing at the moment: an OSError, as that of a full disk
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from kernels.language.caches import cached
from service.jobs.folders import CANCEL, PROGRESS, all_of
from service.jobs.records import NoData
from service.setting_sources import STORE, STORES

if TYPE_CHECKING:
    from obstore.store import ObjectStore

CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
# what the library says, and what can be done; without credentials it asks machines of a cloud
CAUSES = {
    r"169\.254\.169\.254|metadata\.google\.internal|Missing|must be specified": (
        "no credentials in the environment, such as {credentials}"
    ),
    r"\b40[13] (?:Unauthorized|Forbidden)": "the credentials in the environment do not allow it",
    r"NoSuchBucket|ContainerNotFound|bucket does not exist": "there is no bucket {bucket}",
    r"http://(?s:.*)builder error": "AWS_ALLOW_HTTP=true is to allow an address of http://",
    r"(https?://[^/\s]+).*error sending request": "{0} does not answer",
    r"status code: (5\d\d [\w ]+)": "the answer is {0}",
}
IGNORES = (
    "writes over an object although it is asked not to (If-None-Match: *), so that parts of two"
    " workers could mix: expected a store with conditional writes"
)
NOTES = "notes"


class NoStore(NoData):
    """Where answers are to go is no store that can be used."""


class StoreFails(OSError):
    """A store takes or gives nothing at the moment."""


class StoredFolder:
    """A folder of a store. A request that fails is tried again for `retry` seconds, that of what is
    computed for `patience`; between two looks for the mark of an end go `look` seconds, between two
    notes `note`, for each is a request that takes time and is paid. Errors: NoStore; of its verbs
    StoreFails.
    """

    def __init__(
        self,
        url: str,
        retry: float = 1.0,
        patience: float = 20.0,
        look: float = 1.0,
        note: float = 2.0,
    ) -> None:
        found = STORE.fullmatch(url)
        if found is None:
            raise NoStore(f"{url} is no place for answers: expected {STORES}")
        self._url, (self._scheme, self._bucket) = url, found.groups()
        self._store, self._patient = self._opened(retry), self._opened(patience)
        self._look, self._note, self._is_tried, self._is_cancelled = look, note, False, False
        self._looked, self._noted, self._read = -look, -note, -note
        self._notes = dict[str, bytes]()

    def begin(self) -> None:
        """Forget what was seen; nothing is made beforehand, and nothing is there by halves."""
        self._is_cancelled, self._looked = False, -self._look

    def put(self, name: str, data: bytes) -> bytes:
        """Keep an object, unless one stands by that name; gives what stands. Errors: NoStore where
        the store writes over it.
        """
        if not self._created(name, data):
            return self.get(name)
        if not self._is_tried:
            if self._created(name, data):
                self.discard(name)
                raise NoStore(f"{self._url} {IGNORES}")
            self._is_tried = True
        return data

    def _created(self, name: str, data: bytes) -> bool:
        """Whether no object stood by that name, and this one does now."""
        import obstore
        from obstore.exceptions import AlreadyExistsError

        with self._plain("takes"):
            try:
                obstore.put(self._patient, _key(name), data, mode="create")
            except AlreadyExistsError:
                return False
        return True

    def note(self, name: str, data: bytes) -> None:
        """Keep a small object that may be lost: some are not sent."""
        now = time.monotonic()
        if now >= self._noted + self._note:
            self._noted = now
            self._send(_key(name), data)

    def _send(self, key: str, data: bytes) -> None:
        import obstore

        with self._plain("takes"):
            obstore.put(self._store, key, data)

    def notes(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """Those of these notes that stand, as they were a moment ago."""
        now = time.monotonic()
        if now >= self._read + self._note:
            self._read = now
            with suppress(StoreFails):
                self._notes = all_of(self, map(_name, self._keys(NOTES)))
        return {name: self._notes[name] for name in names if name in self._notes}

    def get(self, name: str) -> bytes:
        """An object. Errors: FileNotFoundError."""
        import obstore

        with self._plain("gives"):
            return bytes(obstore.get(self._store, _key(name)).bytes())

    def size(self, name: str) -> int | None:
        """How long an object is; None: there is none."""
        import obstore

        with suppress(FileNotFoundError), self._plain("gives"):
            return obstore.head(self._store, _key(name))["size"]
        return None

    def names(self) -> Mapping[str, int]:
        """All objects, and how long they are."""
        return {_name(key): size for key, size in self._keys().items()}

    def _keys(self, under: str | None = None) -> dict[str, int]:
        import obstore

        with self._plain("lists"):
            listed = obstore.list(self._store, under)
            return {one["path"]: one["size"] for many in listed for one in many}

    def discard(self, *names: str) -> None:
        """Remove objects, as far as they are there."""
        self._remove([_key(name) for name in names])

    def _remove(self, keys: list[str]) -> None:
        import obstore

        try:
            with self._plain("removes"):
                obstore.delete(self._store, keys)
        except FileNotFoundError:  # not all were there, and it is not known which were reached
            for key in keys if len(keys) > 1 else ():
                self._remove([key])

    def cancel(self) -> None:
        """Tell all who compute parts of it to stop."""
        self._send(CANCEL, b"")
        self._is_cancelled = True

    def is_cancelled(self) -> bool:
        """Whether they are told so, by the last look that was answered."""
        now = time.monotonic()
        if not self._is_cancelled and now >= self._looked + self._look:
            self._looked = now
            with suppress(StoreFails):
                self._is_cancelled = self.size(CANCEL) is not None
        return self._is_cancelled

    def free(self) -> None:
        """A store has no bound that is known."""

    def remove(self) -> None:
        """Remove it with all that is in it."""
        self._remove([*self._keys()])

    def _opened(self, retry: float) -> "ObjectStore":
        try:
            from obstore.store import from_url
        except ImportError:
            raise NoStore(f"{self._url} needs obstore: pip install 'rackrate[objects]'") from None
        # no client_options: with any, those of the environment (AWS_ALLOW_HTTP) are not looked at
        patience = timedelta(seconds=retry)
        try:
            with self._plain("opens"):
                return from_url(self._url, retry_config={"retry_timeout": patience})
        except StoreFails as error:
            raise NoStore(str(error)) from None

    @contextmanager
    def _plain(self, verb: str) -> Iterator[None]:
        """Errors of the library in one line of plain words. Errors: StoreFails, and
        FileNotFoundError for an object that is not there.
        """
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, FileNotFoundError, ValueError) as error:
            why = self._why(str(error))
            if why is None and isinstance(error, FileNotFoundError):
                raise
            why = why or str(error).partition("\n")[0]
            raise StoreFails(f"{self._url} {verb} nothing: {why}") from None

    def _why(self, said: str) -> str | None:
        """What can be done about an error, as far as it is known."""
        known = {"credentials": CREDENTIALS[self._scheme], "bucket": self._bucket}
        for cause, words in CAUSES.items():
            if found := re.search(cause, said):
                return words.format(*found.groups(), **known)
        return None


def _key(name: str) -> str:
    """Where an object is: notes are apart, so that all of them are found by one request."""
    return f"{NOTES}/{name}" if name.startswith(PROGRESS) else name


def _name(key: str) -> str:
    return key.removeprefix(f"{NOTES}/")


@cached(64)
def stored_folder(url: str) -> StoredFolder:
    """The folder at a URL; its connections are kept from one part to the next. Errors: NoStore."""
    return StoredFolder(url.rstrip("/"))
