"""Numbers as people write them: percentages, and what may have been meant by what is no number."""

import re
from typing import Any

from economics.vocabulary.units import amount_wanted

# No exponent, no thousands separators: "8%", "-2.5 %", ".5%".
PERCENTAGE = r"^\s*[-+]?([0-9]{1,20}(\.[0-9]{0,20})?|\.[0-9]{1,20})\s*%\s*$"
WHOLE = 100.0  # percent
ABOUT = ("description", "default")  # of a schema: what is said beside the shape
THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}([,_' ])[0-9]{3}(\1[0-9]{3})*(\.[0-9]+)?")
DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
PLAIN = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


def percentage(text: str) -> float | None:
    """The number that a text such as "8%" says, 0.08 to the last bit; None if it says none."""
    if "%" not in text or not re.match(PERCENTAGE, text):
        return None
    return float(f"{text.replace('%', '').strip()}e-2")


def without_numpy(value: Any) -> Any:
    """A number or a list as it is; an array, or a number of one, as plain numbers."""
    return value.tolist() if hasattr(value, "tolist") else value


def number(text: str) -> float:
    """The number that a text says, be it in percent. Errors: ValueError."""
    found = percentage(text)
    return float(text) if found is None else found


def hint(value: Any, least: float, most: float) -> str:
    """What may have been meant by what is no number from `least` to `most`: "" where nothing is
    likely.
    """
    if isinstance(value, str):
        return _meant_by(value.strip())
    share = most <= 1.0 and isinstance(value, int | float) and not isinstance(value, bool)
    if share and 1.0 < abs(value) <= WHOLE and least <= value / WHOLE <= most:
        text = f"{float(value):.15g}"
        return f'; did you mean {float(f"{text}e-2")!r} or "{text}%"?'
    return ""


def _meant_by(text: str) -> str:
    """The number that is likely meant by a text that is none."""
    if len(text) > 40:
        return ""
    if THOUSANDS.fullmatch(text):
        plain = re.sub(r"[,_' ]", "", text)
    elif DECIMAL_COMMA.fullmatch(text):
        plain = text.replace(",", ".")
    else:
        plain = text
    return f"; did you mean {plain}, without quotes?" if PLAIN.fullmatch(plain) else ""


def with_percentages(schema: Any) -> Any:
    """A JSON schema whose numbers may be written in percent too, but for amounts."""
    if isinstance(schema, list):
        return [with_percentages(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "number":
        about = {key: schema[key] for key in ABOUT if key in schema}
        bare = {key: value for key, value in schema.items() if key not in about}
        return {"anyOf": [bare, {"type": "string", "pattern": PERCENTAGE}], **about}
    found = {
        key: inner if amount_wanted(key) else with_percentages(inner)
        for key, inner in schema.items()
    }
    if "anyOf" in found:
        found["anyOf"] = [
            inner
            for one in found["anyOf"]
            for inner in (one["anyOf"] if set(one) == {"anyOf"} else [one])
        ]
    return found
