"""The options of commands that are about this machine, and ask nothing of a scenario."""

from service.cli.options import as_json
from service.cli.parser import Parser, scheduler, whole_number


def gpu_check(own: Parser) -> None:
    """Which devices."""
    own.add_argument(
        "--device",
        type=whole_number(0, 1023),
        metavar="N",
        help="only the device of this number (default: all, and all together)",
    )
    as_json(own)


def keys(own: Parser) -> None:
    """What is made, and how it is called."""
    own.add_argument("what", choices=["new"], help="make a key")
    own.add_argument("name", metavar="NAME", help="of who will use it: logs and metrics have it")
    own.add_argument("--expires", metavar="DATE", help="the last day on which it is good")
    as_json(own)


def serve(own: Parser) -> None:
    """Where to listen."""
    own.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)"
    )
    own.add_argument(
        "--port",
        type=whole_number(0, 65535),
        default=8000,
        help="port to listen on (default: 8000)",
    )
    own.add_argument(
        "--processes",
        "--workers",
        type=whole_number(1, 256),
        default=1,
        metavar="N",
        help="server processes on that port (default: 1), each with the limits that are set; heavy"
        " work has processes of its own, of which RACKRATE_WORKERS sets the number",
    )


def worker(own: Parser) -> None:
    """Whose worker."""
    own.add_argument(
        "scheduler",
        type=scheduler,
        metavar="SCHEDULER",
        help="of dask, such as tcp://10.0.0.1:8786; tls://... with the certificates of dask's"
        " configuration",
    )


def nothing(_: Parser) -> None:
    """No options."""
