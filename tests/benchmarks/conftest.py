"""After the benchmarks: each question's answers per second, as ratios to its rival of the same run."""

import statistics


def pytest_terminal_summary(terminalreporter, config):
    session = getattr(config, "_benchmarksession", None)
    groups: dict[str, list] = {}
    for bench in session.benchmarks if session else ():
        if bench.extra_info.get("cells"):
            groups.setdefault(bench.group, []).append(bench)
    for group, benches in sorted(groups.items()):
        speeds = {bench.name: bench.extra_info["cells"] / statistics.median(bench.stats.data) for bench in benches}
        rival = next((b.name for b in benches if b.extra_info.get("rival")), None)
        terminalreporter.write_sep("-", group)
        for name, speed in sorted(speeds.items(), key=lambda item: -item[1]):
            ratio = f"{speed / speeds[rival]:10.1f} x" if rival else ""
            terminalreporter.write_line(f"{name:55} {speed / 1e6:12.2f} M/s {ratio}")
    for line in getattr(config, "measured_memory", ()):
        terminalreporter.write_line(line)
