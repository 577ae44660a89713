"""A process that works in the background says here that it is alive; /readyz reads it."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

#: A worker beats every ten seconds; three missed beats is dead. The duties beat after every round, once a minute or so.
LIFETIMES = {"worker": timedelta(seconds=45), "duties": timedelta(minutes=5)}


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def alive(self, at: datetime) -> "HeartbeatQuerySet":
        living = Q()
        for name, lifetime in LIFETIMES.items():
            living |= Q(name=name, seen_at__gte=at - lifetime)
        return self.filter(living)


class Heartbeat(models.Model):
    """One row per kind of process ("worker", "duties")."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M:%S}"


class DutyRun(models.Model):
    """The last time a periodic duty was carried out: one row for each, by its dotted path."""

    name = models.CharField(max_length=200, primary_key=True)
    ended_at = models.DateTimeField()
    failed = models.BooleanField(default=False)
    #: What it did; of a failure only its kind, for what it says more may name people. The log has it.
    said = models.CharField(max_length=250, blank=True)

    class Meta:
        default_permissions = ()
        permissions = [("view_plugins", _("Can see the plugins, their settings and their health"))]

    def __str__(self) -> str:
        return f"{self.name} {self.ended_at:%Y-%m-%d %H:%M:%S}"
