"""Images and containers by Docker, or by podman, which has the same commands."""

import json
import shutil
import subprocess
import time


class Docker:
    """An engine by the name of its program."""

    def __init__(self, name):
        self.name = name

    def missing(self):
        """Why it cannot be used here; empty if it can."""
        if shutil.which(self.name) is None:
            return "not installed"
        asked = subprocess.run([self.name, "ps"], capture_output=True, check=False, timeout=60)
        return "" if asked.returncode == 0 else "installed, but no engine answers"

    def build(self, target, folder):
        """The image of a target, of the Dockerfile in a folder."""
        form = ("--format", "docker") if self.name == "podman" else ()  # others lack health checks
        words = ("--target", target, "--tag", f"rackrate:{target}", str(folder))
        subprocess.run([self.name, "build", *form, *words], check=True)

    def config(self, target):
        """What the image says of itself: its user, health check, command, environment."""
        found = self._inspected(target)
        return {"Healthcheck": found.get("Healthcheck"), **found["Config"]}  # podman has it beside

    def size(self, target):
        """Bytes of the image."""
        return self._inspected(target)["Size"]

    def _inspected(self, target):
        asked = [self.name, "image", "inspect", f"rackrate:{target}"]
        return json.loads(subprocess.run(asked, check=True, capture_output=True).stdout)[0]

    def start(self, target, config, keys):
        """A container that runs what the image says."""
        command = [
            *(self.name, "run", "--detach", "--network", "none"),
            *("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
            *("--volume", f"{keys}:/run/keys:ro", "--env", "RACKRATE_API_KEYS_FILE=/run/keys"),
            f"rackrate:{target}",
        ]
        started = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return Container(self.name, started.stdout.strip())


class Container:
    """What runs, by its id."""

    def __init__(self, engine, identity):
        self.engine, self.identity = engine, identity

    def run(self, words, given=b""):
        """What a command says that is run in it, with `given` on its standard input."""
        command = [self.engine, "exec", "--interactive", self.identity, *words]
        return subprocess.run(command, input=given, capture_output=True, check=False, timeout=120)

    def runs(self):
        """Whether it still does."""
        return self._state("Running") == "true"

    def log(self):
        """What it has said."""
        asked = [self.engine, "logs", self.identity]
        return subprocess.run(
            asked, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ).stdout

    def end(self, seconds):
        """Send it SIGTERM, and remove it: its exit code, the seconds that it took, its log."""
        began = time.monotonic()
        self._do("stop", "-t", str(seconds), self.identity)
        took = time.monotonic() - began
        code, said = int(self._state("ExitCode")), self.log()
        self._do("rm", "--volumes", self.identity)
        return code, took, said

    def _state(self, name):
        words = ("inspect", "--format", f"{{{{.State.{name}}}}}", self.identity)
        return self._do(*words).stdout.strip()

    def _do(self, *words):
        return subprocess.run([self.engine, *words], check=True, capture_output=True, text=True)
