"""How laws are tried: the same examples on every run; `--hypothesis-profile=hunt` draws new and
many more of them.
"""

from hypothesis import HealthCheck, Phase, settings

CHECKS = list(HealthCheck)
settings.register_profile(
    "steady",
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=80,
    suppress_health_check=CHECKS,
)
settings.register_profile(
    "hunt",
    parent=settings.get_profile("steady"),
    derandomize=False,
    max_examples=3000,
    phases=[Phase.generate],
)
settings.load_profile("steady")
