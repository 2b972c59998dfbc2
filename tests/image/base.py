"""A base image of this machine's release of Debian, where none can be fetched: of the mirror that
apt has here, and with the certificates that are trusted here.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

BASE = "localhost/rackrate-base"
PACKAGES = ("ca-certificates", "python3", "python3-venv")
CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")


def make_base(buildah):
    """The image BASE, by the words with which buildah is called."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        included = f"--include={','.join(PACKAGES)}"
        subprocess.run(
            ["debootstrap", "--variant=minbase", included, release(), str(root), mirror()],
            check=True,
        )
        shutil.copyfile(Path("/") / CERTIFICATES, root / CERTIFICATES)
        shutil.rmtree(root / "var/cache/apt/archives")
        container = answer(*buildah, "from", "scratch")
        archive = Path(folder) / "root.tar"
        subprocess.run(["tar", "-C", str(root), "-cf", str(archive), "."], check=True)
        answer(*buildah, "add", "--quiet", container, str(archive), "/")
        answer(*buildah, "commit", "--quiet", "--format", "docker", container, BASE)
        answer(*buildah, "rm", container)


def release():
    """The code name of this machine's distribution, such as bookworm."""
    return re.search(r"^VERSION_CODENAME=(\w+)$", Path("/etc/os-release").read_text(), re.M)[1]


def mirror():
    """The address from which apt has the packages of this distribution."""
    policy = answer("apt-cache", "policy", "base-files")
    return re.search(rf"(https?://\S+) {release()}/main ", policy)[1]


def answer(*words):
    """What a command prints."""
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
