"""Attendee: one seat of a registration, and what a taken seat is."""

import uuid
from datetime import datetime
from decimal import Decimal

import pghistory
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from events.history import changes
from events.models.event import Event
from events.models.registration import Registration, new_calendar_uid, unsigned
from events.models.ticket_type import TicketType
from events.words import forgotten, is_nobody

_seat_signer = signing.Signer(salt="events.seat", sep=".")


def takes_a_seat(at: datetime) -> Q:
    """Confirmed, or under a hold that still runs. The one place that says what a taken seat is."""
    offered = Q(registration__status=Registration.Status.OFFERED)
    return Q(released_at__isnull=True) & (
        Q(registration__status=Registration.Status.CONFIRMED)
        | Q(registration__status__in=Registration.HOLDING, registration__hold_expires_at__gt=at)
        & (~offered | Q(offer__isnull=False))
    )


#: Wants a seat and has none; also the rest of a group of which a part was offered seats.
_WAITS = Q(released_at__isnull=True) & (
    Q(registration__status=Registration.Status.WAITING)
    | Q(registration__status=Registration.Status.OFFERED, offer__isnull=True)
)
#: See AttendeeQuerySet.in_line.
_SERVABLE = Q(size__lte=F("event__capacity")) | Q(registration__accepts_part=True)


class AttendeeQuerySet(models.QuerySet["Attendee"]):
    def live(self) -> "AttendeeQuerySet":
        return self.filter(released_at__isnull=True)

    def named(self) -> "AttendeeQuerySet":
        """Whose name is known: not one to follow."""
        return self.exclude(email="")

    def taking_a_seat(self, at: datetime) -> "AttendeeQuerySet":
        return self.filter(takes_a_seat(at))

    def in_line(self) -> "AttendeeQuerySet":
        """Those the free seats are kept for. A group larger than the visit, glad with nothing less than all its
        seats, can never be served: it keeps nothing from others. (Its capacity was lowered after it came.)
        """
        return self.filter(pk__in=Attendee.objects.filter(_WAITS).with_size().filter(_SERVABLE).values("pk"))

    def with_size(self) -> "AttendeeQuerySet":
        """With `size`: how many live seats their registration has."""
        of_group = Attendee.objects.filter(registration=models.OuterRef("registration"), released_at__isnull=True)
        size = of_group.order_by().values("registration").annotate(n=models.Count("pk")).values("n")
        return self.annotate(size=models.Subquery(size))

    def counts(self, at: datetime) -> tuple[int, int]:
        """(seats taken, seats waited for), in one statement."""
        sums = self.with_size().aggregate(
            taken=models.Count("pk", filter=takes_a_seat(at)), waiting=models.Count("pk", filter=_WAITS & _SERVABLE)
        )
        return sums["taken"], sums["waiting"]


@pghistory.track(
    *changes(),
    fields=[
        "event",
        "registration",
        "first_name",
        "last_name",
        "email",
        "ticket_type",
        "price_incl_vat",
        "released_at",
        "fee_kept",
        "attended",
    ],
    model_name="AttendeeChange",
)
class Attendee(models.Model):
    """One seat: who sits on it and what it costs. The price is copied and does not follow the ticket type."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="attendees")
    # The event again, so that the database itself can keep one person from taking two seats.
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="attendees")
    # All three empty: the name follows.
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    offer = models.ForeignKey(
        "events.Offer", null=True, blank=True, on_delete=models.SET_NULL, related_name="attendees"
    )
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="attendees")
    price_excl_vat = models.DecimalField(_("price excl. VAT"), max_digits=8, decimal_places=2)
    vat_rate = models.DecimalField(_("VAT rate (%)"), max_digits=5, decimal_places=2)
    price_incl_vat = models.DecimalField(_("price incl. VAT"), max_digits=8, decimal_places=2)
    released_at = models.DateTimeField(_("seat given up at"), null=True, blank=True)
    fee_kept = models.DecimalField(
        _("kept of the price"),
        max_digits=8,
        decimal_places=2,
        default=Decimal("0.00"),
        help_text=_("What is still owed for a seat that was given up, VAT included."),
    )
    attended = models.BooleanField(_("was there"), null=True, blank=True)
    #: The entry in this person's calendar; a new person gets a new one, so that taking one away takes no other.
    calendar_uid = models.UUIDField(default=new_calendar_uid, editable=False)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        ordering = ["registration", "pk"]
        constraints = [
            models.UniqueConstraint(
                "event",
                Lower("email"),
                condition=Q(released_at__isnull=True) & ~Q(email=""),
                name="attendee_once_per_event",
            ),
            models.CheckConstraint(
                condition=Q(first_name="", last_name="", email="")
                | (~Q(first_name="") & ~Q(last_name="") & ~Q(email="")),
                name="attendee_named_or_to_follow",
            ),
            models.CheckConstraint(
                condition=Q(fee_kept=0)
                | Q(released_at__isnull=False, fee_kept__gt=0, fee_kept__lte=F("price_incl_vat")),
                name="attendee_fee_kept_of_a_seat_given_up",
            ),
            models.CheckConstraint(
                condition=Q(price_excl_vat__gte=0, price_incl_vat__gte=F("price_excl_vat")),
                name="attendee_price_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        if self.is_forgotten:
            return forgotten()
        return f"{self.first_name} {self.last_name}" if self.is_named else str(_("Name to follow"))

    @property
    def token(self) -> str:
        """Stands in this person's own mails. It dies when somebody else takes the seat."""
        return self.token_of(self.calendar_uid)

    @staticmethod
    def token_of(calendar_uid: uuid.UUID) -> str:
        """The token of whoever has, or had, this calendar entry."""
        return _seat_signer.sign(calendar_uid.hex)

    @classmethod
    def calendar_uid_in(cls, token: str) -> uuid.UUID | None:
        """Which seat a token names, None when the token is not ours."""
        named = unsigned(_seat_signer, token)
        return uuid.UUID(hex=named) if named else None

    @property
    def is_named(self) -> bool:
        return bool(self.email)

    @property
    def is_forgotten(self) -> bool:
        return is_nobody(self.email)

    @property
    def owed(self) -> Decimal:
        """What this seat costs, VAT included: its price, or what is kept of it once it was given up."""
        return self.price_incl_vat if self.released_at is None else self.fee_kept

    @property
    def vat_amount(self) -> Decimal:
        return self.price_incl_vat - self.price_excl_vat

    @property
    def status(self) -> str:
        """The registration's status, or how this one seat was given up before the rest."""
        if self.released_at is None or self.registration.is_ended:
            return self.registration.status
        return Registration.Status.CANCELLED

    @property
    def status_name(self) -> str:
        return str(Registration.Status(self.status).label)
