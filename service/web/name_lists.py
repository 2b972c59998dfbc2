"""Which names there are, as schemas: each one of those that are closed, and what others look like.
Records say of which kind a text is (`economics.vocabulary.name_kinds`).
"""

from collections.abc import Iterable
from typing import Any

from economics.models.reasons import WORDS
from economics.models.registry import status_words
from economics.scenario import catalog
from economics.sweeps.batch import REFUSED
from economics.vocabulary.name_kinds import NAMES
from kernels.language.caches import cached
from service.web.named_scenarios import scenario_names
from service.web.problems import FAULT, KINDS, WRONG_METHOD, type_of
from service.web.quantities import quantities

REFERENCE = "#/components/schemas/{name}"
Schema = dict[str, Any]


@cached()
def name_schemas() -> dict[str, Schema]:
    """Every kind of name."""
    known = quantities()
    return {
        "QuantityName": _closed("A quantity that can be asked for.", known.quantities),
        "ScenarioField": _closed("A number of a scenario, by its flat name.", known.fields),
        "TargetName": {
            "description": (
                "A quantity; one year of a quantity by year, as in book_value_usd_per_rack[3]; or"
                " a field."
            ),
            "anyOf": [_reference("QuantityName"), _open(["book_value_usd_per_rack[3]", "pue"])],
        },
        "FieldName": {
            "description": (
                "A number of a scenario: a field; one of a tranche, as in"
                " tranches[0].hours_fraction; one of a method, as in book_depreciation_life_years;"
                " or `given.` and the name of a quantity, which is then stated."
            ),
            "anyOf": [
                _reference("ScenarioField"),
                _open(["tranches[0].hours_fraction", "given.it_capex_usd_per_rack"]),
            ],
        },
        "Status": _closed(
            "ok, or why there is no value: GET /v1/quantities lists those of each quantity.",
            sorted({*status_words(), *WORDS, REFUSED}),
        ),
        "ScenarioName": _closed("A shipped scenario.", scenario_names()),
        "CatalogKind": _closed("A kind of catalog rows.", catalog.KINDS),
        "ProblemType": _closed(
            "A kind of problem; it does not change.",
            (type_of(kind.name) for kind in (*KINDS.values(), WRONG_METHOD, FAULT)),
        ),
    }


def with_names(schema: Any) -> Any:
    """A schema with each text that is said to be a name as the schema of such names."""
    if isinstance(schema, list):
        return [with_names(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kind = schema.get(NAMES)
    if not isinstance(kind, str) or kind not in name_schemas():
        return {key: with_names(inner) for key, inner in schema.items()}
    about = {key: schema[key] for key in ("description",) if key in schema}
    return {**about, **_reference(kind)}


def _reference(name: str) -> Schema:
    return {"$ref": REFERENCE.format(name=name)}


def _closed(description: str, names: Iterable[str]) -> Schema:
    return {"description": description, "type": "string", "enum": list(names)}


def _open(examples: list[str]) -> Schema:
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "pattern": r"^[A-Za-z][A-Za-z0-9_.\[\]]*$",
        "examples": examples,
    }
