"""What a command imports: the names of packages that few commands need, and those of one run."""

import subprocess
import sys

JOBS = ("sqlite3", "dask", "distributed", "obstore")
WEB = ("litestar", "httpx", "jinja2", "altair", "uvicorn")
HEAVY = ("numpy", "polars", "cupy", "cyclopts", *WEB, *JOBS)
IMPORTED = (
    "import sys; from service.__main__ import main; code = main(sys.argv[1:]); print(*sys.modules,"
    " file=sys.stderr); sys.exit(code)"
)


def imported_by(*arguments):
    """The top names of all modules that a command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return {name.partition(".")[0] for name in done.stderr.split()}
