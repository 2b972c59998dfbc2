"""Pages as HTML, made once each."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from kernels.language.caches import cached
from service.web.openapi import document
from service.web.pages import views
from service.web.problems import NotThere
from service.web.quantities import quantities

FOLDER = Path(__file__).parent
CODE = re.compile("`([^`]+)`")
STYLE = FOLDER / "style.css"
ALONE = {"index": "The API", "quantities": "Quantities", "fields": "Fields", "problems": "Problems"}


@cached()
def page(name: str) -> bytes:
    """A page that there is one of. Errors: NotThere."""
    if name not in ALONE:
        raise _nothing(name)
    return _rendered(name, title=ALONE[name], names=quantities())


@cached(256)
def operation_page(name: str) -> bytes:
    """The page of an operation. Errors: NotThere."""
    found = next((one for one in views.operations() if one.name == name), None)
    if found is None:
        raise _nothing(name)
    return _rendered("operation", title=found.said["summary"], operation=found)


@cached(1024)
def record_page(name: str) -> bytes:
    """The page of a record, or of a kind of name. Errors: NotThere."""
    if name not in views.records():
        raise _nothing(name)
    return _rendered("record", title=name, name=name, record=views.records()[name])


def prose(text: str) -> Markup:
    """A text of the document as HTML: what it has between backticks is code."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  it is escaped


def _nothing(name: str) -> NotThere:
    return NotThere(f"no page is called {name[:100]}; /docs lists them")


def _rendered(template: str, **about: Any) -> bytes:
    return _templates().get_template(f"{template}.html").render(about).encode()


@cached()
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["prose"] = prose
    made.globals |= {"views": views, "document": document(), "alone": ALONE}
    return made
