"""The devices of this machine on which shards are computed: one process has one of them for
itself, or there is one process with all cores.
"""

from collections.abc import Mapping

GPU = "GPU"  # the resource of which a worker of a cluster has 1 that has a device for itself
VISIBLE = "CUDA_VISIBLE_DEVICES"  # which of its devices the driver shows to a process


def devices(environment: Mapping[str, str]) -> tuple[str, ...]:
    """All devices that a process with this environment sees, by names for the environment of one
    that is to see it alone.
    """
    from kernels.engines.cuda import device  # with numpy, which few commands need

    count = device.devices()
    stated = [one.strip() for one in environment.get(VISIBLE, "").split(",")]
    shown = [one for one in stated if one] or [str(number) for number in range(count)]
    return tuple(shown[:count])
