"""Registration: one contact's booking of one to ten seats. Each seat is an Attendee, see events.models.attendee."""

import secrets
import uuid
from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pghistory
from django.core import signing
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.countries import COUNTRIES
from events.history import changes
from events.models.choices import WaitingOrder
from events.models.event import Event
from events.words import forgotten, is_nobody

if TYPE_CHECKING:
    from events.models.entitlement import Entitlement
    from events.models.offer import Offer
    from events.models.terms import Ladder

MAX_ATTENDEES = 10
# No letters or digits that are misread on paper or over the phone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_manage_signer = signing.Signer(salt="events.registration.manage", sep=".")
#: A key of its own: whoever registers is shown the manage token at once, and that must not prove a mailbox.
_mailbox_signer = signing.Signer(salt="events.registration.mailbox", sep=".")


def new_reference() -> str:
    """ "BPT-7K3F9QWX": eight characters, about 8 x 10^11 possibilities; the database keeps it unique."""
    return "BPT-" + "".join(secrets.choice(ALPHABET) for _position in range(8))


def new_calendar_uid() -> uuid.UUID:
    """Names one entry in one person's calendar. It stays here: the migrations know it by this address."""
    return uuid.uuid4()


def unsigned(signer: signing.Signer, token: str) -> str | None:
    """What the token says, None when it is not ours."""
    try:
        return signer.unsign(token)
    except signing.BadSignature:
        return None


class ByRightOf(NamedTuple):
    """Why a registration has a scheme's price, as a file says it."""

    organisation: str = ""
    scheme: str = ""
    proof: str = ""
    evidence: str = ""


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def lapsed(self, at: datetime) -> "RegistrationQuerySet":
        """Under a hold that has run out but was not ended yet."""
        return self.filter(status__in=Registration.HOLDING, hold_expires_at__lte=at)

    def waiting_in_order(self, event: Event) -> "RegistrationQuerySet":
        """Who waits for an answer of ours, in the order of the line."""
        return self.line(event).filter(status=Registration.Status.WAITING)

    def line(self, event: Event) -> "RegistrationQuerySet":
        """The event's line: its classes in the order the event sets, who came first in each first. Never stored.

        Also a group that was offered a part: the rest of it waits where the group stands.
        """
        from events.models.attendee import Attendee  # noqa: PLC0415  (seats hang on the registration)

        classes = Registration.classes_of(event)
        rank = models.Case(
            *(models.When(line=line, then=models.Value(place)) for place, line in enumerate(classes)),
            default=models.Value(len(classes)),
            output_field=models.IntegerField(),
        )
        rest = Attendee.objects.live().filter(registration=models.OuterRef("pk"), offer__isnull=True)
        waiting = self.filter(
            Q(status=Registration.Status.WAITING) | Q(models.Exists(rest), status=Registration.Status.OFFERED),
            event=event,
        )
        # What was split off a group stands where the group stood.
        first = models.functions.Coalesce("split_from", "pk")
        if not classes:
            return waiting.order_by("created_at", first, "pk")
        return waiting.annotate(rank=rank).order_by("rank", "created_at", first, "pk")

    def of_one_group(self, registration: "Registration") -> "RegistrationQuerySet":
        """The other parts of a group that was split when some of it got places, still standing or waiting."""
        first = registration.split_from_id or registration.pk
        parts = self.filter(Q(pk=first) | Q(split_from=first)).exclude(pk=registration.pk)
        return parts.exclude(status__in=Registration.ENDED).order_by("pk")

    def with_total(self) -> "RegistrationQuerySet":
        """With `total`: what the seats that are still theirs cost, VAT included."""
        live = Q(attendees__released_at__isnull=True)
        zero = models.Value(Decimal("0.00"), output_field=models.DecimalField(max_digits=10, decimal_places=2))
        return self.annotate(
            total=models.functions.Coalesce(Sum("attendees__price_incl_vat", filter=live), zero),
            seats=models.Count("attendees", filter=live),
        )


@pghistory.track(
    *changes(),
    fields=[
        "event",
        "status",
        "first_name",
        "last_name",
        "email",
        "organisation_name",
        "hold_expires_at",
        "line",
        "billing_method",
        "purchase_order",
    ],
    model_name="RegistrationChange",
)
class Registration(models.Model):
    """Made by the public form, the API or an organiser; changed by the deeds in events.actions only."""

    class Status(models.TextChoices):
        UNCONFIRMED_EMAIL = "unconfirmed_email", _("E-mail to be confirmed")
        AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
        HELD = "held", _("Held until paid")
        WAITING = "waiting", _("On the waiting list")
        OFFERED = "offered", _("Seat offered")
        CONFIRMED = "confirmed", _("Confirmed")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    #: Keeps a seat until hold_expires_at.
    HOLDING = (Status.UNCONFIRMED_EMAIL, Status.AWAITING_APPROVAL, Status.HELD, Status.OFFERED)
    #: Nothing more happens to it, but for money that still arrives.
    ENDED = (Status.CANCELLED, Status.EXPIRED)

    class Line(models.TextChoices):
        MEMBER = "member", _("Scheme member")
        INTERESTED = "interested", _("Voted for the visit")
        OTHER = "other", _("Others")

    class Channel(models.TextChoices):
        SITE = "site", _("Website")
        API = "api", _("API")
        DESK = "desk", _("Organiser")

    class Billing(models.TextChoices):
        ONLINE = "online", _("Pay online")
        INVOICE = "invoice", _("Pay by invoice")

    reference = models.CharField(_("reference"), max_length=16, unique=True, default=new_reference, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("event"))
    status = models.CharField(_("status"), max_length=20, choices=Status)
    language = models.CharField(_("language"), max_length=2, choices=[("nl", _("Dutch")), ("en", _("English"))])
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    organisation_name = models.CharField(_("organisation"), max_length=200)
    organisation_country = models.CharField(_("country"), max_length=2, choices=COUNTRIES, default="BE")
    enterprise_number = models.CharField(_("enterprise number"), max_length=20, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    billing_method = models.CharField(_("payment"), max_length=10, choices=Billing, default=Billing.ONLINE)
    purchase_order = models.CharField(_("purchase order number"), max_length=35, blank=True)
    channel = models.CharField(_("made through"), max_length=5, choices=Channel, default=Channel.SITE)
    line = models.CharField(_("class in the line"), max_length=10, choices=Line, default=Line.OTHER)
    accepts_part = models.BooleanField(
        _("fewer seats are welcome too"), default=False, help_text=_("A group on the waiting list.")
    )
    #: Steps of the cancellation ladder as they stood when it was ordered: [[days before, percent kept], ...].
    terms = models.JSONField(_("cancellation terms"), default=list, blank=True)
    withdrawal_until = models.DateTimeField(_("may withdraw until"), null=True, blank=True)
    #: The part of a group that stayed in the line when the other part got its seats.
    split_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    created_at = models.DateTimeField(_("registered at"), default=timezone.now)
    accepted_terms_at = models.DateTimeField(_("terms accepted at"))
    hold_expires_at = models.DateTimeField(_("held until"), null=True, blank=True)
    #: No new payment page after this moment; the hold may outlive it, for a page that is open already.
    pay_by = models.DateTimeField(_("to be paid by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    #: Version of the entry in the calendar of a contact who does not come along; it only ever grows.
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    #: The clock or a request made it anonymous, with everything that hangs on it.
    forgotten_at = models.DateTimeField(_("forgotten at"), null=True, blank=True)
    #: What a client sent as Idempotency-Key, and a digest of its request: the same order is never taken twice.
    idempotency_key = models.CharField(max_length=255, null=True, blank=True, unique=True)
    request_digest = models.CharField(max_length=64, blank=True)

    objects = RegistrationQuerySet.as_manager()

    # Set by RegistrationQuerySet.with_total.
    total: Decimal
    seats: int

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["event", "status"], name="registration_event_status"),
            models.Index(
                fields=["hold_expires_at"],
                name="registration_holds",
                condition=Q(hold_expires_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["unconfirmed_email", "awaiting_approval", "held", "offered"])
                | Q(hold_expires_at__isnull=False),
                name="registration_hold_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(confirmed_at__isnull=False),
                name="registration_confirmed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["cancelled", "expired"], ended_at__isnull=False)
                | (~Q(status__in=["cancelled", "expired"]) & Q(ended_at__isnull=True)),
                name="registration_ended_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.contact_name}"

    @classmethod
    def classes_of(cls, event: Event) -> list[str]:
        """The classes that go before the others in the event's line, in their order."""
        classes: dict[WaitingOrder, list[str]] = {
            Event.WaitingOrder.FIRST_COME: [],
            Event.WaitingOrder.MEMBERS_FIRST: [cls.Line.MEMBER, cls.Line.INTERESTED],
            Event.WaitingOrder.INTERESTED_FIRST: [cls.Line.INTERESTED, cls.Line.MEMBER],
        }
        return classes[Event.WaitingOrder(event.waiting_order)]

    @property
    def contact_name(self) -> str:
        return f"{self.first_name} {self.last_name}" if self.can_be_written_to else forgotten()

    @property
    def total_incl_vat(self) -> Decimal:
        """What the seats that are still theirs cost."""
        if "total" in self.__dict__:
            return self.total
        live = self.attendees.filter(released_at__isnull=True)
        return live.aggregate(total=Sum("price_incl_vat"))["total"] or Decimal("0.00")

    @property
    def participants(self) -> str:
        """Who comes, one line. Reads what was prefetched."""
        return ", ".join(seat.name for seat in self.attendees.all() if seat.released_at is None)

    @property
    def participant_emails(self) -> str:
        """Their addresses, one line, of those whose name is known. Reads what was prefetched."""
        live = (seat for seat in self.attendees.all() if seat.released_at is None)
        return ", ".join(seat.email for seat in live if seat.is_named and not seat.is_forgotten)

    @property
    def tickets(self) -> str:
        """Which ticket types they come on, one line: "2 × Standaard, 1 × Green Deal". Reads what was prefetched."""
        kinds = Counter(seat.ticket_type.name for seat in self.attendees.all() if seat.released_at is None)
        return ", ".join(f"{count} × {name}" for name, count in kinds.items())

    @property
    def entitlement(self) -> "Entitlement | None":
        """The one that counts now. Reads what was prefetched."""
        return next((found for found in self.entitlements.all() if found.withdrawn_at is None), None)

    @property
    def by_right_of(self) -> "ByRightOf":
        """The same in words, empty when nothing counts. Reads what was prefetched."""
        return ByRightOf() if self.entitlement is None else self.entitlement.in_words

    @property
    def ladder(self) -> "Ladder":
        """The cancellation terms it was ordered under."""
        from events.models.terms import Ladder  # noqa: PLC0415  (terms hang on the event)

        return Ladder((int(days), int(percent)) for days, percent in self.terms)

    @property
    def open_offer(self) -> "Offer | None":
        return self.offers.filter(answer="").first()

    @property
    def window_ends_at(self) -> datetime | None:
        """What they still have to do for seats they were offered is done by then; None without an offer they took."""
        taken = self.offers.filter(answer="accepted").order_by("answered_at", "pk").last()
        return None if taken is None else taken.expires_at

    @property
    def is_by_invoice(self) -> bool:
        """Its seats are certain before they are paid."""
        return self.billing_method == self.Billing.INVOICE

    @property
    def is_ended(self) -> bool:
        return self.status in self.ENDED

    @property
    def can_be_written_to(self) -> bool:
        """False once the contact was forgotten: nobody reads the address that stands there since."""
        return not is_nobody(self.email)

    @property
    def manage_token(self) -> str:
        """Proves to us that whoever holds it was sent it by us. It says which registration, and nothing else."""
        return _manage_signer.sign(self.reference)

    @property
    def mailbox_token(self) -> str:
        """Stands in the mail that asks to confirm the mailbox, and nowhere else: whoever has it reads that mailbox."""
        return _mailbox_signer.sign(self.reference)

    @classmethod
    def reference_in(cls, token: str) -> str | None:
        """The reference a manage token names, None when the token is not ours."""
        return unsigned(_manage_signer, token)

    @classmethod
    def reference_in_mailbox_token(cls, token: str) -> str | None:
        """The reference a mailbox token names, None when the token is not ours."""
        return unsigned(_mailbox_signer, token)

    def place_in_line(self) -> int | None:
        """How many registrations stand before it, plus one; None when it does not wait."""
        if self.status != self.Status.WAITING:
            return None
        line = list(Registration.objects.line(self.event).values_list("pk", flat=True))
        # It may have had its offer since it was read.
        return line.index(self.pk) + 1 if self.pk in line else None
