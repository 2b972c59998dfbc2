"""Every difference between two records."""

import difflib
import json
import sys
import types
from pathlib import Path

PLACES = 6  # places that `compare` names of one difference

CLIPPED = 110  # characters of a text that `compare` shows


def leaves(found, place=""):
    """Every leaf of plain data by its path, and the order of every table's names."""
    if isinstance(found, dict):
        yield f"{place} (order of names)", list(found)
        for name, one in found.items():
            yield from leaves(one, f"{place}.{name}")
    elif isinstance(found, list) and any(isinstance(one, dict | list) for one in found):
        yield f"{place} (how many)", len(found)
        for at, one in enumerate(found):
            yield from leaves(one, f"{place}[{at}]")
    else:
        yield place, found


def differing(old, new):
    """Path, before and after of each value that differs."""
    before, after = dict(leaves(old)), dict(leaves(new))
    for place in dict.fromkeys([*before, *after]):
        a, b = (one.get(place, types.SimpleNamespace()) for one in (before, after))
        absent = [isinstance(one, types.SimpleNamespace) for one in (a, b)]
        a, b = ("(none)" if no else json.dumps(one) for no, one in zip(absent, (a, b), strict=True))
        if a != b and not (any(absent) and place.endswith(" (order of names)")):
            yield place, a, b


def reworded(old, new):
    """Place, before and after of each run of lines that differs."""
    for place in dict.fromkeys([*old, *new]):
        a, b = (one.get(place, "").splitlines() for one in (old, new))
        if a == b:
            continue
        for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, False).get_opcodes():
            if tag != "equal":
                yield f"{place} line {i + 1}", "\n".join(a[i:j]), "\n".join(b[k:m])


def clipped(one, other):
    """Two texts, short, from a little before where they first differ."""
    first = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    first = min(len(one), len(other)) if first is None else first
    start = max(0, first - 40)
    for text in (one, other):
        said = text[start : start + CLIPPED]
        more = "..." if start + CLIPPED < len(text) else ""
        yield f"{'...' if start else ''}{said}{more}".replace("\n", " | ")


def compare(old, new):
    """Print every difference of two records, the same ones together; 1 if a value differs."""
    old, new = (json.loads(Path(one).read_text()) for one in (old, new))
    found = {"value": {}, "text": {}}
    for key in dict.fromkeys([*old, *new]):
        if key not in old or key not in new:
            both_sides = ("(none)", "(an entry)") if key in new else ("(an entry)", "(none)")
            found["value"].setdefault(both_sides, []).append(key)
            continue
        for place, *sides in differing(old[key]["values"], new[key]["values"]):
            found["value"].setdefault(tuple(sides), []).append(f"{key}  {place}")
        for place, *sides in reworded(old[key]["text"], new[key]["text"]):
            found["text"].setdefault(tuple(sides), []).append(f"{key}  {place}")
    for kind, changes in found.items():
        for sides, places in changes.items():
            show(kind, sides, places)
    for kind, changes in found.items():
        places = [one for each in changes.values() for one in each]
        entries = {one.partition("  ")[0] for one in places}
        said = f"{len(places)} ({len(changes)} distinct) in {len(entries)} entries"
        sys.stdout.write(f"{kind} differences: {said}\n")
    sys.stdout.write(f"entries: {len(old)} before, {len(new)} after\n")
    return 1 if found["value"] else 0


def show(kind, sides, places):
    """Print a difference and where it is."""
    before, after = clipped(*sides)
    sys.stdout.write(f"{kind}: {before}\n   -> {after}\n")
    for place in places[:PLACES]:
        sys.stdout.write(f"      {place}\n")
    if len(places) > PLACES:
        sys.stdout.write(f"      and {len(places) - PLACES} more places\n")
