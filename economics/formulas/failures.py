"""Failures: how much of a job's time is useful work, and what a useful GPU-hour costs."""


def hour_per_interruption(mtbf_gpu_hour, job_gpu):
    """Hours that a job runs between two interruptions: any one of its GPUs stops all of them."""
    return mtbf_gpu_hour / job_gpu


def goodput_fraction(hour_per_interruption, hours_lost_per_interruption):
    """Share of a job's time that is useful work: what lies between interruptions over that and what
    each of them costs.
    """
    return hour_per_interruption / (hour_per_interruption + hours_lost_per_interruption)


def cost_usd_per_good_gpu_hour(cost_usd_per_gpu_hour, goodput_fraction):
    """Cost of a sold GPU-hour of useful work: lost and repeated work is paid for too."""
    return cost_usd_per_gpu_hour / goodput_fraction
