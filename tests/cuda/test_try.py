import numpy as np, pytest
from kernels_chance import *
from kernels.cuda import chunks
from kernels.cuda.chunks import Chunks


@pytest.mark.parametrize("seed", range(6))
def test_a(machine, monkeypatch, seed):
    monkeypatch.setattr(chunks, "LONG_ROW", 2)
    m = machine()
    f = light if seed == 0 else searched if seed == 1 else by_chance(seed)
    c = Case(f, TABLES if seed > 1 else TABLES[:3], runner=Chunks, rolls=True)
    c.run(SHAPE)
    c.run((2, 3, 5), others=2, out=True)
    print([l[1:4] for l in m.launches], m.launches[0][4])
