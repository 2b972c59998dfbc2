"""`worker`: workers of a dask scheduler on this machine, one for each of its devices, until a
signal ends them.
"""

import asyncio
import logging
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from kernels.grids.engine_table import CORES, CUDA, cores
from service.cli.parser import UsageProblem
from service.version import version

VISIBLE = "CUDA_VISIBLE_DEVICES"
GPU = "GPU"
PAUSE_SECONDS = 1.0  # before a scheduler is looked for again


def worker(options: Namespace) -> None:
    """Compute shards for a scheduler until interrupted; while there is none, it is waited for.
    Errors: UsageProblem without the extra that it needs.
    """
    if find_spec("distributed") is None:
        raise UsageProblem("rackrate worker needs dask: pip install 'rackrate[cluster]'")
    own = devices(os.environ)
    _say(f"rackrate {version()} works for {options.scheduler}: {described(own)}")
    asyncio.run(_work(options.scheduler, own))


def devices(environment: Mapping[str, str]) -> list[str]:
    """The devices that there are for this process, as the driver names them."""
    if CUDA.missing():
        return []
    from kernels.engines.cuda.device import devices

    stated = [one.strip() for one in environment.get(VISIBLE, "").split(",") if one.strip()]
    return (stated or [str(number) for number in range(devices())])[: devices()]


def described(own: list[str]) -> str:
    """What workers there are."""
    if not own:
        return f"one worker with {cores()} cores"
    return f"{len(own)} workers, each with a device ({', '.join(own)})"


def workers(own: list[str]) -> list[dict[str, Any]]:
    """What each worker has for itself: a device and its share of the cores, or all cores."""
    share = str(max(1, cores() // max(1, len(own))))
    return [{"resources": {GPU: 1}, "env": {VISIBLE: device, CORES: share}} for device in own] or [
        {}
    ]


async def _work(scheduler: str, own: list[str]) -> None:
    """All workers, until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
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
        except (OSError, RuntimeError) as error:
            _say(f"the scheduler {scheduler} cannot be reached: {error}")
        await asyncio.sleep(PAUSE_SECONDS)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
