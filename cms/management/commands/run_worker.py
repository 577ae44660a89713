"""Run queued tasks, and say every ten seconds that the worker lives (for /readyz)."""

import threading
from typing import Any

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from cms.models import Heartbeat

BEAT_SECONDS = 10


class Command(db_worker.Command):
    help = "Run queued tasks (mail, documents, payments' follow-up) and keep the worker's heartbeat."

    def configure_logging(self, verbosity: int) -> None:
        """The settings say what is logged; the parent would report every task, and bury what people should read."""

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        threading.Thread(target=_beat, args=[stop], daemon=True, name="heartbeat").start()
        try:
            super().handle(*args, **options)
        finally:
            stop.set()


def _beat(stop: threading.Event) -> None:
    while True:
        try:
            Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": timezone.now()})
        except DatabaseError:
            close_old_connections()  # the database restarts: try again at the next beat
        if stop.wait(BEAT_SECONDS):
            connection.close()
            return
