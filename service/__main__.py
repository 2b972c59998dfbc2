"""The program `rackrate`: one command, one exit code, and one line on standard error if something is wrong."""

import os
import sys
from collections.abc import Sequence

DONE, NOT_COMPUTED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was typed. 0 done, 1 cannot be computed, 2 bad input, 130 interrupted."""
    try:
        try:
            _run(sys.argv[1:] if arguments is None else arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has left: nothing more is wanted
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else DONE
    except Exception as error:  # noqa: BLE001  the last one who can turn an error into a line
        return _said(error)
    return DONE


def _run(arguments: Sequence[str]) -> None:
    from service.cli.parser import parse, run

    options = parse(arguments)
    if options is not None:
        run(options)


def _said(error: Exception) -> int:
    """Say what is wrong in one line; which exit code that is."""
    from economics import NoAnswer, Problem
    from kernels.backend import BackendError
    from service.cli.parser import UsageProblem
    from service.files import FileProblem

    if isinstance(error, Problem | UsageProblem | FileProblem):
        return _line(str(error), BAD_INPUT)
    if isinstance(error, NoAnswer | BackendError):
        return _line(str(error), NOT_COMPUTED)
    if isinstance(error, MemoryError):
        return _line("out of memory: ask for a reduction, or for fewer cells", NOT_COMPUTED)
    if isinstance(error, OSError):
        return _line(f"cannot write standard output: {error.strerror or error}", BAD_INPUT)
    if os.environ.get("RACKRATE_DEBUG"):
        raise error
    return _line(f"a fault of rackrate: {type(error).__name__}: {error} (RACKRATE_DEBUG=1 shows where)", NOT_COMPUTED)


def _line(message: str, code: int) -> int:
    sys.stderr.write(f"rackrate: {' '.join(message.split())}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
