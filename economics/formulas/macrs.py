"""The printed MACRS tables."""

import tomllib
from importlib.resources import files

from kernels.language.caches import cached


@cached()
def macrs_fractions(recovery_years: int, convention: str) -> tuple[float, ...]:
    """Fraction of the basis by tax year. Source: IRS Pub. 946, appendix A."""
    tables = tomllib.loads((files("configs") / "tables" / "macrs.toml").read_text("utf-8"))
    return tuple(percent / 100.0 for percent in tables[convention][str(recovery_years)])
