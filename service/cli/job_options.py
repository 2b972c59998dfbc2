"""The options of commands for jobs, and for a sweep that several machines compute."""

from service.cli.options import as_json, grid
from service.cli.parser import Parser, whole_number

MOST_SHARES = 1_000_000


def jobs(own: Parser) -> None:
    """What is done, with which jobs."""
    own.add_argument(
        "what",
        nargs="?",
        default="list",
        metavar="WHAT",
        help="list (default), show, cancel, rm, or gc",
    )
    own.add_argument("id", nargs="*", metavar="ID", help="of jobs to show, cancel or remove")
    as_json(own)


def shard(own: Parser) -> None:
    """A sweep, which share of its parts, and the folder of all."""
    grid(own)
    own.add_argument(
        "--index",
        type=whole_number(0, MOST_SHARES - 1),
        metavar="I",
        help="which share, from 0 (default: JOB_COMPLETION_INDEX's)",
    )
    own.add_argument(
        "--of",
        type=whole_number(1, MOST_SHARES),
        required=True,
        metavar="N",
        help="how many shares there are: part i belongs to share i mod N",
    )
    own.add_argument("-o", "--output", required=True, metavar="DIR", help="the folder of all parts")


def collect(own: Parser) -> None:
    """The folder of parts, and a file for all of them."""
    own.add_argument("folder", metavar="DIR", help="the folder of all parts")
    own.add_argument("-o", "--output", metavar="OUT", help=".parquet .csv .arrow .json")
    own.add_argument("--force", action="store_true", help="replace OUT if it exists")
    as_json(own)
