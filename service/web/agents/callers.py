"""Who may call tools: pages and hosts that are known, so that no web page reaches this machine by a
name of its own (DNS rebinding).
"""

from urllib.parse import urlsplit

from service.settings import PREFIX, Settings, is_loopback
from service.web.problems import WrongHost, WrongOrigin

VARIABLE = f"{PREFIX}AGENT_HOSTS"


def check_caller(host: str, origin: str, settings: Settings) -> None:
    """Whether a request names a host that is ours, and comes from no page but one of ours. Errors:
    WrongHost, WrongOrigin.
    """
    if not _is_known(f"//{host}", settings):
        raise WrongHost(
            f"Host: {host[:100] or 'none'} is no address of loopback and none of {VARIABLE}"
        )
    if origin and not _is_known(origin, settings):
        raise WrongOrigin(
            f"Origin: {origin[:100]} is no page of loopback and of none of {VARIABLE}"
        )


def _is_known(address: str, settings: Settings) -> bool:
    try:
        parts = urlsplit(address)
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    plain = name is not None and not (parts.username or parts.path or parts.query or parts.fragment)
    return plain and (is_loopback(name or "") or name in settings.agent_hosts)
