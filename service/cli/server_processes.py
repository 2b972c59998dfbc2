"""Several server processes on one address.

One process loads everything, listens, and forks the others: each is there in a moment and shares
what was loaded. One that dies is replaced; SIGTERM and SIGINT are passed on to all; SIGHUP puts new
ones in the place of all, which then finish what they have been asked. One that does not end when it
is told to is killed. If the first process is killed, the others end as well.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from socket import socket
from typing import Any, NoReturn

from service.standard_error import LINES

ENDED, NOT_STARTED = 0, 1
HEARD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGALRM)
END_SECONDS = 60  # in which all must have ended where nobody says how long that takes
PAUSE_SECONDS = 1.0  # before one that died soon is replaced
LOG = logging.getLogger("rackrate")


class Processes:
    """So many processes that serve on the same sockets, by a function that ends when SIGTERM or
    SIGINT comes.
    """

    def __init__(
        self,
        count: int,
        serve: Callable[[], None],
        sockets: Sequence[socket] = (),
        end_seconds: int = END_SECONDS,
    ) -> None:
        self._count, self._serve, self._sockets = count, serve, sockets
        self._end_seconds = end_seconds
        self._serving = dict[int, float]()  # since when, by process
        self._all = set[int]()  # those that were told to end too
        self._ended_by: signal.Signals | None = None
        self._failed = False

    def run(self) -> None:
        """Serve until a signal ends it. Errors: SystemExit, KeyboardInterrupt."""
        with _signals() as heard, _sign_of_life() as self._alive:
            self._fill()
            while self._all:
                for number in heard():
                    self._hear(number)
        if self._failed:
            raise SystemExit(NOT_STARTED)
        if self._ended_by is signal.SIGINT:
            raise KeyboardInterrupt

    def _hear(self, number: signal.Signals) -> None:
        if number is signal.SIGCHLD:
            for pid, code in _ended():
                self._bury(pid, code)
        elif number is signal.SIGALRM:
            LOG.error("%d server processes did not end, and are killed", len(self._all))
            _tell(self._all, signal.SIGKILL)
        elif number is not signal.SIGHUP:
            self._end(number)
        elif not self._ended_by:
            before, self._serving = self._serving, {}
            self._fill()
            _tell(before, signal.SIGINT)

    def _end(self, number: signal.Signals) -> None:
        """All end, as a signal tells them, or are killed when that takes too long; who asks when
        the last one has ceased to listen is refused.
        """
        self._ended_by = number
        signal.alarm(self._end_seconds)
        for one in self._sockets:
            one.close()
        _tell(self._serving, number)

    def _bury(self, pid: int, code: int) -> None:
        """One that ended is replaced, unless it should end or cannot begin."""
        self._all.discard(pid)
        since = self._serving.pop(pid, None)
        if since is None or self._ended_by:
            return
        if code == NOT_STARTED:
            self._failed = True
            self._end(signal.SIGTERM)
            return
        LOG.warning("server process %d ended (%d): another one takes its place", pid, code)
        soon = time.monotonic() - since < PAUSE_SECONDS
        self._fill(PAUSE_SECONDS if soon else 0.0)

    def _fill(self, pause: float = 0.0) -> None:
        """As many processes as there should be."""
        while len(self._serving) < self._count:
            kept = signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
            pid = os.fork()
            if not pid:
                _become(self._serve, self._alive, pause)
            self._all.add(pid)
            self._serving[pid] = time.monotonic()
            signal.pthread_sigmask(signal.SIG_SETMASK, kept)


def _become(serve: Callable[[], None], alive: tuple[int, int], pause: float) -> NoReturn:
    """Be one of the processes, and never more than that."""
    code = NOT_STARTED
    try:
        os.setpgid(0, 0)  # a terminal's Ctrl-C reaches the first process, which passes it on
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
        _end_with(alive)
        time.sleep(pause)
        serve()
        code = ENDED
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else ENDED
    except KeyboardInterrupt:
        code = ENDED
    except BaseException:
        LOG.exception("a server process met a fault")
    finally:
        LINES.flush()
        os._exit(code)


def _end_with(alive: tuple[int, int]) -> None:
    """This process ends when the first one is there no more."""
    mine, others = alive
    os.close(others)

    def wait() -> None:
        os.read(mine, 1)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=wait, name="first process", daemon=True).start()


@contextmanager
def _sign_of_life() -> Iterator[tuple[int, int]]:
    """A pipe whose second end is open for as long as this process lives."""
    ends = os.pipe()
    try:
        yield ends
    finally:
        for end in ends:
            os.close(end)


@contextmanager
def _signals() -> Iterator[Callable[[], list[signal.Signals]]]:
    """What waits for signals, and gives those that came: by a pipe, for a signal may reach any
    thread, those of libraries among them.
    """
    here, there = os.pipe()
    os.set_blocking(there, False)
    before: dict[signal.Signals, Any] = {one: signal.getsignal(one) for one in HEARD}
    signal.set_wakeup_fd(there)
    for one in HEARD:
        signal.signal(one, lambda *_: None)
    try:
        yield lambda: [signal.Signals(number) for number in os.read(here, 4096)]
    finally:
        signal.alarm(0)
        signal.set_wakeup_fd(-1)
        for one, handler in before.items():
            signal.signal(one, handler)
        os.close(here)
        os.close(there)


def _tell(processes: Iterable[int], number: signal.Signals) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _ended() -> Iterator[tuple[int, int]]:
    """The processes that have ended, and their exit codes (less than 0: by a signal)."""
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            yield found[0], os.waitstatus_to_exitcode(found[1])
