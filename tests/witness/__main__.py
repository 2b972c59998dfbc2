"""Everything that the program answers, written down, so that two trees of it can be compared.

    python tests/witness record TREE OUT.json
    python tests/witness compare OLD.json NEW.json

A record has entries by name; each keeps values (numbers to the last bit, names, codes, units) apart
from text (tables for people, messages, help, descriptions). `compare` prints every difference, and
exits with 1 if a value differs. What differs from run to run (times, versions, paths) is masked.

Only surfaces that stay are used: the command line, HTTP, and the public names of `economics`. Where
an inner name is needed, the module that defines it is looked up in the tree.
"""

import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

import devices  # noqa: F401  each group registers itself
import groups  # noqa: F401
import over_http  # noqa: F401
from comparison import compare
from entries import RECORDS, Caught, Record

AT_ONCE = 2  # groups that run at the same time


def remember():
    """Let near names be looked for once each: a scenario is asked for many names it lacks."""
    known, found = difflib.get_close_matches, {}

    def matches(word, possibilities, n=3, cutoff=0.6):
        key = word, tuple(possibilities), n, cutoff
        if key not in found:
            found[key] = known(word, key[1], n, cutoff)
        return list(found[key])

    difflib.get_close_matches = matches


def make(tree, name, out):
    """Write the entries of one group, in a process that imports the tree."""
    remember()
    import economics

    where = Path(economics.__file__).resolve()
    assert where.is_relative_to(tree), f"economics is that of {where}, not of {tree}"
    record, ended = Record(), "whole"
    with Caught() as caught:
        RECORDS[name](record)
    if caught.error is not None:
        traceback.print_exception(caught.error)
        ended = f"{type(caught.error).__name__}: {caught.error}"
    record.add(f"group {name}", {"ended": ended})
    Path(out).write_text(json.dumps({f"{name}: {k}": v for k, v in record.entries.items()}))


def started(tree, name, folder):
    """Run one group in a process of its own; returns its entries."""
    began, here, out = time.perf_counter(), Path(folder) / name, Path(folder) / f"{name}.json"
    here.mkdir()
    dropped = ("RACKRATE_", "PYTHON", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TTY_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    environment |= {"PYTHONPATH": str(tree), "WITNESS_TREE": str(tree), "HOME": str(here)}
    environment |= {"XDG_CACHE_HOME": str(here / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    run = [
        sys.executable,
        "-P",
        str(Path(__file__).resolve().parent),
        "group",
        str(tree),
        name,
        str(out),
    ]
    done = subprocess.run(run, cwd=here, env=environment, check=False, timeout=1800)
    found = json.loads(out.read_text()) if out.exists() else {}
    if not found:
        found = {f"{name}: group {name}": {"values": {"ended": done.returncode}, "text": {}}}
    seconds = time.perf_counter() - began
    sys.stderr.write(f"{name}: {len(found)} entries, {seconds:.0f} s\n")
    return found


def record_all(tree, out):
    """Record a tree."""
    tree, folder = Path(tree).resolve(), tempfile.mkdtemp(prefix="witness-")
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            parts = list(pool.map(lambda name: started(tree, name, folder), RECORDS))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    whole = {key: entry for part in parts for key, entry in part.items()}
    Path(out).write_text(json.dumps(whole, indent=0))
    broken = [key for key, one in whole.items() if one["values"] not in (None, {}) and ended(one)]
    for key in broken:
        sys.stderr.write(f"{key}: {ended(whole[key])}\n")
    sys.stderr.write(f"{len(whole)} entries in {out}\n")
    return 1 if broken else 0


def ended(entry):
    """How a group ended, if not whole."""
    values = entry["values"]
    alone = isinstance(values, dict) and list(values) == ["ended"]
    return values["ended"] if alone and values["ended"] != "whole" else None


def main(arguments):
    """Record a tree, compare two records, or (within a record) make one group."""
    if len(arguments) == 3 and arguments[0] == "record":
        return record_all(*arguments[1:])
    if len(arguments) == 3 and arguments[0] == "compare":
        return compare(*arguments[1:])
    if len(arguments) == 4 and arguments[0] == "group":
        make(Path(arguments[1]), *arguments[2:])
        return 0
    sys.stderr.write(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
