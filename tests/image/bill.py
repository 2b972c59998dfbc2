"""The bill of what is in an image (SBOM): its Python packages, by CycloneDX."""

import io
import json
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

# Run in the container: what each of its packages says of itself, as an archive.
COLLECT = """
import io, sys, sysconfig, tarfile
from pathlib import Path
packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w") as archive:
    for path in sorted(Path(sysconfig.get_path("purelib")).glob("*.dist-info")):
        archive.add(path, path.name)
sys.stdout.buffer.write(packed.getvalue())
"""


def write_bill(box, python, target, root):
    """Where the bill of a container's image is, and how many packages it names.

    An environment of this machine gets the descriptions of the packages, and is then described.
    """
    packed = box.run([python, "-"], COLLECT.encode())
    assert packed.returncode == 0, packed.stderr.decode()
    path = root / "dist" / f"rackrate-{target}.cdx.json"
    path.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder)
        (site,) = Path(folder).glob("lib/python*/site-packages")
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(site, filter="data")
        described = ["--pyproject", str(root / "pyproject.toml"), "--output-reproducible"]
        command = [sys.executable, "-m", "cyclonedx_py", "environment", *described]
        subprocess.run([*command, "--output-file", str(path), folder], check=True)
    return path, len(json.loads(path.read_text())["components"])
