"""Several server processes of one service: each keeps a copy of its metrics in a folder that all
know, so that whichever is asked tells those of all.
"""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import msgspec

from service.web.front.exposition import exposition
from service.web.front.metrics import Metrics, Snapshot

EVERY_SECONDS = 1.0
SUFFIX = ".metrics"


class SharedMetrics:
    """The metrics of this process, and in a folder those of the others."""

    def __init__(self, own: Metrics, folder: str | None) -> None:
        self.own, self._folder = own, Path(folder) if folder else None
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Count from now on, and keep a copy where there is a folder. Errors: OSError."""
        self.own.start()
        self._go_on()

    def stop(self) -> None:
        """Keep the last copy."""
        if self._timer is not None and self._folder is not None:
            self._timer.cancel()
            with suppress(OSError):
                self._keep(self._folder)

    def text(self) -> str:
        """The metrics of all processes, those of the others at most a second old."""
        own, others = self.own.snapshot(), self._others()
        running = [one for one in others if _runs(one.process)]
        return exposition([own, *running], [one for one in others if one not in running])

    def _go_on(self) -> None:
        if self._folder is not None:
            self._keep(self._folder)
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(EVERY_SECONDS, self._go_on)

    def _keep(self, folder: Path) -> None:
        whole = folder / f"{os.getpid()}{SUFFIX}"
        part = whole.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(self.own.snapshot()))
        part.replace(whole)

    def _others(self) -> list[Snapshot]:
        found = []
        for path in self._folder.glob(f"*{SUFFIX}") if self._folder else ():
            if path.stem != str(os.getpid()):
                with suppress(OSError, msgspec.MsgspecError):
                    found.append(msgspec.json.decode(path.read_bytes(), type=Snapshot))
        return found


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
