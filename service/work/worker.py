"""The program of a worker process: one piece of work after another, until whoever started it ends.

    python -m service.work.worker CONNECTION PAGE MODULE

CONNECTION and PAGE are descriptors: where work comes and answers go, and of the number up to which
pieces are stopped. MODULE is loaded before it is ready.
"""

import ctypes
import os
import signal
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from service.work.messages import BODY, ERROR, READY, VALUE, packed, unpacked
from service.work.page import Page
from service.work.watch import Watch

NICENESS = 10  # each step is a factor of 1.25: a ninth of the share of what answers others
IDLE_SECONDS = 0.1
OOM_SCORE, OUT_OF_MEMORY = "/proc/self/oom_score_adj", "500"  # ended first where memory runs out


def main(connection: int, page: int, module: str) -> None:
    """Work until the connection ends. Signals are for who started it, whose end shows on the
    connection in whatever way it comes.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.nice(NICENESS)
    with suppress(OSError):
        Path(OOM_SCORE).write_text(OUT_OF_MEMORY, "ascii")
    ours, pieces, stopped = Connection(connection), SimpleQueue[bytes](), Page(page)
    Thread(target=_listen, args=(ours, pieces), daemon=True).start()
    import_module(module)
    ours.send_bytes(READY)
    while True:
        _send(ours, *_answer(_next(pieces), stopped))


def _listen(ours: Connection, pieces: "SimpleQueue[bytes]") -> None:
    """Pieces as they come, also while one is worked on: so the end of the connection is seen."""
    while True:
        try:
            pieces.put(ours.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)


def _next(pieces: "SimpleQueue[bytes]") -> bytes:
    """The next piece; while none comes, the system has the memory that is free."""
    try:
        return pieces.get(timeout=IDLE_SECONDS)
    except Empty:
        _give_back()
        return pieces.get()


def _answer(message: bytes, stopped: Page) -> tuple[bytes, bytes]:
    """What kind of answer a piece has, and the answer; bytes as they are, for they may be many."""
    try:
        piece = unpacked(message)
        watch = Watch(piece.seconds, lambda: stopped.number >= piece.number)
        found: Any = piece.work(*piece.arguments, watch)
        return (BODY, found) if isinstance(found, bytes) else (VALUE, packed(found))
    except BaseException as error:  # noqa: BLE001 - whatever it is, who waits is told
        error.add_note(traceback.format_exc())
        if isinstance(error, Exception):  # what ends a program would end the one that waits
            with suppress(Exception):
                return ERROR, packed(error)
        return ERROR, packed(RuntimeError(f"{type(error).__name__}: {error}"))


def _send(ours: Connection, kind: bytes, answer: bytes) -> None:
    """In a function of its own, so that nothing keeps the answer when it has been sent."""
    ours.send_bytes(kind)
    ours.send_bytes(answer)


def _give_back() -> None:
    """Memory that is free goes back to the system, where the C library has a way."""
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
