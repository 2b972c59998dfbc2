"""`memory_of.py ENGINE CELLS TILES REDUCTION`: MiB that a reduction takes beyond the imports,
stopped after some tiles (0: never).
"""

import json
import sys
from contextlib import suppress
from pathlib import Path

from grid_of_eight import spec

from economics import prepare, run


class EnoughError(Exception):
    """A sample of the tiles is done."""


def peak():
    """Most memory that this process has held, in MiB: of its own, where the resource module counts
    what its parent held too.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def main(engine, cells, tiles, reduction):
    """Print it."""
    if engine == "jit":
        import llvmlite.binding  # noqa: F401
    left = int(tiles)

    def progress(done, all_cells):
        nonlocal left
        left -= 1
        if left == 0:
            raise EnoughError

    before = peak()
    with suppress(EnoughError):
        run(
            prepare(spec(cells=int(cells), **json.loads(reduction)), backend=engine, threads=2),
            progress,
        )
    print(peak() - before)


if __name__ == "__main__":
    main(*sys.argv[1:])
