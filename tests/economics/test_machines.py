"""Names of machines and of slices of TPUs: what they say of their accelerators."""

import pytest

from economics.scenario.machines import accelerators_of, chips_of


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        ("a2-highgpu-4g", ("A100", 4.0)),
        ("a2-megagpu-16g", ("A100", 16.0)),
        ("a2-ultragpu-1g", ("A100-80GB", 1.0)),
        ("a3-ultragpu-8g", ("H200", 8.0)),
        ("g2-standard-24", ("L4", 2.0)),
        ("g2-standard-32", ("L4", 1.0)),
        ("n1-highmem-8", None),
        ("x9-highgpu-8g", None),
    ],
)
def test_machines_that_name_their_accelerators(machine, said):
    assert accelerators_of(machine) == said


@pytest.mark.parametrize(
    ("gpu", "said"),
    [
        ("tpu-v3-8", ("tpu-v3", 4.0)),
        ("tpu-v5p-12288", ("tpu-v5p", 6144.0)),
        ("TPU-v5litepod-4", ("tpu-v5litepod", 4.0)),
        ("tpu-v6e-256", ("tpu-v6e", 256.0)),
        ("tpu-v99-8", ("tpu-v99", None)),
        ("tpu-v6e-slice", ("tpu-v6e-slice", 1.0)),
        ("H100", None),
    ],
)
def test_slices_of_tpus_are_so_many_chips(gpu, said):
    assert chips_of(gpu) == said
