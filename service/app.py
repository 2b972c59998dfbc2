"""The application that a server runs: `uvicorn --factory service.app:create_app`."""

from service.api import api
from service.front import Front
from service.keys import keys
from service.routes import description
from service.settings import Settings
from service.settings import settings as from_environment


def create_app(settings: Settings | None = None) -> Front:
    """The service, by settings (default: of the environment). Errors: Problem."""
    given = from_environment() if settings is None else settings
    known = keys(given.api_keys_file) if given.api_keys_file else None
    return Front(api(given, *description.ROUTES), known)
