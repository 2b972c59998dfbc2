"""The function of one cell as CUDA C++: registers that suffice, scratch
memory where they would not.
"""

from kernels_chance import TABLES, XP, light, table
from kernels_chance import searched as search

from kernels.engines.cuda.cells import MOST_HELD, Cell
from kernels.engines.cuda.operations import is_light
from kernels.engines.cuda.source import module
from kernels.engines.rows.layout import in_rows
from kernels.trace.tracer import Tracer

SHAPE = (3, 4, 5)


def laid(formula, tables, cells=2, shape=SHAPE):
    tracer = Tracer(shape, 0, XP)
    return in_rows(formula(*map(tracer.lift, tables), tracer), shape, cells)[1]


def test_few_operations_are_left_to_the_compiler():
    layout = laid(light, TABLES[:3])
    assert is_light(layout)
    text = Cell(layout).write()
    assert "job.keep" not in text
    assert "Job::look" not in text


def sums(width):
    """So many values that are read again after all of them are made."""

    def formula(a, b, xp):
        made = [a * float(k) + b for k in range(width)]
        low, high = made[0], made[-1]
        for one in made:
            low, high = low + one * b, high * one
        for one in reversed(made):
            low = low - one * high
        return [low, high]

    return formula


def test_what_does_not_fit_into_registers_goes_to_slots_that_are_used_again():
    layout = laid(sums(400), (table(0), table(1, 2)))
    assert not is_light(layout)
    cell = Cell(layout)
    text = cell.write()
    assert 400 - MOST_HELD <= text.count("job.keep(") <= 400
    assert cell.slot_count <= 400
    several = laid(
        lambda a, b, xp: [sum(sums(100)(a + float(k), b, xp)) for k in range(5)],
        (table(0), table(1, 2)),
    )
    cell = Cell(several)
    assert cell.write().count("job.keep(") > 2 * cell.slot_count


def test_nothing_of_a_long_plan_is_constant_for_the_front_end():
    """Chains of `const` values make the compiler's front end try to fold them, which takes it twice
    as long for each.
    """
    for formula, tables in ((sums(400), (table(0), table(1, 2))), (search, TABLES[:3])):
        text = module(laid(formula, tables), "fill")[0]
        assert "const double v" not in text
        assert "const bool v" not in text
