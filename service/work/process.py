"""A worker process as seen by who gives it work.

submit -> thread "work" -- piece --> worker process (service/work/worker.py)
   |              |     <- answer --
Future <----------+
stop -> a number in memory, at which the work's watch looks; 0.7 s later the process is killed
"""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from multiprocessing.connection import Connection
from threading import Event, Lock, Thread, Timer
from typing import Any, NamedTuple, TypeVar

from service.work.messages import BODY, ERROR, READY, Piece, packed, unpacked
from service.work.page import Page, new_page
from service.work.watch import Lost, NotStarted, Stopped, time_over

T = TypeVar("T")
PROGRAM = "service.work.worker"
GRACE_SECONDS = 0.7  # for work to stop by itself; then its process is ended
END_SECONDS = 5.0  # for a process that is killed to be gone
START_SECONDS = 60.0  # for a process to load what it needs


class Child(NamedTuple):
    """A process that runs, and what it shares with this one."""

    process: "subprocess.Popen[bytes]"
    connection: Connection
    stopped: Page  # up to which piece


class Process:
    """A process that does one piece of work at a time; started when it is first needed, and anew
    when it has ended. It loads `module` before it is ready, has some variables of its environment
    for itself, and ends with this process, however this one ends.
    """

    def __init__(self, module: str, environment: Mapping[str, str] | None = None) -> None:
        self._module, self._environment = module, environment or {}
        self._child: Child | None = None
        self._starting, self._ending = Lock(), Lock()
        self._number = self._stopped = self._at_work = 0  # of pieces; it is at work on none
        self._closed = Event()

    @property
    def pid(self) -> int | None:
        """The number of the process, if it runs."""
        child = self._child
        return None if child is None else child.process.pid

    def start(self) -> None:
        """Start it in the background, if it does not run."""
        Thread(target=self._try_to_start, name="start", daemon=True).start()

    def submit(self, seconds: float, work: Callable[..., T], *arguments: Any) -> "Future[T]":
        """`work(*arguments, watch)` in the process, by a function of a module; the piece before it
        must have ended. Errors: Lost, TimeOver, those of the work.
        """
        found: Future[T] = Future()
        found.set_running_or_notify_cancel()
        piece = self._piece(seconds, work, arguments)
        Thread(target=self._run, args=(piece, found), name="work", daemon=True).start()
        return found

    def call(self, seconds: float, work: Callable[..., T], *arguments: Any) -> T:
        """The same, for a thread that waits for it: so a short piece takes a quarter of the time.
        Errors: Lost, TimeOver, those of the work.
        """
        try:
            found: T = self._answer(self._piece(seconds, work, arguments))
            return found
        finally:
            self._work_on(0)

    def _piece(self, seconds: float, work: Callable[..., Any], arguments: Any) -> Piece:
        self._number += 1
        return Piece(self._number, seconds, work, arguments)

    def stop(self) -> None:
        """Tell the work to stop; if it has begun and does not, its process is ended soon."""
        self._stopped = number = self._number
        child = self._child
        if child is not None:
            child.stopped.number = number
        ender = Timer(GRACE_SECONDS, self._end, (number,))
        ender.daemon = True
        ender.start()

    def close(self) -> None:
        """End the process, whatever it does."""
        self._closed.set()
        child = self._child
        if child is not None:  # a thread that waits for it sees its end
            child.process.kill()
            with suppress(subprocess.TimeoutExpired):  # a device that hangs may hold it
                child.process.wait(END_SECONDS)

    def _end(self, number: int) -> None:
        """End the process if it still does a piece."""
        with self._ending:
            if self._at_work == number and self._child is not None:
                self._child.process.kill()

    def _run(self, piece: Piece, found: "Future[Any]") -> None:
        """The answer to a piece, and a new process where the old one has ended."""
        try:
            answer = self._answer(piece)
        except BaseException as error:  # noqa: BLE001 - whatever it is, who waits is told
            self._work_on(0)
            found.set_exception(error)
            if self._child is None:
                self._try_to_start()
        else:
            self._work_on(0)
            found.set_result(answer)

    def _work_on(self, number: int) -> None:
        with self._ending:
            self._at_work = number

    def _answer(self, piece: Piece) -> Any:
        message, child = packed(piece), self._running()
        self._work_on(piece.number)
        if self._stopped >= piece.number:  # while the process was started
            raise Stopped("nobody waits for the work any more")
        try:
            child.connection.send_bytes(message)
            if not child.connection.poll(piece.seconds + GRACE_SECONDS):
                child.process.kill()
                self._remove(child)
                raise time_over(piece.seconds)
            kind, body = child.connection.recv_bytes(), child.connection.recv_bytes()
        except (EOFError, ConnectionError):
            raise Lost(self._ended(child)) from None
        if kind == ERROR:
            raise unpacked(body)
        return body if kind == BODY else unpacked(body)

    def _try_to_start(self) -> None:
        try:
            self._running()
        except Lost:
            return  # whoever gives it work meets it again, and is told

    def _running(self) -> Child:
        """The process, ready for work. Errors: Lost."""
        with self._starting:
            child = self._child
            if child is not None and child.process.poll() is None:
                return child
            if child is not None:
                self._remove(child)
            if self._closed.is_set():
                raise Lost("the service has ended")
            try:
                self._child = child = _started(self._module, self._environment)
            except OSError as error:
                why = error.strerror or error
                raise NotStarted(f"no process could be started for the work: {why}") from None
            if self._closed.is_set():  # meanwhile
                child.process.kill()
            try:
                if not child.connection.poll(START_SECONDS):
                    child.process.kill()
                if child.connection.recv_bytes() == READY:
                    return child
            except (EOFError, ConnectionError):
                pass
            raise NotStarted(self._ended(child))

    def _ended(self, child: Child) -> str:
        """That a process has ended, in words."""
        self._remove(child)
        code = child.process.returncode
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return f"the process that did the work ended ({how}) before the work was done"

    def _remove(self, child: Child) -> None:
        """Nothing is left of a process that has ended."""
        child.process.wait()
        child.connection.close()
        if self._child is child:
            self._child = None


def _started(module: str, environment: Mapping[str, str]) -> Child:
    """A process that begins to load. Errors: OSError."""
    ours, theirs = socket.socketpair()
    with ours, theirs, tempfile.TemporaryFile() as memory:
        stopped = new_page(memory.fileno())
        shared = (theirs.fileno(), memory.fileno())
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", PROGRAM, *map(str, shared), module],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # which is for answers of whoever starts it
            pass_fds=shared,
        )
        return Child(process, Connection(ours.detach()), stopped)
