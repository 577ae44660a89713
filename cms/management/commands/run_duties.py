"""Carry out the plugins' periodic duties once, or every so many seconds."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from cms.models import DutyRun, Heartbeat
from cms.plugins import duties

log = logging.getLogger("cms.duties")


class Command(BaseCommand):
    help = "Expire holds, resend mail, sweep payments: every duty of the installed plugins. Safe to run twice at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="Keep running, with this pause between rounds."
        )

    def handle(self, *args: Any, every: int | None = None, **options: Any) -> None:
        failed = self._round()
        while every:
            time.sleep(every)
            close_old_connections()
            self._round()
        if failed:
            raise SystemExit(1)

    def _round(self) -> bool:
        """One duty that fails does not keep the others from being done. True when one failed."""
        failed = False
        for name, duty in duties():
            try:
                done = duty(at=timezone.now())
            except Exception as error:
                log.exception("%s failed", name)
                failed = True
                _note(name, type(error).__name__, failed=True)
            else:
                if done:
                    self.stdout.write(f"{name}: {done}")
                _note(name, done or "", failed=False)
        Heartbeat.objects.update_or_create(name="duties", defaults={"seen_at": timezone.now()})
        return failed


def _note(name: str, said: str, *, failed: bool) -> None:
    facts = {"ended_at": timezone.now(), "failed": failed, "said": said[:250]}
    DutyRun.objects.update_or_create(name=name, defaults=facts)
