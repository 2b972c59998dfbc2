"""`worker`: workers of a dask scheduler on this machine, one for each of its devices, until a
signal ends them.
"""

import asyncio
import logging
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from kernels.grids.engine_table import CORES, cores
from service.cli.parser import UsageProblem
from service.jobs.devices import GPU, VISIBLE, devices
from service.version import version

PAUSE_SECONDS = 1.0  # before a scheduler is looked for again


def worker(options: Namespace) -> None:
    """Compute shards for a scheduler until interrupted; while there is none, it is waited for.
    Errors: UsageProblem without the extra that it needs.
    """
    if find_spec("distributed") is None:
        raise UsageProblem("rackrate worker needs dask: pip install 'rackrate[cluster]'")
    asyncio.run(_work(options.scheduler, devices(os.environ)))


def described(own: Sequence[str]) -> str:
    """What workers there are."""
    if not own:
        return f"one worker with {cores()} cores"
    return f"{len(own)} workers, each with a device ({', '.join(own)})"


def workers(own: Sequence[str]) -> list[dict[str, Any]]:
    """What each worker has for itself: a device and its share of the cores, or all cores."""
    if not own:
        return [{}]
    share = str(max(1, cores() // len(own)))
    return [{"resources": {GPU: 1}, "env": {VISIBLE: one, CORES: share}} for one in own]


async def _work(scheduler: str, own: Sequence[str]) -> None:
    """All workers, until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    _say(f"rackrate {version()} works for {scheduler}: {described(own)}")
    tasks = [asyncio.create_task(_serve(scheduler, one)) for one in workers(own)]
    await ended.wait()
    for one in tasks:
        one.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _serve(scheduler: str, own: dict[str, Any]) -> None:
    """A worker process, and another one where it ends, whatever the scheduler does."""
    from distributed import Nanny

    while True:
        try:
            async with Nanny(
                scheduler,
                nthreads=1,  # shards at a time
                memory_limit=None,  # which would be a share of the machine's, and end the worker
                preload=["service.jobs.shards"],
                silence_logs=logging.WARNING,
                **own,
            ) as nanny:
                await nanny.finished()
            _say(f"the scheduler {scheduler} is gone: it is waited for")
        except Exception as error:  # noqa: BLE001 - whatever it is, it may be better later
            _say(f"there is no worker for {scheduler} yet: {error.__cause__ or error}")
        await asyncio.sleep(PAUSE_SECONDS)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
