"""Where a collaboration project lives, and whether the portal may talk to it."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from psdelivery.registry import Reason

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class ProjectAddress:
    """A GitLab project: its server, and its path there."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """Host and port as the operator's list names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_default = DEFAULT_PORTS.get(self.scheme) == self.port
        return host if is_default else f"{host}:{self.port}"

    @property
    def api(self) -> str:
        """The address of the project's REST API, version 4."""
        path = quote(self.path, safe="")
        return f"{self.scheme}://{self.netloc}/api/v4/projects/{path}"


def project_address(url: str) -> ProjectAddress | None:
    """Read the address of a project's page; None for what is none.

    What comes behind `/-/`, such as the list of its issues, is left out.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    path = parts.path.partition("/-/")[0].strip("/").removesuffix(".git")
    if parts.scheme not in DEFAULT_PORTS or not host or "@" in parts.netloc:
        return None
    if path.count("/") < 1:
        return None
    port = port or DEFAULT_PORTS[parts.scheme]
    return ProjectAddress(parts.scheme, host.lower(), port, path)


def reasons_against_address(url: str) -> list[Reason]:
    """Only an https page of a project; http on this machine in trials alone."""
    found = project_address(url)
    if found is None:
        sentence = _(
            "Type the address of the project: https://gitlab.com/group/project"
        )
        return [Reason("no-project", sentence)]
    is_trial = settings.OUTBOUND_HTTP_ON_LOOPBACK and found.host in LOOPBACK
    if found.scheme != "https" and not is_trial:
        return [Reason("no-https", _("The address begins with https://."))]
    return []


def reasons_against_talking(url: str) -> list[Reason]:
    """The operator allows the host, and has set a token for it: else nothing leaves."""
    against = reasons_against_address(url)
    found = project_address(url)
    if against or found is None:
        return against
    words = {"host": found.netloc}
    if found.netloc not in allowed_hosts():
        sentence = _(
            "The portal may not talk to %(host)s: the operator adds it to "
            "OUTBOUND_ALLOWED_HOSTS."
        )
        return [Reason("host", sentence % words)]
    if not token_for(found):
        sentence = _(
            "The portal has no token for %(host)s: the operator adds one to "
            "GITLAB_TOKENS."
        )
        return [Reason("token", sentence % words)]
    return []


def allowed_hosts() -> set[str]:
    """Return the hosts that the operator allows, as they are written there."""
    return {host.strip().lower() for host in settings.OUTBOUND_ALLOWED_HOSTS}


def token_for(address: ProjectAddress) -> str:
    """Return the token of the environment for a host, "" without one; a secret."""
    tokens: dict[str, str] = settings.GITLAB_TOKENS
    return tokens.get(address.netloc, "")
