"""Bringing a message to an address: what cms.links.knocking guards, guarded here too.

An administrator typed the address, and a stranger answers. So: https only, no redirect is followed, every address the
name has must be public and the connection goes to one of those, nothing goes through a proxy, and all of it together
has fifteen seconds. Of the answer its status counts; at most 16 kB of the rest is read, and thrown away.
"""

import http.client
import ipaddress
import socket
import time
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.conf import configured
from cms.links.knocking import Edge, Nameless, Refused, connected, is_public

PATIENCE = 15.0
#: Ports a webhook may listen on.
PORTS = (443, 8443)
#: Of what the other side says, so much is read.
MOST_READ = 16_384
#: A receiver that asks for patience is given so much at most.
LONGEST_WAIT = 24 * 3600


class Problem(TextChoices):
    """Why a message was not taken, in our words: what the other side said is not kept."""

    NOT_ALLOWED = "not_allowed", gettext_lazy("The address is not one of the public internet")
    NAMELESS = "nameless", gettext_lazy("The name of the address is not known")
    SILENT = "silent", gettext_lazy("No answer in time")
    UNREACHABLE = "unreachable", gettext_lazy("No connection, or it broke off")
    REDIRECT = "redirect", gettext_lazy("It points to another address; that is not followed")
    REFUSED = "refused", gettext_lazy("It answered that it did not take it")


@dataclass(frozen=True)
class Reply:
    """How an attempt ended; `problem` is one of Problem, empty when it was taken."""

    status: int | None
    problem: str
    milliseconds: int
    #: So many seconds the other side asked to wait.
    wait: int = 0


def reaches_this_machine(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_loopback or is_public(address)


class AnyPort:
    """Every port: only where this machine itself may be reached."""

    def __contains__(self, port: object) -> bool:
        return True


def edge() -> Edge:
    """Where we may go: the public internet; in the demonstration and the tests also this machine."""
    if configured.WEBHOOKS_TO_THIS_MACHINE:
        return Edge(may_reach=reaches_this_machine, ports=AnyPort(), patience=PATIENCE)
    return Edge(ports=PORTS, patience=PATIENCE)


def schemes() -> tuple[str, ...]:
    return ("https", "http") if configured.WEBHOOKS_TO_THIS_MACHINE else ("https",)


def check_address(url: str) -> None:
    """Of an address as it is typed. Where its name leads is looked at each time. Raises ValidationError."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:
        raise ValidationError(_("This is not an address on the web.")) from None
    if parts.scheme not in schemes():
        raise ValidationError(_("Give an address that begins with https://."))
    if not host or any(sign.isspace() or not sign.isprintable() for sign in url) or "\\" in url:
        raise ValidationError(_("This is not an address on the web."))
    if parts.username is not None or parts.fragment:
        raise ValidationError(_("Leave out the name, the password and what stands after #."))
    if port is not None and port not in edge().ports:
        raise ValidationError(_("Port %(port)s cannot be used: 443 and 8443 can.") % {"port": port})
    address = _written_address(host)
    if (address is not None and not edge().may_reach(address)) or (address is None and not _may_be_public(host)):
        raise ValidationError(_("This address is not on the public internet."))


def _written_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address a host is written as, also as one number or in parts (127.1, 0x7f.1): programs read those too."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _may_be_public(host: str) -> bool:
    """A name in the internet has a dot in it; `localhost` and what ends in it stay on the machine (RFC 6761)."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return edge().may_reach(ipaddress.IPv4Address("127.0.0.1"))
    return "." in name


def post(url: str, body: bytes, headers: dict[str, str], where: Edge | None = None) -> Reply:
    """Bring it there, once. Never raises for what the network does."""
    where = where or edge()
    began = time.monotonic()
    status: int | None = None
    problem, wait = "", 0
    try:
        status, after = _sent(url, body, headers, where, began + where.patience)
    except Refused:
        problem = Problem.NOT_ALLOWED
    except Nameless:
        problem = Problem.NAMELESS
    except TimeoutError:
        problem = Problem.SILENT
    except (OSError, http.client.HTTPException, ValueError):
        problem = Problem.UNREACHABLE
    else:
        if 300 <= status < 400:
            problem = Problem.REDIRECT
        elif not 200 <= status < 300:
            problem = Problem.REFUSED
            wait = _seconds(after) if status in (429, 503) else 0
    return Reply(status, problem, round((time.monotonic() - began) * 1000), wait)


def _seconds(after: str) -> int:
    return min(int(after), LONGEST_WAIT) if after.isascii() and after.isdigit() and len(after) < 10 else 0


def _sent(url: str, body: bytes, headers: dict[str, str], where: Edge, until: float) -> tuple[int, str]:
    """(status, Retry-After). Raises Refused, Nameless, OSError, HTTPException or ValueError."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    if parts.scheme not in schemes() or not host or "%" in host or parts.username is not None:
        raise Refused(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if port not in where.ports:
        raise Refused(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    is_secret = parts.scheme == "https"
    kind = http.client.HTTPSConnection if is_secret else http.client.HTTPConnection
    with connected(host, port, where, until, is_secret=is_secret) as line:
        connection = kind(host, port)
        connection.sock = cast("socket.socket", line)
        agent = f"BestPracticeTour-Webhooks/1.0 (+{settings.WAGTAILADMIN_BASE_URL})"
        told = {"User-Agent": agent, "Content-Type": "application/json", "Connection": "close", **headers}
        connection.request("POST", target, body=body, headers=told)
        # Not connection.getresponse(): that closes the line as soon as it has read the headers.
        response = http.client.HTTPResponse(connection.sock, method="POST")
        response.begin()
        response.read(MOST_READ)
        return response.status, response.headers.get("Retry-After", "").strip()
