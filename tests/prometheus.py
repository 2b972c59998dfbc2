"""A strict reader of Prometheus's text format 0.0.4: what it does not take, Prometheus may not."""

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")
PARTS = ("_bucket", "_sum", "_count")


def samples(text):
    """Values by (name, labels as a frozenset); fails where the text is not as it should be."""
    assert text.endswith("\n")
    kinds, found, closed, current = {}, {}, set(), None
    for line in text.splitlines():
        if line.startswith("# "):
            _, word, name, said = line.split(" ", 3)
            if word == "HELP":
                assert name not in closed, f"{name} stands twice"
                closed.add(name)
                current = name
            else:
                assert (word, name) == ("TYPE", current)
                assert said in ("counter", "gauge", "histogram")
                kinds[name] = said
            continue
        match = SAMPLE.fullmatch(line)
        assert match, line
        name = match[1]
        family = current if kinds[current] != "histogram" else name.removesuffix(part_of(name))
        assert family == current, f"{name} outside its family"
        labels = re.findall(LABEL, match[2] or "")
        assert len(dict(labels)) == len(labels), line
        key = name, frozenset(labels)
        assert key not in found, f"{line} stands twice"
        found[key] = float(match[match.lastindex])
    check_histograms(found, [name for name, kind in kinds.items() if kind == "histogram"])
    assert all(value >= 0.0 for (name, _), value in found.items() if kinds.get(name) == "counter")
    return found


def part_of(name):
    return next(part for part in PARTS if name.endswith(part))


def check_histograms(found, names):
    """Counts of buckets only rise, and the last one is the count."""
    for name in names:
        series = {}
        for (sample, labels), value in found.items():
            if sample == f"{name}_bucket":
                bound = dict(labels)["le"]
                rest = frozenset(one for one in labels if one[0] != "le")
                series.setdefault(rest, []).append((float(bound), value))
        for rest, buckets in series.items():
            counts = [count for _, count in sorted(buckets)]
            assert counts == sorted(counts)
            assert max(buckets)[0] == float("inf")
            assert counts[-1] == found[f"{name}_count", rest]
            assert (f"{name}_sum", rest) in found


def value(text, name, **labels):
    """The sum of the samples of a name that have these labels among theirs."""
    wanted = set(labels.items())
    found = [
        one
        for (sample, stated), one in samples(text).items()
        if sample == name and wanted <= stated
    ]
    assert found, f"no {name} with {labels}"
    return sum(found)
