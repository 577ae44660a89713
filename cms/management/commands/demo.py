"""Run the whole demonstration: database, content, Stripe stand-in, worker, duties, server. Ctrl-C stops all of it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cms.conf import configured

PYTHON = sys.executable


class Command(BaseCommand):
    help = "Migrate, load the demo content, and run the stand-in, the worker, the duties and the server on loopback."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="Stop after the content is there.")

    def handle(self, *args: Any, prepare_only: bool = False, **options: Any) -> None:
        if not configured.DEMO:
            raise CommandError("The demonstration runs with DJANGO_SETTINGS_MODULE=cms.settings.demo only.")
        call_command("compile_locale")
        call_command("migrate", verbosity=0)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        Supervisor(self.stdout).run(prepare, prepare_only=prepare_only)


def prepare() -> None:
    """The content; some of it is paid for, so the stand-in runs already."""
    call_command("load_demo")
    call_command("update_index", verbosity=0)


def _wait_for(port: int) -> None:
    """Until somebody listens on this loopback port. Raises CommandError after twenty seconds."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise CommandError(f"Nothing listens on port {port}.")


class Supervisor:
    """Starts the demonstration's processes and stops them together: when one dies, and when it is told to."""

    def __init__(self, out: Any) -> None:
        self.out = out
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self, prepare: Callable[[], None], *, prepare_only: bool = False) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            for name, command in self._stand_in().items():
                self._start(name, command)
                _wait_for(int(getattr(settings, "STRIPE_SANDBOX_PORT", 0)))
            prepare()
            if prepare_only or self.stopping:
                return
            for name, command in self._commands().items():
                self._start(name, command)
            self._announce()
            self._watch()
        finally:
            self._end()

    def _start(self, name: str, command: list[str]) -> None:
        # A session of its own: Ctrl-C reaches us only, and we stop them in order.
        self.processes[name] = subprocess.Popen(command, start_new_session=True)  # noqa: S603

    def _stand_in(self) -> dict[str, list[str]]:
        port = getattr(settings, "STRIPE_SANDBOX_PORT", None)
        if port is None or "payments" not in settings.PLUGINS:
            return {}
        return {
            "stand-in": [
                *[PYTHON, "-m", "payments.sandbox", "--port", str(port)],
                *["--webhook-url", f"http://127.0.0.1:{settings.PORT}/stripe/webhook/"],
                *["--api-key", configured.STRIPE_API_KEY, "--webhook-secret", configured.STRIPE_WEBHOOK_SECRET],
                *["--state-path", str(Path(settings.VAR_DIR) / "stripe-stand-in.json")],
            ]
        }

    def _commands(self) -> dict[str, list[str]]:
        manage = [PYTHON, "manage.py"]
        commands: dict[str, list[str]] = {}
        commands["worker"] = [*manage, "run_worker", "--interval", "0.5"]
        commands["duties"] = [*manage, "run_duties", "--every", "30"]
        commands["server"] = [
            *[
                PYTHON,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--host",
                "127.0.0.1",
                "--port",
                str(settings.PORT),
            ],
            *["--workers", "2", "--blocking-threads", "2", "--no-ws", "--log-level", "warning"],
            "cms.wsgi:application",
        ]
        return commands

    def _announce(self) -> None:
        lines = [
            "",
            f"  Best Practice Tour (demo)   {settings.PUBLIC_URL}/nl/   {settings.PUBLIC_URL}/en/",
            f"  Admin                       {settings.PUBLIC_URL}/admin/",
            "  Logins                      admin, editor, reviewer, organiser, finance, manager; password tour-demo",
            f"  Mails sent                  {settings.PUBLIC_URL}/demo/mail/",
            f"  API                         {settings.PUBLIC_URL}/api/v1/docs/",
            "  Organisation code           GREENDEAL-DEMO",
            "  Ctrl-C stops all of it.",
            "",
        ]
        self.out.write("\n".join(lines))
        self.out.flush()

    def _watch(self) -> None:
        while not self.stopping:
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise CommandError(f"The {name} stopped (exit {process.returncode}).")
            time.sleep(0.3)

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _end(self) -> None:
        for process in reversed(self.processes.values()):
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + 10
        for process in self.processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                # Its whole session: granian's workers are its children.
                os.killpg(process.pid, signal.SIGKILL)
