"""The program `rackrate`: one command, one exit code, and one line on standard error if something
is wrong.
"""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

WAY_IN = "; RACKRATE_API_KEY is where the key is read from"
DONE, NOT_COMPUTED, BAD_INPUT, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was typed. 0 done, 1 cannot be computed, 2 bad input or no such engine here, 130
    interrupted, 143 terminated.
    """
    if sys.stdout is None:
        return _line("cannot write standard output: it is closed", BAD_INPUT)
    if arguments is None and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminate)
    try:
        try:
            _run(sys.argv[1:] if arguments is None else arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()  # the reader has left: nothing more is wanted
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else DONE
    except Exception as error:  # noqa: BLE001  the last one who can make it a line
        return _report(error)
    return DONE


def program() -> NoReturn:
    """`rackrate` as it is typed. It ends at once: where a library's threads are still at work, an
    interpreter that ends by steps aborts.
    """
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def _run(arguments: Sequence[str]) -> None:
    from service.cli.commands import parse, run

    options = parse(arguments)
    if options is not None:
        run(options)


def _terminate(*_: Any) -> NoReturn:
    """What SIGTERM does: files half written are removed on the way out; a second one ends the
    process at once.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _discard_output()
    raise SystemExit(TERMINATED)


def _discard_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report(error: Exception) -> int:
    """Say what is wrong in one line; which exit code that is."""
    from economics import NoAnswer, Problem
    from kernels.language.verbs import BackendError
    from service.cli.parser import UsageProblem
    from service.cli.serve import ListenProblem
    from service.client.failures import NoJob, NoKey, NotInstalled, NotService, ServiceError
    from service.files.reading import FileProblem
    from service.jobs.records import JobProblem

    if isinstance(error, Problem | UsageProblem | FileProblem | BackendError | JobProblem):
        return _line(str(error), BAD_INPUT)
    if isinstance(error, NoJob | NoKey | NotInstalled | NotService):
        return _line(f"{error}{WAY_IN if isinstance(error, NoKey) else ''}", BAD_INPUT)
    if isinstance(error, NoAnswer | ListenProblem | ServiceError):
        return _line(str(error), NOT_COMPUTED)
    if isinstance(error, MemoryError):
        return _line("out of memory: ask for a reduction, or for fewer cells", NOT_COMPUTED)
    if isinstance(error, UnicodeEncodeError):
        return _line(
            f"cannot write {error.object[error.start : error.end][:20]!a} as {error.encoding}",
            BAD_INPUT,
        )
    if isinstance(error, RecursionError):
        return _line("cannot read what is nested so deeply", BAD_INPUT)
    if isinstance(error, OSError):
        return _line(
            f"cannot write {error.filename or 'standard output'}: {error.strerror or error}",
            BAD_INPUT,
        )
    if os.environ.get("RACKRATE_DEBUG"):
        raise error
    said = "; ".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())])
    return _line(f"a fault of rackrate: {said} (RACKRATE_DEBUG=1 shows where)", NOT_COMPUTED)


def _line(message: str, code: int) -> int:
    plain = "".join(character if character.isprintable() else " " for character in message)
    with suppress(OSError):
        if sys.stderr is not None:
            sys.stderr.write(f"rackrate: {' '.join(plain.split())}\n")
    return code


if __name__ == "__main__":
    program()
