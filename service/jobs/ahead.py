"""The next shard of a process, computed while the one before it is kept: until a disk has taken a
part, the cores would have nothing to do.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from economics.sweeps.prepared import Progress
from kernels.language.caches import cached
from service.jobs.records import Part
from service.jobs.shards import Made, kept_part, made_shard, no_watch


class Shard(NamedTuple):
    """Which shard of what."""

    version: str
    spec: bytes
    out: str
    number: int


class Ahead:
    """Shards one after another, of which each may tell the next one."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "ahead")
        self._next: tuple[Shard, Future[Made]] | None = None

    def run(self, shard: Shard, following: int | None, watch: Progress) -> Part:
        """Keep a shard, and compute the following one meanwhile. Errors: those of `run_shard`."""
        made = self._made(shard, watch)
        if following is not None:
            after = shard._replace(number=following)
            self._next = after, self._thread.submit(made_shard, *after, no_watch)
        return kept_part(made)

    def _made(self, shard: Shard, watch: Progress) -> Made:
        begun, self._next = self._next, None
        if begun is not None and begun[0] == shard:
            return begun[1].result()
        return made_shard(*shard, watch)


@cached()
def _ahead() -> Ahead:
    return Ahead()


def run_shards(
    version: str, spec: bytes, out: str, index: int, following: int | None, watch: Progress
) -> Part:
    """As `run_shard`, while the following shard is computed for the next call. Errors: those of
    `run_shard`.
    """
    return _ahead().run(Shard(version, spec, out, index), following, watch)
