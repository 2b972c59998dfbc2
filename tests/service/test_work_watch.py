"""Whether work may go on."""

import pytest

from service.work.watch import Stopped, TimeOver, Watch


def test_time_is_over_between_steps_only():
    watch = Watch(-1.0, lambda: False)
    watch(2, 2)
    with pytest.raises(TimeOver, match=r"took -1 seconds \(1 of 2 done\), the most that one"):
        watch(1, 2)
    with pytest.raises(TimeOver, match="took -1 seconds, the most"):
        watch()


def test_what_is_stopped_is_stopped_at_its_end_too():
    stopped = []
    watch = Watch(60.0, lambda: bool(stopped))
    watch(1, 2)
    stopped.append(True)
    with pytest.raises(Stopped):
        watch(2, 2)
