"""The short lists an event chooses from, and what a visitor can do with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Availability(models.TextChoices):
    """What a visitor can do with an event now."""

    UPCOMING = "upcoming", _("Registration opens later")
    OPEN = "open", _("Open for registration")
    FULL = "full", _("Fully booked")
    CLOSED = "closed", _("Registration closed")
    PAST = "past", _("Past")
    CANCELLED = "cancelled", _("Cancelled")


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    CANCELLED = "cancelled", _("Cancelled")


class Spoken(models.TextChoices):
    """What is spoken during a visit; not what its pages are written in."""

    DUTCH = "nl", _("Dutch")
    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")
    GERMAN = "de", _("German")


class VatCategory(models.TextChoices):
    """UNCL5305 codes, as an electronic invoice wants them."""

    STANDARD = "S", _("Standard rate")
    EXEMPT = "E", _("Exempt")
    ZERO = "Z", _("Zero rate")


class WaitingOrder(models.TextChoices):
    FIRST_COME = "first_come", _("First come, first served")
    MEMBERS_FIRST = "members_first", _("Scheme members, then who voted for the visit, then others")
    INTERESTED_FIRST = "interested_first", _("Who voted for the visit, then scheme members, then others")


class PaidWithoutSeat(models.TextChoices):
    REFUND = "refund", _("Give the money back at once")
    PERSON = "person", _("Let a person decide")
