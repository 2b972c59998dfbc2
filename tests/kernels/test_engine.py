"""What a runner is: every engine has one that does all that the protocol says."""

from inspect import signature

import pytest

from kernels.engines.engine import Runner
from kernels.grids.engine_table import ENGINES

VERBS = [name for name in vars(Runner) if name[0] != "_"]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda one: one.name)
def test_every_engine_has_a_runner(engine):
    kind = engine.runner()
    assert "fill" in VERBS
    for verb in VERBS:
        asked = list(signature(getattr(Runner, verb)).parameters)
        assert list(signature(getattr(kind, verb)).parameters)[: len(asked)] == asked, verb
