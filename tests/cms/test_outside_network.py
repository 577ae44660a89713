"""The edge of the network: who is asked, how, what an answer means, and where nobody leads us.

A real server on this machine answers; to reach it at all, the rule on public addresses is loosened for its own.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cms.links import knocking
from cms.links.knocking import Answer, Edge, Sort, is_public, knock

HERE = ipaddress.ip_address("127.0.0.1")


class Server(ThreadingHTTPServer):
    """Answers each path as the test said: (status, headers), by method where it matters."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, tuple[int, dict[str, str]]] = {}
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def answer(self) -> None:
        self.server.asked.append((self.command, self.path))
        self.server.headers.append(dict(self.headers.items()))
        default = self.server.answers.get(self.path, (200, {}))
        status, headers = self.server.answers.get(f"{self.command} {self.path}", default)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    do_HEAD = do_GET = answer

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def edge(server: Server) -> Edge:
    """The real edge, except that this one server may be reached."""
    return Edge(may_reach=lambda address: address == HERE or is_public(address), ports=(80, 443, server.server_port))


# ------------------------------------------------------------------------------------------------ what an answer means


@pytest.mark.parametrize(
    ("status", "sort"),
    [
        (200, Sort.FINE),
        (204, Sort.FINE),
        (304, Sort.FINE),
        (400, Sort.UNSURE),
        (401, Sort.UNSURE),
        (403, Sort.UNSURE),
        (404, Sort.GONE),
        (410, Sort.GONE),
        (429, Sort.UNSURE),
        (451, Sort.UNSURE),
        (500, Sort.UNSURE),
        (503, Sort.UNSURE),
    ],
)
def test_only_not_found_and_gone_are_a_no(server, edge, status, sort):
    server.answers["/"] = (status, {})

    assert knock(f"{server.url}/", edge) == Answer(sort, status)


def test_the_head_is_asked_and_no_more_when_it_is_there(server, edge):
    knock(f"{server.url}/page?of=this", edge)

    assert server.asked == [("HEAD", "/page?of=this")]


@pytest.mark.parametrize("refusal", [403, 404, 405, 501])
def test_a_server_that_answers_nothing_sensible_to_a_head_is_asked_as_a_browser_asks(server, edge, refusal):
    server.answers["HEAD /"] = (refusal, {})

    assert knock(f"{server.url}/", edge) == Answer(Sort.FINE, 200)
    assert server.asked == [("HEAD", "/"), ("GET", "/")]


def test_a_server_that_asks_us_to_slow_down_is_not_asked_again(server, edge):
    server.answers["/"] = (429, {})

    knock(f"{server.url}/", edge)

    assert server.asked == [("HEAD", "/")]


def test_who_asks_says_so_and_says_nothing_else(server, edge, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://tour.example.org"

    knock(f"{server.url}/", edge)

    assert server.headers == [
        {
            "Host": f"127.0.0.1:{server.server_port}",
            "Accept-Encoding": "identity",
            "User-Agent": "BestPracticeTour-LinkCheck/1.0 (+https://tour.example.org)",
            "Accept": "*/*",
            "Connection": "close",
        }
    ]


def test_the_body_is_never_read(edge):
    """A page that never ends is left after its first lines."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        sent = []

        def pour() -> None:
            line, _where = listener.accept()
            with line:
                line.recv(4096)
                line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                try:
                    while True:
                        sent.append(line.send(b"x" * 65536))
                except OSError:
                    pass

        pouring = threading.Thread(target=pour, daemon=True)
        pouring.start()

        assert knock(f"http://127.0.0.1:{port}/", edge._replace(ports=(port,))) == Answer(Sort.FINE, 200)

        pouring.join(10)
        assert not pouring.is_alive()


def test_an_answer_that_comes_byte_by_byte_has_one_deadline_for_all_of_it(edge):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        is_over = threading.Event()

        def dribble() -> None:
            line, _where = listener.accept()
            with line:
                line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not is_over.wait(0.05):
                    line.sendall(b"x")

        threading.Thread(target=dribble, daemon=True).start()
        began = time.monotonic()

        answer = knock(f"http://127.0.0.1:{port}/", edge._replace(ports=(port,), patience=0.4))

        is_over.set()
        assert answer == Answer(Sort.UNSURE)
        assert time.monotonic() - began < 3


def test_nobody_answering_is_no_no(edge):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert knock(f"http://127.0.0.1:{port}/", edge._replace(ports=(port,))) == Answer(Sort.UNSURE)


def test_an_answer_in_another_tongue_is_no_no(edge):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def mumble() -> None:
            line, _where = listener.accept()
            with line:
                line.sendall(b"220 mail.example.org ESMTP\r\n")

        threading.Thread(target=mumble, daemon=True).start()

        assert knock(f"http://127.0.0.1:{port}/", edge._replace(ports=(port,))) == Answer(Sort.UNSURE)


# ----------------------------------------------------------------------------------------------------------- redirects


def test_a_redirect_is_followed_to_what_is_there_now(server, edge):
    server.answers["/old"] = (301, {"Location": "/new"})
    server.answers["/newer"] = (302, {"Location": f"{server.url}/gone"})
    server.answers["/gone"] = (410, {})

    assert knock(f"{server.url}/old", edge) == Answer(Sort.FINE, 200)
    assert knock(f"{server.url}/newer", edge) == Answer(Sort.GONE, 410)


def test_five_redirects_and_no_more(server, edge):
    for step in range(6):
        server.answers[f"/{step}"] = (302, {"Location": f"/{step + 1}"})

    assert knock(f"{server.url}/1", edge) == Answer(Sort.FINE, 200)
    assert knock(f"{server.url}/0", edge) == Answer(Sort.UNSURE, 302)
    assert len(server.asked) == 6 + 6


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://10.0.0.8/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://100.64.3.4/",
        "http://167772168/",
        "https://127.0.0.2/",
        "http://127.0.0.1:25/",
        "http://name:word@127.0.0.1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1/",
        "javascript:alert(1)",
    ],
)
def test_a_redirect_leads_nowhere_an_address_could_not(server, edge, elsewhere, monkeypatch):
    server.answers["/"] = (302, {"Location": elsewhere})
    dialled = watched(monkeypatch)

    assert knock(f"{server.url}/", edge) == Answer(Sort.UNSURE)
    assert dialled == [("127.0.0.1", server.server_port)]


def watched(monkeypatch) -> list[tuple[str, int]]:
    """Every address a connection is opened to from here on; none is opened to another than the test's own server."""
    dialled = []
    connect = socket.socket.connect

    def note(line, where):
        dialled.append(where[:2])
        return connect(line, where)

    monkeypatch.setattr(socket.socket, "connect", note)
    return dialled


# ------------------------------------------------------------------------------------------------ where nobody leads us

NOT_PUBLIC = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "224.0.1.88",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.216.34",
    "2001:db8::1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_of_the_public_internet_is_none(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_an_address_of_the_public_internet_is_one(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://10.0.0.8/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://100.64.0.9/",
        "https://192.168.1.1/",
        "http://localhost/",
        "http://0/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://127.1/",
        "http://[fe80::1%25lo]/",
        "http://[fe80::1%lo]/",
    ],
)
def test_the_real_edge_opens_no_connection_to_any_of_these(url, monkeypatch):
    dialled = watched(monkeypatch)

    assert knock(url).sort in (Sort.UNSURE, Sort.NAMELESS)
    assert dialled == []


def named(*answers: list[str]):
    """A resolver that gives these addresses, the first list to the first question, and notes the questions."""
    asked: list[str] = []
    coming = iter(answers)

    def resolve(host, port):
        asked.append(host)
        found = []
        for address in next(coming):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            found.append((family, socket.SOCK_STREAM, 6, "", (address, port)))
        return found

    return resolve, asked


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.8", "::1", "169.254.169.254", "::ffff:127.0.0.1", "100.64.0.9"]
)
def test_nor_to_a_name_that_has_one_of_these_addresses_beside_a_public_one(address, monkeypatch):
    dialled = watched(monkeypatch)
    resolve, asked = named(["93.184.216.34", address])

    assert knock("http://rebound.example.org/", Edge(resolve=resolve)) == Answer(Sort.UNSURE)
    assert (asked, dialled) == (["rebound.example.org"], [])


def test_the_connection_goes_to_the_address_that_was_looked_at_and_the_name_is_not_asked_again(server, monkeypatch):
    """A name that changes its mind between the look and the connection leads nowhere else."""
    dialled = watched(monkeypatch)
    looked_at = []
    resolve, asked = named(["127.0.0.1"], ["10.0.0.8"])
    edge = Edge(
        may_reach=lambda address: looked_at.append(address) or address == HERE,
        ports=(server.server_port,),
        resolve=resolve,
    )

    assert knock(f"http://rebound.example.org:{server.server_port}/", edge) == Answer(Sort.FINE, 200)
    assert looked_at == [HERE]
    assert asked == ["rebound.example.org"]
    assert dialled == [("127.0.0.1", server.server_port)]
    assert server.headers[0]["Host"] == f"rebound.example.org:{server.server_port}"


@pytest.mark.parametrize("port", [21, 22, 25, 5432, 6379, 8000, 8080, 8443])
def test_only_the_webs_own_ports_are_knocked_at(port, monkeypatch):
    dialled = watched(monkeypatch)
    resolve, asked = named(["93.184.216.34"])

    assert knock(f"http://example.org:{port}/", Edge(resolve=resolve)) == Answer(Sort.UNSURE)
    assert (asked, dialled) == ([], [])


@pytest.mark.parametrize(
    ("code", "sort"),
    [(socket.EAI_NONAME, Sort.NAMELESS), (socket.EAI_AGAIN, Sort.UNSURE), (socket.EAI_FAIL, Sort.UNSURE)],
)
def test_a_name_that_does_not_exist_is_told_from_one_that_cannot_be_asked_now(code, sort):
    def resolve(host, port):
        raise socket.gaierror(code, "said the resolver")

    assert knock("http://nowhere.example.org/", Edge(resolve=resolve)) == Answer(sort)


def test_a_certificate_nobody_vouches_for_is_no_no(edge):
    """The handshake is made with the name, and fails like any other silence."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        hello = []

        def listen() -> None:
            line, _where = listener.accept()
            with line:
                hello.append(line.recv(4096))

        listening = threading.Thread(target=listen, daemon=True)
        listening.start()
        resolve, _asked = named(["127.0.0.1"])

        answer = knock(f"https://secret.example.org:{port}/", edge._replace(ports=(port,), resolve=resolve))

        listening.join(10)
        assert answer == Answer(Sort.UNSURE)
        assert b"secret.example.org" in hello[0]


def test_patience_is_bounded():
    assert knocking.PATIENCE <= 10
    assert Edge().ports == (80, 443)
    assert Edge().may_reach is is_public
