"""How laws are tried: a few examples of each, the same ones on every run; in full, again the same
ones, by `--hypothesis-profile=full`; `--hypothesis-profile=hunt` draws new and many more of them.
What the tests of CUDA have run is said at the end. Jobs that somebody has here are not touched.
"""

import os
import tempfile

import pytest
import tally
from hypothesis import HealthCheck, Phase, settings

NOT_TRIED = "not tried"  # in the reason for which something is skipped that is not to be missed

settings.register_profile(
    "full",
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=80,
    suppress_health_check=list(HealthCheck),
)
settings.register_profile("few", parent=settings.get_profile("full"), max_examples=16)
settings.register_profile(
    "hunt",
    parent=settings.get_profile("full"),
    derandomize=False,
    max_examples=3000,
    phases=[Phase.generate],
)
settings.load_profile("few")


def pytest_configure(config):
    """Keep jobs in a folder of the session, where nothing else is said."""
    state = tempfile.TemporaryDirectory(prefix="rackrate-")
    config.add_cleanup(state.cleanup)
    os.environ["XDG_STATE_HOME"] = state.name


@pytest.fixture(scope="session")
def url():
    """The address of a service on loopback, the same for all tests of a process."""
    from serving import serving

    with serving() as address:
        yield address


def pytest_sessionfinish(session):
    """Hand what was seen to the process that started this one."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["executor"] = tally.packed()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Take what another process has seen."""
    tally.add(getattr(node, "workeroutput", {}).get("executor", {"counts": {}, "plans": []}))


def pytest_terminal_summary(terminalreporter):
    """Say what was seen, and what could not be tried."""
    skipped = {one.longrepr[2] for one in terminalreporter.stats.get("skipped", ())}
    for reason in sorted(reason for reason in skipped if NOT_TRIED in reason):
        terminalreporter.write_line(reason.removeprefix("Skipped: "))
    if tally.PLANS or tally.COUNTS:
        terminalreporter.write_line(tally.line())
