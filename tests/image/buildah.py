"""Images by buildah where no engine runs, and containers of them by the tools of util-linux: a
container has its own mounts, processes and network, a read-only root, and no capability.

`buildah run` would do without Docker too, but it cannot make the root read-only.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from base import BASE, make_base

NEEDS = ("buildah", "debootstrap", "unshare", "nsenter", "setpriv", "chroot", "ip")
# ROOT DATA KEYS USER COMMAND...: the first process of a container. Only what it needs of /dev.
FIRST = """
set -e
root=$1 data=$2 keys=$3 user=$4; shift 4
mount --bind "$root" "$root"
mount --bind "$data" "$root/var/lib/rackrate"
touch "$root/run/keys"
mount --bind "$keys" "$root/run/keys"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 dev "$root/dev"
for one in null zero full random urandom; do
    touch "$root/dev/$one"
    mount --bind "/dev/$one" "$root/dev/$one"
done
mkdir "$root/dev/shm"
mount -t tmpfs -o mode=1777,size=64m shm "$root/dev/shm"
mount -o remount,bind,ro "$root"
ip link set lo up
exec setpriv --no-new-privs chroot --userspec="$user" --groups= "$root" "$@"
"""


class Buildah:
    """Its images are in a folder of their own."""

    name = "buildah"

    def __init__(self, store):
        self.store = store
        folders = ("--root", f"{store}/store", "--runroot", f"{store}/run")
        self.command = ("buildah", *folders, "--storage-driver", "vfs")

    def missing(self):
        """Why it cannot be used here; empty if it can."""
        lacking = [name for name in NEEDS if shutil.which(name) is None]
        if lacking:
            return f"{', '.join(lacking)} not installed"
        return "" if os.geteuid() == 0 else "needs root"

    def build(self, target, folder):
        """The image of a target, of the Dockerfile in a folder; the base only if it is not there
        yet.
        """
        self.store.mkdir(parents=True, exist_ok=True)
        if self.answer("images", "--quiet", "--filter", f"reference={BASE}") == "":
            make_base(self.command)
        how = ("--isolation", "chroot", "--format", "docker", "--build-arg", f"BASE={BASE}")
        words = ("--target", target, "--tag", f"rackrate:{target}", str(folder))
        subprocess.run([*self.command, "bud", *how, *words], check=True)

    def config(self, target):
        """What the image says of itself: its user, health check, command, environment."""
        return self._inspected(target)["Docker"]["config"]

    def size(self, target):
        """Bytes of the image."""
        (found,) = json.loads(self.answer("images", "--json", f"rackrate:{target}"))
        number, unit = found["size"].split()
        return float(number) * {"MB": 1e6, "GB": 1e9}[unit]

    def _inspected(self, target):
        return json.loads(self.answer("inspect", "--type", "image", f"rackrate:{target}"))

    def start(self, target, config, keys):
        """A container that runs what the image says."""
        container = self.answer("from", f"localhost/rackrate:{target}")
        return Container(self, container, config, keys)

    def answer(self, *words):
        """What buildah prints."""
        done = subprocess.run([*self.command, *words], check=True, stdout=subprocess.PIPE)
        return done.stdout.decode().strip()


class Container:
    """What runs, of an image that buildah has unpacked."""

    def __init__(self, engine, name, config, keys):
        self.engine, self.name = engine, name
        self.root = engine.answer("mount", name)
        self.environment = [*config["Env"], "RACKRATE_API_KEYS_FILE=/run/keys"]
        self.folder, self.user = config["WorkingDir"], config["User"]
        self.place = tempfile.TemporaryDirectory()
        data, self.output = Path(self.place.name) / "data", Path(self.place.name) / "log"
        data.mkdir()
        os.chown(data, *map(int, self.user.split(":")))
        first = ["sh", "-c", FIRST, "sh", self.root, str(data), str(keys), self.user]
        own = ["--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child"]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                ["unshare", *own, *first, *self._words(config["Cmd"])],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _words(self, words):
        into = ["sh", "-c", 'cd "$0" && exec "$@"', self.folder, *words]
        return ["/usr/bin/env", "--ignore-environment", *self.environment, *into]

    def run(self, words, given=b""):
        """What a command says that is run in it, with `given` on its standard input."""
        user, group = self.user.split(":")
        spaces = ["--target", str(self._first()), "--mount", "--pid", "--net", "--ipc", "--uts"]
        rights = ["--root", "--setgid", group, "--setuid", user]
        command = ["nsenter", *spaces, *rights, *self._words(words)]
        return subprocess.run(command, input=given, capture_output=True, check=False, timeout=120)

    def _first(self):
        """The number that its first process has outside."""
        number = self.process.pid
        children = Path(f"/proc/{number}/task/{number}/children")
        while not (found := children.read_text().split()):
            assert self.runs(), self.log()
            time.sleep(0.01)
        return int(found[0])

    def runs(self):
        """Whether it still does."""
        return self.process.poll() is None

    def log(self):
        """What it has said."""
        return self.output.read_text()

    def end(self, seconds):
        """Send it SIGTERM, and remove it: its exit code, the seconds that it took, its log."""
        began = time.monotonic()
        if self.runs():
            os.kill(self._first(), signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        took = time.monotonic() - began
        said = self.log()
        self.engine.answer("rm", self.name)
        self.place.cleanup()
        return code, took, said
