"""The edge of the network: who is asked, how, and what an answer means. Where nobody leads us: test_outside_guard.

A real server on this machine answers; to reach it at all, the rule on public addresses is loosened for its own.
"""

import socket
import threading
import time

import pytest

from cms.links import knocking
from cms.links.knocking import Answer, Edge, Sort, is_public, knock
from tests.cms.outside_server import named, watched

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


@pytest.mark.parametrize(
    ("code", "sort"),
    [(socket.EAI_NONAME, Sort.NAMELESS), (socket.EAI_AGAIN, Sort.UNSURE), (socket.EAI_FAIL, Sort.UNSURE)],
)
def test_a_name_that_does_not_exist_is_told_from_one_that_cannot_be_asked_now(code, sort):
    def resolve(host, port):
        raise socket.gaierror(code, "said the resolver")

    assert knock("http://nowhere.example.org/", Edge(resolve=resolve)) == Answer(sort)


def test_a_resolver_that_takes_its_time_is_not_waited_for_longer_than_anything_else(edge):
    done = threading.Event()

    def resolve(host, port):
        done.wait(30)
        raise socket.gaierror(socket.EAI_NONAME, "said the resolver")

    began = time.monotonic()
    answer = knock("http://slow.example.org/", edge._replace(resolve=resolve, patience=0.2))
    took = time.monotonic() - began
    done.set()

    assert answer == Answer(Sort.UNSURE)
    assert took < 5


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
