"""The application that a server runs: `uvicorn --factory service.web.app:create_app`."""

from service.settings import Settings, read_settings
from service.web import description
from service.web.api import api
from service.web.direct import Direct
from service.web.keys import keys
from service.web.middleware import Front


def create_app(settings: Settings | None = None) -> Front:
    """The service, by settings (default: of the environment). Errors: Problem."""
    given = read_settings() if settings is None else settings
    known = keys(given.api_keys_file) if given.api_keys_file else None
    return Front(Direct(api(given, *description.ROUTES), given.max_body_bytes), known)
