"""What can be typed: commands and their options. argparse, for it is there in 20 ms; commands are
imported when they run.

UsageProblem    what was typed is not a command, an option or a value of one
"""

import math
import re
from argparse import (
    SUPPRESS,
    ArgumentParser,
    ArgumentTypeError,
    Namespace,
    RawDescriptionHelpFormatter,
)
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

NEGATIVE_NUMBER = re.compile(r"^-(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
EXITS = (
    "Exit codes: 0 done, 1 cannot be computed, 2 bad input or no such engine here, 130 interrupted,"
    " 143 terminated."
)
SERVING = "Exit codes: 0 ended by SIGTERM, 1 cannot listen, 2 bad setting, 130 interrupted."
CHECKING = (
    "Exit codes: 0 PASS, 1 FAIL, 2 no device here or bad option, 130 interrupted, 143 terminated."
)
IMPORTS = f"""\
Rows of your own are read from *.toml files of RACKRATE_CATALOG
(default: ~/.local/share/rackrate/catalog).
{EXITS} An import exits with 1 where some lines are refused, with 2 where no line gives a row."""
EPILOG = f"""\
SCENARIO is a TOML (or .json) file, - for standard input, or the name of a shipped scenario
(rackrate catalog scenarios).
What holds: defaults < catalog row < file < environment RACKRATE_<FIELD> < --set name=value.
{EXITS}"""
EXAMPLES = """\
examples:
  rackrate quote nvl72-neocloud --set utilisation=0.7
  rackrate solve nvl72-neocloud --for utilisation --target npv_usd_per_rack --value 0
  rackrate sweep nvl72-neocloud --sweep utilisation=0.2:1:81 \\
      --sweep rental_price_usd_per_gpu_hour=1,2,3 -o grid.parquet
  rackrate sweep stargate-rack-grid --reduce "share:breakeven_utilisation < 0.8"
  rackrate simulate nvl72-neocloud --draw utilisation=triangular:0.5,0.7,0.9 \\
      --chance "npv_usd_per_rack > 0"
"""


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


class Command(NamedTuple):
    """A command: its name, one line about it, its options, where the function is that runs it, and
    what its help ends with.
    """

    name: str
    about: str
    options: Callable[[Parser], None]
    module: str
    epilog: str = EPILOG


def parser() -> tuple[Parser, dict[str, Parser]]:
    """The parser of everything, and that of each command by name."""
    top = Parser(
        prog="rackrate",
        description=(
            "Unit economics of GPU data centers: cost per GPU-hour, breakeven, depreciation, cash"
            " flow, sweeps."
        ),
        epilog=f"{EXAMPLES}\n{EPILOG}",
    )
    top.add_argument("--version", action="store_true", help="print the version and stop")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    made = {}
    for one in COMMANDS:
        made[one.name] = commands.add_parser(
            one.name, help=one.about, description=one.about, epilog=one.epilog
        )
        one.options(made[one.name])
        made[one.name].set_defaults(module=one.module)
    return top, made


def parse(arguments: Sequence[str]) -> Namespace | None:
    """What was typed; None if nothing, after printing the help. Errors: UsageProblem."""
    top, commands = parser()
    words = [word for word in arguments[:1] if not word.startswith("-")]
    if words and words[0] not in commands:
        raise UsageProblem(
            f"there is no command {words[0]!r}{hint(words[0], commands)}; see rackrate --help"
        )
    options, unknown = top.parse_known_args(arguments)
    if unknown:
        own = commands.get(options.command or "", top)
        known = [name for action in own._actions for name in action.option_strings]
        raise UsageProblem(
            f"{own.prog} takes no {unknown[0]}{hint(unknown[0].partition('=')[0], known)}; see"
            f" {own.prog} --help"
        )
    if options.version:
        options.module, options.command = "service.cli.catalog", "version"
    elif options.command is None:
        top.print_help()
        return None
    return options


def hint(word: str, known: Any) -> str:
    """What may have been meant."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def run(options: Namespace) -> None:
    """Run the command that was typed."""
    getattr(import_module(options.module), options.command.replace("-", "_"))(options)


def finite(text: str) -> float:
    """A finite number. Errors: ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ArgumentTypeError(f"expected a finite number, not {text!r}")
    return value


def counted(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number of a range. Errors: ArgumentTypeError."""

    def read(text: str) -> int:
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not least <= value <= most:
            raise ArgumentTypeError(f"expected a whole number from {least} to {most}, not {text!r}")
        return value

    return read


def _scenario(own: Parser) -> None:
    own.add_argument(
        "scenario", metavar="SCENARIO", help="a file, - or the name of a shipped scenario"
    )
    own.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a field (repeatable); VALUE as in TOML",
    )
    _json(own)


def _json(own: Parser) -> None:
    own.add_argument("--json", action="store_true", help="print JSON, in full precision")


def _quote(own: Parser) -> None:
    _scenario(own)
    own.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="NAME",
        help="a quantity to answer (repeatable)",
    )


def _solve(own: Parser) -> None:
    _scenario(own)
    own.add_argument(
        "--for", dest="unknown", required=True, metavar="FIELD", help="the field to solve for"
    )
    own.add_argument(
        "--target", required=True, metavar="NAME", help="the quantity that is to have the value"
    )
    own.add_argument("--value", required=True, type=finite, metavar="X", help="the value")
    own.add_argument(
        "--between",
        nargs=2,
        type=finite,
        metavar=("LO", "HI"),
        help="where to look (default: the field's bounds)",
    )


def _compare(own: Parser) -> None:
    own.add_argument(
        "scenario",
        nargs="+",
        metavar="SCENARIO",
        help="two or more: files or names of shipped scenarios",
    )
    of_one = "change a field of all, or with B:NAME=VALUE of the second (repeatable)"
    own.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=of_one)
    own.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="NAME",
        help="a quantity to answer (repeatable)",
    )
    own.add_argument(
        "--bridge",
        metavar="NAME",
        help="the quantity to bridge (default: the NPV, or the first target)",
    )
    _json(own)


def _explain(own: Parser) -> None:
    _scenario(own)
    own.add_argument("target", metavar="TARGET", help="the quantity to explain")
    own.add_argument(
        "--depth", type=counted(0, 1000), metavar="N", help="how many steps down (default: all)"
    )


def _sweep(own: Parser) -> None:
    _scenario(own)
    forms = "name=start:stop:count, name=start:stop:count@log or name=a,b,c"
    own.add_argument(
        "--sweep",
        action="append",
        default=[],
        metavar="AXIS",
        help=f"an axis (repeatable): {forms}",
    )
    _drawn(own)
    own.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="NAME",
        help="a quantity to answer (repeatable)",
    )
    left = (
        'cells, summary, top:100, bottom:100, histogram:256, "share:NAME < X" or'
        ' "frontier:FIELD:NAME = X"'
    )
    own.add_argument("--reduce", metavar="HOW", help=left)
    own.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help=".parquet .csv .arrow .json .xlsx; - prints CSV, or JSON with --json",
    )
    own.add_argument("--force", action="store_true", help="replace OUT if it exists")
    own.add_argument(
        "--dry-run", action="store_true", help="say how many cells and bytes, compute nothing"
    )
    own.add_argument(
        "--backend",
        metavar="NAME",
        help="auto, numpy, jit or cuda (default: the file's, RACKRATE_BACKEND's or auto)",
    )
    own.add_argument(
        "--threads",
        type=counted(1, 1024),
        metavar="N",
        help="how many threads (default: all cores)",
    )


def _drawn(own: Parser) -> None:
    forms = (
        "name=uniform:LOW,HIGH, triangular:LOW,MODE,HIGH, normal:MEAN,SD[,LOW,HIGH],"
        " lognormal:MEDIAN,SIGMA[,LOW,HIGH] or discrete:A,B"
    )
    own.add_argument(
        "--draw",
        action="append",
        default=[],
        metavar="FIELD",
        help=f"an uncertain field (repeatable): {forms}",
    )
    own.add_argument(
        "--correlate",
        action="append",
        default=[],
        metavar="A,B=R",
        help="how two of them go together (repeatable)",
    )
    own.add_argument("--count", type=counted(1, 1_000_000), metavar="N", help="how many draws")
    own.add_argument(
        "--seed",
        type=counted(0, 999_999_999),
        metavar="N",
        help="repeats the same draws (default: 0)",
    )
    own.add_argument("--method", choices=("sobol", "random"), help="of drawing (default: sobol)")


def _draws(own: Parser) -> None:
    _scenario(own)
    _drawn(own)
    own.add_argument(
        "--backend",
        metavar="NAME",
        help="auto, numpy, jit or cuda (default: the file's, RACKRATE_BACKEND's or auto)",
    )
    own.add_argument(
        "--threads",
        type=counted(1, 1024),
        metavar="N",
        help="how many threads (default: all cores)",
    )


def _simulate(own: Parser) -> None:
    _draws(own)
    own.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="NAME",
        help="a quantity to answer (repeatable)",
    )
    own.add_argument(
        "--chance",
        action="append",
        default=[],
        metavar="CONDITION",
        help='such as "npv_usd_per_rack > 0" (repeatable)',
    )


def _sensitivity(own: Parser) -> None:
    _draws(own)
    own.add_argument("target", metavar="TARGET", help="the quantity whose inputs are ranked")
    own.add_argument(
        "--by",
        type=finite,
        metavar="X",
        help="how far inputs that are not drawn go down and up, as a share (default: 0.1)",
    )


def _catalog(own: Parser) -> None:
    kinds = "accelerators, facilities, electricity, rentals, scenarios, sweeps; a row; or import"
    own.add_argument("kind", nargs="?", metavar="KIND", help=kinds)
    own.add_argument(
        "row", nargs="?", metavar="ROW", help="a row, shown with its sources; the FILE of an import"
    )
    _json(own)
    more = own.add_argument_group(
        "catalog import FILE", "rows of your own from SkyPilot's or gpuhunt's CSV, or a zip of them"
    )
    more.add_argument(
        "--format",
        choices=("skypilot", "gpuhunt"),
        help="whose file it is (default: by its first line)",
    )
    more.add_argument(
        "--prefix",
        metavar="TEXT",
        help="what names of rows begin with, such as aws (default for gpuhunt: the file's name)",
    )
    more.add_argument(
        "--source",
        metavar="TEXT",
        help="what is said of where the prices come from (default: the file's name)",
    )
    more.add_argument("--as-of", metavar="DATE", help="of when they are (default: the file's date)")
    more.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="a .toml file (default: rentals.toml in the folder of your own rows)",
    )


def _schema(own: Parser) -> None:
    models = "rack (default), lease, program, commitments, bill or margin"
    own.add_argument(
        "--example",
        nargs="?",
        const="rack",
        metavar="MODEL",
        help=f"print a starter scenario file instead: {models}",
    )
    own.add_argument("--json", action="store_true", help=SUPPRESS)


def _gpu_check(own: Parser) -> None:
    own.add_argument(
        "--device",
        type=counted(0, 1023),
        metavar="N",
        help="only the device of this number (default: all, and all together)",
    )
    _json(own)


def _serve(own: Parser) -> None:
    own.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)"
    )
    own.add_argument(
        "--port", type=counted(0, 65535), default=8000, help="port to listen on (default: 8000)"
    )


COMMANDS = (
    Command("quote", "Cost, breakeven and returns of one scenario.", _quote, "service.cli.quote"),
    Command(
        "breakeven",
        "The three lines of breakeven utilisation, and breakeven prices.",
        _scenario,
        "service.cli.quote",
    ),
    Command(
        "depreciate",
        "Book value, tax value and economic value by year.",
        _scenario,
        "service.cli.quote",
    ),
    Command("cashflow", "All lines of the cash flow by year.", _scenario, "service.cli.quote"),
    Command(
        "solve",
        "The value of a field at which a quantity has a given value.",
        _solve,
        "service.cli.explain",
    ),
    Command("sweep", "Many scenarios at once: a grid of fields.", _sweep, "service.cli.sweep"),
    Command(
        "simulate",
        "Uncertain fields: quantiles, probabilities, and how far off they may be.",
        _simulate,
        "service.cli.uncertainty",
    ),
    Command(
        "sensitivity",
        "Which inputs matter: tornado and Sobol indices.",
        _sensitivity,
        "service.cli.uncertainty",
    ),
    Command(
        "compare",
        "Scenarios side by side: inputs, answers, and the bridge between them.",
        _compare,
        "service.cli.compare",
    ),
    Command(
        "explain",
        "How a number comes about: formulas, values, units, sources.",
        _explain,
        "service.cli.explain",
    ),
    Command(
        "catalog",
        "Accelerators, facilities, electricity, rentals, scenarios and sweeps.",
        _catalog,
        "service.cli.catalog",
        IMPORTS,
    ),
    Command(
        "schema",
        "The JSON schema of a scenario, or a starter file.",
        _schema,
        "service.cli.catalog",
        EXITS,
    ),
    Command("doctor", "What this installation has and lacks.", _json, "service.cli.catalog", EXITS),
    Command(
        "gpu-check",
        "Whether GPUs compute what numpy computes, and how fast.",
        _gpu_check,
        "service.cli.gpu_check",
        CHECKING,
    ),
    Command("serve", "Serve HTTP.", _serve, "service.cli.serve", SERVING),
)
