"""Load on a service from other processes, by wrk (https://github.com/wg/wrk)."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

MISSING = None if shutil.which("wrk") else "wrk is not there: apt-get install wrk"
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = {body}
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("\\nFOUND %d %d %d\\n", latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


def latencies(port, path, body, connections, seconds):
    """Seconds that half of the requests took at most, and 99 of a hundred."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "ask.lua"
        script.write_text(SCRIPT.format(body=f"[==[{json.dumps(body)}]==]"))
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script]
        command.append(f"http://127.0.0.1:{port}{path}")
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    half, most, errors = map(int, said.rpartition("FOUND ")[2].split())
    assert not errors, said
    return half / 1e6, most / 1e6
