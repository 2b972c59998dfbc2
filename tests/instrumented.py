"""The service on a loop that is watched, as a program: `python tests/instrumented.py PORT`.

A line on standard input is answered by one of JSON: the longest time of its thread's processor that
a callback took since the line before, what it was, and how many tasks, descriptors and KiB of
memory there are.
"""

import asyncio
import gc
import json
import os
import sys
import threading
import time
from pathlib import Path

import uvicorn

LONGEST = [0.0, ""]


def watch_callbacks():
    """Each callback of a loop is timed by the clock of its thread."""
    run = asyncio.events.Handle._run

    def timed(handle):
        began = time.thread_time()
        run(handle)
        if (took := time.thread_time() - began) > LONGEST[0]:
            LONGEST[:] = took, repr(handle)[:300]

    asyncio.events.Handle._run = timed


def state():
    """What there is now, with what was longest until now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    found = {
        "seconds": LONGEST[0],
        "callback": LONGEST[1],
        "tasks": len(asyncio.all_tasks()),
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "kib": pages * os.sysconf("SC_PAGESIZE") // 1024,
        "objects": len(gc.get_objects()),
    }
    LONGEST[:] = 0.0, ""
    return found


def answer_lines(loop):
    """Each line of standard input is answered, by the loop."""

    async def said():
        return state()

    for _ in sys.stdin:
        found = asyncio.run_coroutine_threadsafe(said(), loop).result()
        print(json.dumps(found), flush=True)


async def serve(config):
    """The server, and the thread that is asked about it."""
    loop = asyncio.get_running_loop()
    threading.Thread(target=answer_lines, args=(loop,), daemon=True).start()
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    from service.cli.serve import keep_what_is_loaded

    config = uvicorn.Config(
        "service.web.app:create_local_app",
        factory=True,
        http="service.web.connection:Connection",
        port=int(sys.argv[1]),
        loop="asyncio",
        log_level="critical",
        timeout_graceful_shutdown=5,
    )
    config.load()
    keep_what_is_loaded()
    watch_callbacks()
    asyncio.run(serve(config))
