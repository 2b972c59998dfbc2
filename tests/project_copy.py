"""A copy of the project with what docs/extending.md adds in some of its sections."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "extending.md"


def diff_of(section):
    """The diff that a section of the page shows."""
    text = PAGE.read_text().partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.search(r"^```diff\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1]


def copied(root, *sections):
    """The packages in a folder, with the diffs of some sections applied."""
    for package in ("kernels", "economics", "service", "configs"):
        shutil.copytree(
            ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    for section in sections:
        command = ["git", "apply", "-"]
        done = subprocess.run(
            command, cwd=root, input=diff_of(section), text=True, capture_output=True, check=False
        )
        assert done.returncode == 0, (
            f'the diff of "{section}" in docs/extending.md no longer fits: {done.stderr}'
        )
    return root


def told(project, program, *arguments):
    """What a program prints, as JSON, that imports from a copy."""
    command = [sys.executable, "-c", program, *map(json.dumps, arguments)]
    ran = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
