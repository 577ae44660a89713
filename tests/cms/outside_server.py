"""What the tests of the network share: a real server on this machine, a resolver, and a look at who is dialled."""

import ipaddress
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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


def watched(monkeypatch) -> list[tuple[str, int]]:
    """Every address a connection is opened to from here on; none is opened to another than the test's own server."""
    dialled = []
    connect = socket.socket.connect

    def note(line, where):
        dialled.append(where[:2])
        return connect(line, where)

    monkeypatch.setattr(socket.socket, "connect", note)
    return dialled


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
