"""The sweeps by which devices are tried: what each of them brings."""

from economics import run
from economics.sweeps.spec import Cells
from kernels.grids.engine_table import CUDA
from service.cli import gpu_trials


def test_each_brings_what_the_others_lack():
    found = dict(gpu_trials.trials())
    assert list(found) == ["cost", "present-value", "yearly-flows"]
    assert all(
        isinstance(one.reduction, Cells) and one.backend == "numpy" for one in found.values()
    )
    axes = {
        name: max(len(each.needed_axes) for each in one.evaluations) for name, one in found.items()
    }
    assert axes == {"cost": 8, "present-value": 6, "yearly-flows": 5}
    operations = {
        name: max(each.traced.operations for each in one.evaluations) for name, one in found.items()
    }
    assert 0 < operations["cost"] < operations["present-value"] < 100 < operations["yearly-flows"]


def test_devices_take_them_as_long_as_they_are():
    for name, prepared in gpu_trials.trials():
        assert prepared.grid.size > 500_000, name
        for one in prepared.evaluations:
            one.on(CUDA).check()


def test_flows_are_yearly_and_losses_wait():
    finance = gpu_trials.trial("yearly-flows")["scenario"]["finance"]
    assert (finance["periods_per_year"], finance["loss_treatment"]) == (1, "carry_forward")
    assert finance["debt_fraction"]["value"] > 0.0
    assert gpu_trials.trial("present-value")["scenario"]["finance"]["periods_per_year"] == 4


def test_some_cells_of_flows_have_no_rate_of_return(monkeypatch):
    real = gpu_trials.trial
    monkeypatch.setattr(
        gpu_trials,
        "trial",
        lambda name: {**real(name), "axes": [{**axis, "count": 4} for axis in real(name)["axes"]]},
    )
    table = run(dict(gpu_trials.trials())["yearly-flows"])
    assert 0 < (table.columns["equity_irr_per_year_status"].values == 0).mean() < 1
