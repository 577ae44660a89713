"""Run the whole demonstration: database, content, Stripe stand-in, worker, duties, server. Ctrl-C stops all of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

PYTHON = sys.executable


class Command(BaseCommand):
    help = "Migrate, load the demo content, and run the stand-in, the worker, the duties and the server on loopback."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="Stop after the content is there.")

    def handle(self, *args: Any, prepare_only: bool = False, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration runs with DJANGO_SETTINGS_MODULE=cms.settings.demo only.")
        call_command("compile_locale")
        call_command("migrate", verbosity=0)
        call_command("load_demo")
        call_command("update_index", verbosity=0)
        if prepare_only:
            return
        Supervisor(self.stdout).run()


class Supervisor:
    """Starts the demonstration's processes and stops them together: when one dies, and when it is told to."""

    def __init__(self, out: Any) -> None:
        self.out = out
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            for name, command in self._commands().items():
                # A session of its own: Ctrl-C reaches us only, and we stop them in order.
                self.processes[name] = subprocess.Popen(command, start_new_session=True)  # noqa: S603
            self._announce()
            self._watch()
        finally:
            self._end()

    def _commands(self) -> dict[str, list[str]]:
        manage = [PYTHON, "manage.py"]
        commands: dict[str, list[str]] = {}
        port = getattr(settings, "STRIPE_SANDBOX_PORT", None)
        if port is not None and "payments" in settings.PLUGINS:
            commands["stand-in"] = [
                *[PYTHON, "-m", "payments.sandbox", "--port", str(port)],
                *["--webhook-url", f"http://127.0.0.1:{settings.PORT}/stripe/webhook/"],
                *["--api-key", settings.STRIPE_API_KEY, "--webhook-secret", settings.STRIPE_WEBHOOK_SECRET],
                *["--state-path", str(Path(settings.VAR_DIR) / "stripe-stand-in.json")],
            ]
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
            "  Logins                      admin, editor, organiser, finance; password tour-demo",
            f"  Mails sent                  {settings.PUBLIC_URL}/demo/mail/",
            f"  API                         {settings.PUBLIC_URL}/api/v1/docs",
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
