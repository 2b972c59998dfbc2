"""How what is typed is read: argparse, for it is there in 20 ms, with errors of one line.

UsageProblem    what was typed is not a command, an option or a value of one
"""

import math
import re
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

NEGATIVE_NUMBER = re.compile(r"^-(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")


class UsageProblem(Exception):
    """What was typed is not known; one line."""


class Parser(ArgumentParser):
    """A parser whose errors are exceptions of one line, and whose options are not guessed from
    their beginnings.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            allow_abbrev=False,
            formatter_class=partial(RawDescriptionHelpFormatter, max_help_position=28),
            **options,
        )
        self._negative_number_matcher = NEGATIVE_NUMBER

    def error(self, message: str) -> NoReturn:
        """Errors: UsageProblem."""
        raise UsageProblem(f"{message}; see {self.prog} --help")


def server(own: Parser, remote: bool) -> None:
    """Who answers, where a service can."""
    about = "a service that answers (default: RACKRATE_SERVER's, else this program)"
    own.add_argument("--server", metavar="URL", help=about if remote else SUPPRESS)


def finite_number(text: str) -> float:
    """A finite number, be it in percent. Errors: ArgumentTypeError."""
    from economics.vocabulary.written_numbers import number  # which `--help` does not need

    try:
        value = number(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ArgumentTypeError(f"expected a finite number, not {text!r}")
    return value


def finite_number_or_percentage(text: str) -> float | str:
    """A finite number; a percentage stays a text, for it is none of every unit. Errors:
    ArgumentTypeError.
    """
    value = finite_number(text)
    return text.strip() if "%" in text else value


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number of a range. Errors: ArgumentTypeError."""

    def read(text: str) -> int:
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not least <= value <= most:
            raise ArgumentTypeError(f"expected a whole number from {least} to {most}, not {text!r}")
        return value

    return read


def scheduler(text: str) -> str:
    """The address of a scheduler. Errors: ArgumentTypeError."""
    from service.setting_sources import A_SCHEDULER, SCHEDULER  # which `--help` does not need

    if not SCHEDULER.fullmatch(text):
        raise ArgumentTypeError(f"expected {A_SCHEDULER}, not {text!r}")
    return text
