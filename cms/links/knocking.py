"""Asking an address on the web whether it is still there, without being led anywhere that is not the public web.

What stands in a page was typed by somebody and what answers is a stranger, so: only http and https on their own ports;
a name is resolved once, every address it has must be public, and the connection goes to one of those very addresses, so
that a name which changes its mind in between leads nowhere else; each redirect passes the same again, five at most; the
answer's body is never read, and all of it together has a few seconds, the resolver included. Nothing goes through a
proxy.
"""

import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Container, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from enum import Enum
from typing import Any, NamedTuple, cast
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Seconds for one address, its redirects included.
PATIENCE = 10.0
#: Seconds for one connection.
CONNECTING = 4.0
MOST_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
#: The web's own translation of old addresses for new networks; what stands in its last four bytes is where it leads.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Sort(Enum):
    """What an answer means. Only GONE and NAMELESS are a no."""

    FINE = "fine"
    GONE = "gone"
    NAMELESS = "nameless"
    UNSURE = "unsure"


class Answer(NamedTuple):
    sort: Sort
    #: The last HTTP status; None when nothing answered.
    status: int | None = None


def is_public(address: IPAddress) -> bool:
    """Whether an address is one of the public internet. In doubt it is not."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(address.packed[-4:]))
        # One address dressed as another: nothing public is reached like that.
        if address.ipv4_mapped or address.sixtofour or address.teredo or address.is_site_local:
            return False
    is_special = address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local
    return address.is_global and not is_special and not address.is_private and not address.is_unspecified


def resolve(host: str, port: int) -> list[tuple[Any, ...]]:
    """Every address a name has, as socket.getaddrinfo gives them."""
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


class Edge(NamedTuple):
    """Where we end and the network begins. The tests stand on it with a server of their own."""

    may_reach: Callable[[IPAddress], bool] = is_public
    ports: Container[int] = (80, 443)
    resolve: Callable[[str, int], list[tuple[Any, ...]]] = resolve
    patience: float = PATIENCE


class Refused(Exception):
    """Not an address we go to."""


class Nameless(Exception):
    """The name does not exist."""


def knock(url: str, edge: Edge | None = None) -> Answer:
    """Whether something is at this address. Never raises for what the network does.

    Asks for the head only, and again as a browser would before it believes that something is not there: many servers
    answer nothing sensible to the first.
    """
    edge = edge or Edge()
    until = time.monotonic() + edge.patience
    status = None
    try:
        for _step in range(MOST_REDIRECTS + 1):
            status, location = _ask("HEAD", url, edge, until)
            if status >= 400 and status != 429:
                status, location = _ask("GET", url, edge, until)
            if status not in REDIRECTS or not location:
                return Answer(_sort(status), status)
            url = iri_to_uri(urljoin(url, location.encode("latin-1").decode(errors="replace")))
    except Nameless:
        return Answer(Sort.NAMELESS)
    except (Refused, OSError, http.client.HTTPException, ValueError):
        # ssl.SSLError and TimeoutError are OSErrors, UnicodeError is a ValueError.
        return Answer(Sort.UNSURE)
    return Answer(Sort.UNSURE, status)


def _sort(status: int) -> Sort:
    if status in (404, 410):
        return Sort.GONE
    return Sort.FINE if 200 <= status < 400 else Sort.UNSURE


def user_agent() -> str:
    """Who asks, with an address where one can read why."""
    return f"BestPracticeTour-LinkCheck/1.0 (+{settings.WAGTAILADMIN_BASE_URL})"


def _ask(method: str, url: str, edge: Edge, until: float) -> tuple[int, str]:
    """(status, where it leads on). Raises Refused, Nameless, OSError, HTTPException or ValueError."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    if parts.scheme not in ("http", "https") or not host or "%" in host or parts.username is not None:
        raise Refused(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if port not in edge.ports:
        raise Refused(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    with connected(host, port, edge, until, is_secret=parts.scheme == "https") as line:
        connection = kind(host, port)
        # It is connected already, to the address that was looked at: the library resolves nothing.
        connection.sock = cast("socket.socket", line)
        headers = {"User-Agent": user_agent(), "Accept": "*/*", "Connection": "close"}
        connection.request(method, target, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")


@contextmanager
def connected(host: str, port: int, edge: Edge, until: float, *, is_secret: bool) -> Iterator["_Line"]:
    """A connection to one of the addresses of this name, each of which was looked at."""
    with _dial(_looked_at(host, port, edge, until), until) as plain:
        if not is_secret:
            yield _Line(plain, until)
            return
        plain.settimeout(_left(until))
        with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secret:
            yield _Line(secret, until)


def _looked_at(host: str, port: int, edge: Edge, until: float) -> list[tuple[Any, ...]]:
    """The addresses of a name. Raises Refused when even one of them is not to be reached."""
    try:
        found = _resolved(host, port, edge, until)
    except socket.gaierror as error:
        # "Try again" is no answer; this one is.
        if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)):
            raise Nameless(host) from error
        raise
    for *_kind, where in found:
        if not edge.may_reach(ipaddress.ip_address(str(where[0]).partition("%")[0])):
            raise Refused(host)
    return found


def _resolved(host: str, port: int, edge: Edge, until: float) -> list[tuple[Any, ...]]:
    """The system's resolver keeps a time of its own, often longer than ours: it is asked in a thread, which is left to
    itself when ours is up. Raises TimeoutError then, else what the resolver raises.
    """
    answer: Future[list[tuple[Any, ...]]] = Future()

    def ask() -> None:
        try:
            answer.set_result(edge.resolve(host, port))
        except Exception as error:  # noqa: BLE001  (raised again, where it is waited for)
            answer.set_exception(error)

    # Not a pool: at the end of the process its threads are waited for.
    threading.Thread(target=ask, name="resolving", daemon=True).start()
    return answer.result(_left(until))


def _dial(found: list[tuple[Any, ...]], until: float) -> socket.socket:
    problem: OSError = OSError("no address")
    for family, kind, protocol, _name, where in found:
        line = socket.socket(family, kind, protocol)
        line.settimeout(min(CONNECTING, _left(until)))
        try:
            line.connect(where)
        except OSError as error:
            line.close()
            problem = error
        else:
            return line
    raise problem


def _left(until: float) -> float:
    """Seconds left. Raises TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Line(io.RawIOBase):
    """As much of a socket as http.client needs, with one deadline for all of it: a stranger may answer byte by byte."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self.line, self.until = line, until

    def sendall(self, data: Any) -> None:
        self.line.settimeout(_left(self.until))
        self.line.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self, 1024)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.line.settimeout(_left(self.until))
        return self.line.recv_into(buffer)
