"""Who may call tools: pages and hosts that are known, so that no web page reaches this machine by a
name of its own (DNS rebinding).
"""

import re

from service.setting_sources import PREFIX
from service.settings import Settings, is_loopback
from service.web.problems import WrongHost, WrongOrigin

PAGES = ("http", "https")
ADDRESS = re.compile(r"([\w.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
VARIABLE = f"{PREFIX}AGENT_HOSTS"


def check_caller(host: str, origin: str, settings: Settings) -> None:
    """Whether a request names a host that is ours, and comes from no page but one of ours. Errors:
    WrongHost, WrongOrigin.
    """
    if not _is_ours(host, settings):
        raise WrongHost(
            f"Host: {host[:100] or 'none'} is no address of loopback and none of {VARIABLE}"
        )
    scheme, _, page = origin.partition("://")
    if origin and not (scheme in PAGES and _is_ours(page, settings)):
        raise WrongOrigin(
            f"Origin: {origin[:100]} is no page of loopback and of none of {VARIABLE}"
        )


def _is_ours(address: str, settings: Settings) -> bool:
    named = ADDRESS.fullmatch(address)
    name = named[1].lower() if named else ""
    return is_loopback(name) or name in settings.agent_hosts
