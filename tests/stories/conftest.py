"""The journeys run on the real demonstration: its own processes, database, worker and stand-in, driven by Chromium."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

DEADLINE = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(question: Callable[[], Any], seconds: float = 30, said: Callable[[], str] = lambda: "") -> Any:
    """Ask until the answer is true. Fails the test after so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.2)
    pytest.fail(f"Waited {seconds} s in vain. {said()}")


class Site:
    """The running demonstration, and what a person outside the browser can ask it."""

    def __init__(self, url: str, stripe_url: str, environment: dict[str, str]) -> None:
        self.url, self.stripe_url = url, stripe_url
        #: What its processes were started with, for a command beside them on the same database.
        self.environment = environment

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """(status, JSON) of a request to the site, or to the stand-in for a whole address."""
        address = path if path.startswith("http") else self.url + path
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, {"Content-Type": "application/json", **headers}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"null")

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        """Newest first."""
        return [mail for mail in self.call("GET", "/demo/mail.json")[1] if mail["to"] == [address]]

    def wait_for_mails(self, address: str, number: int) -> list[dict[str, Any]]:
        return until(lambda: (found := self.mails_to(address)) and len(found) >= number and found)

    def event(self, city: str, locale: str = "nl") -> dict[str, Any]:
        items = self.call("GET", f"/api/v1/events/?locale={locale}&limit=100")[1]["items"]
        return next(item for item in items if item["city"] == city)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    var = Path(tempfile.mkdtemp(prefix="tour-"))  # short: a socket's path may have 107 characters
    port, stripe_port = free_port(), free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TOUR_", "DATABASE_URL"))}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "cms.settings.demo",
        "TOUR_VAR": str(var),
        "PORT": str(port),
        "STRIPE_SANDBOX_PORT": str(stripe_port),
    }
    environment.pop("STRIPE_API_KEY", None)
    log = var / "demo.log"
    with log.open("wb") as out:
        demo = subprocess.Popen(
            [sys.executable, "manage.py", "demo"], cwd=settings.BASE_DIR, env=environment, stdout=out, stderr=out
        )
        running = Site(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{stripe_port}", environment)

        def ready() -> bool:
            assert demo.poll() is None, log.read_text()[-4000:]
            with contextlib.suppress(OSError):
                return (
                    running.call("GET", "/readyz")[0] == 200
                    and running.call("GET", f"{running.stripe_url}/_sandbox/health")[0] == 200
                )
            return False

        try:
            until(ready, DEADLINE, lambda: log.read_text()[-4000:])
        except BaseException:
            demo.send_signal(signal.SIGTERM)  # one that was too slow is not left behind
            demo.wait(30)
            raise
        yield running
        children = psutil.Process(demo.pid).children(recursive=True)
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(30) == 0, log.read_text()[-4000:]
        _gone, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
    shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ended with the module: where Playwright runs, Django lets no later test of the same worker ask the database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A new window. A console error, a page error or a request to anybody else fails the test."""
    contexts, faults = [], []

    def opened(width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, base_url=site.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)

        def look(request: Any) -> None:
            if not request.url.startswith((site.url, site.stripe_url, "data:", "blob:")):
                faults.append(f"asked {request.url}")

        page.on("request", look)
        page.on("pageerror", lambda error: faults.append(str(error)))
        # A page that answers 4xx on purpose is noted by Chromium as an error; a blocked script or style is one.
        page.on(
            "console",
            lambda message: (
                faults.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keeps a screenshot of the step when TOUR_SCREENSHOTS names a folder."""

    def keep(page: Page, name: str) -> None:
        if folder := os.environ.get("TOUR_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return keep
