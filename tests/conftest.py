"""How laws are tried: a few examples of each, the same ones on every run; in full, again the same
ones, by `--hypothesis-profile=full`; `--hypothesis-profile=hunt` draws new and many more of them.
"""

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "full",
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=80,
    suppress_health_check=list(HealthCheck),
)
settings.register_profile("few", parent=settings.get_profile("full"), max_examples=16)
settings.register_profile(
    "hunt",
    parent=settings.get_profile("full"),
    derandomize=False,
    max_examples=3000,
    phases=[Phase.generate],
)
settings.load_profile("few")
