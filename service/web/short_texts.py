"""Texts and values of requests as problems quote them: short and plain."""

from typing import Any

from economics.vocabulary.problems import shown

LONGEST_TEXT = 2000  # characters of a text that is sent
LONGEST_VALUE = 200  # of a value that is quoted back
CUT = " ... (cut)"


def clipped(text: str) -> str:
    """A text; one that is too long ends at a word, and says that it is cut."""
    if len(text) <= LONGEST_TEXT:
        return text
    kept = text[: LONGEST_TEXT - len(CUT) + 1]
    return (kept.rpartition(" ")[0] or kept[:-1]) + CUT


def plain(value: Any) -> Any:
    """A value that JSON can say and that is short; what is neither is quoted."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if -(2.0**53) <= value <= 2.0**53 else shown(value)
    return value if isinstance(value, str) and len(value) <= LONGEST_VALUE else shown(value)
