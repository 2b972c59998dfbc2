"""The application that a server runs."""

from service.settings import Settings, check_anywhere, check_engine, read_settings
from service.web import description, documentation
from service.web.api import api
from service.web.compression import Compressed
from service.web.direct import Direct
from service.web.keys import Keys
from service.web.middleware import Front
from service.web.routes import agents
from service.work.pool import Pool


def create_app(settings: Settings | None = None, pool: Pool | None = None) -> Front:
    """The service, by settings (default: of the environment, which must then allow to listen on any
    address, for the server that runs the factory tells none), with worker processes of its own or
    those of a pool. Errors: Problem.
    """
    if settings is None:
        settings = read_settings()
        check_anywhere(settings)
        check_engine(settings)
    known = Keys(settings.api_keys_file) if settings.api_keys_file else None
    more = (*description.ROUTES, *documentation.ROUTES, *agents.ROUTES)
    behind = Direct(api(settings, *more, pool=pool), settings)
    return Front(Compressed(behind), settings, known)


def create_local_app() -> Front:
    """The service by the settings of the environment, for a loopback address. Errors: Problem."""
    settings = read_settings()
    check_engine(settings)
    return create_app(settings)
