"""A server whose loop is watched (`instrumented.py`), and what hostile clients hear of it."""

import asyncio
import json
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import hostile
import server

INSTRUMENTED = Path(__file__).with_name("instrumented.py")
LONGEST_CASE = 15.0  # seconds, of which a connection that is kept stays open for 5


class Watched:
    """A server whose loop is watched."""

    def __init__(self, port, process):
        self.port, self.process = port, process

    def state(self):
        """What `instrumented.py` says, since it was asked last."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    async def send(self, case):
        """Everything that comes back to a case, until the connection is closed."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)

        async def speak():
            with suppress(OSError):
                for part in case.parts:
                    if isinstance(part, float):
                        await asyncio.sleep(part)
                    else:
                        writer.write(part)
                        await writer.drain()

        speaking, parts = asyncio.create_task(speak()), []
        try:
            async with asyncio.timeout(LONGEST_CASE):
                while part := await reader.read(2**20):
                    parts.append(part)
        except ConnectionResetError:
            pass
        finally:
            speaking.cancel()
            writer.close()
        return b"".join(parts)

    def send_all(self, cases, at_once=16):
        """The answers to each case."""

        async def main():
            turns = asyncio.Semaphore(at_once)

            async def one(case):
                async with turns:
                    return case, await self.send(case)

            return await asyncio.gather(*map(one, cases))

        return asyncio.run(main())


@contextmanager
def watched(**settings):
    """A server whose loop is watched, warm."""
    port, own = server.free_port(), server.environment(**settings)
    command = [sys.executable, str(INSTRUMENTED), str(port)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=own, text=True, **pipes) as process:
        found = Watched(port, process)
        try:
            server.wait(server.Server(port, process))
            warm = (hostile.post(b'{"scenario": "%s"}' % one) for one in hostile.SHIPPED)
            found.send_all([hostile.case("warm", one) for one in warm])
            found.state()
            yield found
        finally:
            process.kill()
