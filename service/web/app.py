"""The application that a server runs."""

import logging
import os

from service.setting_sources import unknown_settings
from service.settings import (
    Settings,
    check_anywhere,
    check_data,
    check_engine,
    read_settings,
)
from service.web import description, documentation
from service.web.api import api
from service.web.compression import Compressed
from service.web.direct import Direct
from service.web.front import sources
from service.web.keys import Keys
from service.web.middleware import Front
from service.web.routes import agents
from service.work.pool import Pool

LOG = logging.getLogger("rackrate")


def create_app(settings: Settings | None = None, pool: Pool | None = None) -> Front:
    """The service, by settings (default: of the environment, which must then allow to listen on any
    address, for the server that runs the factory tells none), with worker processes of its own or
    those of a pool. Errors: Problem.
    """
    if settings is None:
        settings = _stated_settings()
        check_anywhere(settings)
    known = Keys(settings.api_keys_file) if settings.api_keys_file else None
    more = (*description.ROUTES, *documentation.ROUTES, *agents.ROUTES)
    routes = api(settings, *more, pool=pool)
    front = Front(Compressed(Direct(routes, settings)), settings, known)
    front.metrics.sources |= sources.of_workers(routes.state.workers)
    front.metrics.sources |= sources.of_jobs(routes.state.desk)
    if known is not None:
        front.metrics.sources |= sources.of_keys(known)
    return front


def create_local_app() -> Front:
    """The service by the settings of the environment, for a loopback address. Errors: Problem."""
    return create_app(_stated_settings())


def _stated_settings() -> Settings:
    settings = read_settings()
    check_engine(settings)
    check_data(settings)
    for name, said in unknown_settings(os.environ, Settings.__struct_fields__).items():
        LOG.warning("%s %s", name, said)
    return settings
