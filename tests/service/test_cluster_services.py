"""Services whose jobs a cluster computes, killed at random points: the next one goes on."""

import random
import time

import chaos
import pytest

pytest.importorskip("distributed")

from clusters import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.alone]
ASKED = chaos.sweep(rows=20_000, parts=40)


@pytest.fixture
def cluster():
    """A scheduler and two workers."""
    found = Cluster()
    found.start_scheduler()
    for _ in range(2):
        found.start_worker()
    yield found
    found.close()


@pytest.mark.parametrize("seed", range(2))
def test_a_job_goes_on_where_its_service_was_killed(cluster, tmp_path, seed):
    """Together with a worker, every second time."""
    chance = random.Random(seed)
    with chaos.asking(tmp_path) as jobs:
        number = jobs.submit(ASKED)[0].id
        kept, seen = chaos.Kept(tmp_path, number), {}
        for at, point in enumerate(sorted(chance.sample(range(30), 3))):
            with chaos.driving(tmp_path, 300, cluster.address) as driver:
                chaos.until(lambda: len(kept.finished()) > point)  # noqa: B023
                time.sleep(chance.uniform(0.0, 0.1))
                driver.end()
                if at % 2:
                    cluster.kill_worker(0)
                    cluster.start_worker()
            assert seen.items() <= kept.finished().items()
            seen |= kept.finished()
        assert jobs.status(number).state == "running"
        with chaos.driving(tmp_path, 300, cluster.address):
            assert chaos.ended(jobs, number, 120.0).state == "done"
        assert seen.items() <= kept.finished().items()
        assert kept.contents() == chaos.undisturbed(tmp_path / "undisturbed", ASKED)
