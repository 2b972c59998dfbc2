"""The options of each command."""

from argparse import SUPPRESS

from service.cli.parser import Parser, finite_number, finite_number_or_percentage, whole_number


def scenario(own: Parser) -> None:
    """A scenario's file or name, `--set` and `--json`."""
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
    as_json(own)


def as_json(own: Parser) -> None:
    """`--json` alone."""
    own.add_argument("--json", action="store_true", help="print JSON, in full precision")


def quote(own: Parser) -> None:
    """A scenario and its targets."""
    scenario(own)
    _targets(own)


def solve(own: Parser) -> None:
    """A scenario, a field, and the value that a target is to have."""
    scenario(own)
    own.add_argument(
        "--for",
        dest="unknown",
        required=True,
        metavar="FIELD",
        help="the field to solve for, or given.NAME of a computed quantity",
    )
    own.add_argument(
        "--target", required=True, metavar="NAME", help="the quantity that is to have the value"
    )
    own.add_argument(
        "--value",
        required=True,
        type=finite_number_or_percentage,
        metavar="X",
        help="the value",
    )
    own.add_argument(
        "--between",
        nargs=2,
        type=finite_number_or_percentage,
        metavar=("LO", "HI"),
        help="where to look (default: the field's bounds)",
    )


def compare(own: Parser) -> None:
    """Several scenarios, their targets and what is bridged."""
    own.add_argument(
        "scenario",
        nargs="+",
        metavar="SCENARIO",
        help="two or more: files or names of shipped scenarios",
    )
    of_one = "change a field of all, or with B:NAME=VALUE of the second (repeatable)"
    own.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=of_one)
    _targets(own)
    own.add_argument(
        "--bridge",
        metavar="NAME",
        help="the quantity to bridge (default: the NPV, or the first target)",
    )
    as_json(own)


def explain(own: Parser) -> None:
    """A scenario and the quantity that is explained."""
    scenario(own)
    own.add_argument("target", metavar="TARGET", help="the quantity to explain")
    own.add_argument(
        "--depth",
        type=whole_number(0, 1000),
        metavar="N",
        help="how many steps down (default: all)",
    )


def sweep(own: Parser) -> None:
    """A sweep, and where what is left of its cells goes."""
    grid(own)
    own.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help=".parquet .csv .arrow .json .xlsx; - prints CSV, or JSON with --json; with --resume a"
        " folder",
    )
    own.add_argument("--force", action="store_true", help="replace OUT if it exists")
    own.add_argument(
        "--resume",
        action="store_true",
        help="write parts into the folder OUT, each once: stopped and started again it goes on",
    )
    own.add_argument(
        "--dry-run", action="store_true", help="say how many cells and bytes, compute nothing"
    )


def grid(own: Parser) -> None:
    """A scenario, axes, draws, targets, what is left of the cells, and an engine."""
    scenario(own)
    forms = "name=start:stop:count, name=start:stop:count@log or name=a,b,c"
    own.add_argument(
        "--sweep",
        action="append",
        default=[],
        metavar="AXIS",
        help=f"an axis (repeatable): {forms}",
    )
    _draws(own)
    _targets(own)
    left = (
        'cells, summary, top:100, bottom:100, histogram:256, "share:NAME < X" or'
        ' "frontier:FIELD:NAME = X"'
    )
    own.add_argument("--reduce", metavar="HOW", help=left)
    _engine(own)


def _draws(own: Parser) -> None:
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
    own.add_argument("--count", type=whole_number(1, 1_000_000), metavar="N", help="how many draws")
    own.add_argument(
        "--seed",
        type=whole_number(0, 999_999_999),
        metavar="N",
        help="repeats the same draws (default: 0)",
    )
    own.add_argument("--method", choices=("sobol", "random"), help="of drawing (default: sobol)")


def _uncertainty(own: Parser) -> None:
    scenario(own)
    _draws(own)
    _engine(own)


def simulate(own: Parser) -> None:
    """A scenario, draws, targets and conditions."""
    _uncertainty(own)
    _targets(own)
    own.add_argument(
        "--chance",
        action="append",
        default=[],
        metavar="CONDITION",
        help='such as "npv_usd_per_rack > 0" (repeatable)',
    )


def sensitivity(own: Parser) -> None:
    """A scenario, draws and the target whose inputs are ranked."""
    _uncertainty(own)
    own.add_argument("target", metavar="TARGET", help="the quantity whose inputs are ranked")
    own.add_argument(
        "--by",
        type=finite_number,
        metavar="X",
        help="how far inputs that are not drawn go down and up, as a share (default: 0.1)",
    )


def catalog(own: Parser) -> None:
    """What is listed or shown, or a file to import."""
    kinds = "accelerators, facilities, electricity, rentals, scenarios, sweeps; a row; or import"
    own.add_argument("kind", nargs="?", metavar="KIND", help=kinds)
    own.add_argument(
        "row", nargs="?", metavar="ROW", help="a row, shown with its sources; the FILE of an import"
    )
    as_json(own)
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


def schema(own: Parser) -> None:
    """The schema, or the model of a starter file."""
    models = "rack (default), lease, program, commitments, bill or margin"
    own.add_argument(
        "--example",
        nargs="?",
        const="rack",
        metavar="MODEL",
        help=f"print a starter scenario file instead: {models}",
    )
    own.add_argument("--json", action="store_true", help=SUPPRESS)


def _targets(own: Parser) -> None:
    own.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="NAME",
        help="a quantity to answer (repeatable)",
    )


def _engine(own: Parser) -> None:
    own.add_argument(
        "--backend",
        metavar="NAME",
        help="auto, numpy, jit or cuda (default: the file's, RACKRATE_BACKEND's or auto)",
    )
    own.add_argument(
        "--threads",
        type=whole_number(1, 1024),
        metavar="N",
        help="how many threads (default: all cores)",
    )
