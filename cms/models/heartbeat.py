"""A process that works in the background says here that it is alive; /readyz reads it."""

from datetime import datetime, timedelta

from django.db import models

#: A worker beats every ten seconds; three missed beats is dead.
LIFETIME = timedelta(seconds=45)


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def alive(self, at: datetime) -> "HeartbeatQuerySet":
        return self.filter(seen_at__gte=at - LIFETIME)


class Heartbeat(models.Model):
    """One row per kind of process ("worker")."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M:%S}"
