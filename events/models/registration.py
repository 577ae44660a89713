"""Registration: one contact's booking of one to ten seats. Attendee: one seat. Entitlement: why it was free."""

import secrets
from datetime import datetime
from decimal import Decimal

from django.core import signing
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.countries import COUNTRIES
from events.models.event import Event, TicketType
from events.models.membership import Membership

MAX_ATTENDEES = 10
# No letters or digits that are misread on paper or over the phone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_manage_signer = signing.Signer(salt="events.registration.manage", sep=".")
#: A key of its own: whoever registers is shown the manage token at once, and that must not prove a mailbox.
_mailbox_signer = signing.Signer(salt="events.registration.mailbox", sep=".")


def new_reference() -> str:
    """ "BPT-7K3F9QWX": eight characters, about 8 x 10^11 possibilities; the database keeps it unique."""
    return "BPT-" + "".join(secrets.choice(ALPHABET) for _position in range(8))


def _unsigned(signer: signing.Signer, token: str) -> str | None:
    try:
        return signer.unsign(token)
    except signing.BadSignature:
        return None


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def lapsed(self, at: datetime) -> "RegistrationQuerySet":
        """Under a hold that has run out but was not ended yet."""
        return self.filter(status__in=Registration.HOLDING, hold_expires_at__lte=at)

    def waiting_in_order(self) -> "RegistrationQuerySet":
        """The line: who came first stands first. The position is computed, never stored."""
        return self.filter(status=Registration.Status.WAITING).order_by("created_at", "pk")

    def with_total(self) -> "RegistrationQuerySet":
        """With `total`: what the seats that are still theirs cost, VAT included."""
        live = Q(attendees__released_at__isnull=True)
        zero = models.Value(Decimal("0.00"), output_field=models.DecimalField(max_digits=10, decimal_places=2))
        return self.annotate(
            total=models.functions.Coalesce(Sum("attendees__price_incl_vat", filter=live), zero),
            seats=models.Count("attendees", filter=live),
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
    created_at = models.DateTimeField(_("registered at"), default=timezone.now)
    accepted_terms_at = models.DateTimeField(_("terms accepted at"))
    hold_expires_at = models.DateTimeField(_("held until"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
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

    @property
    def contact_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def total_incl_vat(self) -> Decimal:
        """What the seats that are still theirs cost."""
        if "total" in self.__dict__:
            return self.total
        live = self.attendees.filter(released_at__isnull=True)
        return live.aggregate(total=Sum("price_incl_vat"))["total"] or Decimal("0.00")

    @property
    def is_ended(self) -> bool:
        return self.status in self.ENDED

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
        return _unsigned(_manage_signer, token)

    @classmethod
    def reference_in_mailbox_token(cls, token: str) -> str | None:
        """The reference a mailbox token names, None when the token is not ours."""
        return _unsigned(_mailbox_signer, token)

    def place_in_line(self) -> int | None:
        """How many registrations stand before it, plus one; None when it does not wait."""
        if self.status != self.Status.WAITING:
            return None
        before = Q(created_at__lt=self.created_at) | Q(created_at=self.created_at, pk__lt=self.pk)
        return self.event.registrations.waiting_in_order().filter(before).count() + 1


def takes_a_seat(at: datetime) -> Q:
    """Confirmed, or under a hold that still runs. The one place that says what a taken seat is."""
    return Q(released_at__isnull=True) & (
        Q(registration__status=Registration.Status.CONFIRMED)
        | Q(registration__status__in=Registration.HOLDING, registration__hold_expires_at__gt=at)
    )


#: Wants a seat and has none.
WAITS = Q(released_at__isnull=True, registration__status=Registration.Status.WAITING)


class AttendeeQuerySet(models.QuerySet["Attendee"]):
    def live(self) -> "AttendeeQuerySet":
        return self.filter(released_at__isnull=True)

    def taking_a_seat(self, at: datetime) -> "AttendeeQuerySet":
        return self.filter(takes_a_seat(at))

    def in_line(self) -> "AttendeeQuerySet":
        return self.filter(WAITS)

    def counts(self, at: datetime) -> tuple[int, int]:
        """(seats taken, seats waited for), in one statement."""
        sums = self.aggregate(
            taken=models.Count("pk", filter=takes_a_seat(at)), waiting=models.Count("pk", filter=WAITS)
        )
        return sums["taken"], sums["waiting"]


class Attendee(models.Model):
    """One seat: who sits on it and what it costs. The price is copied and does not follow the ticket type."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="attendees")
    # The event again, so that the database itself can keep one person from taking two seats.
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="attendees")
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    email = models.EmailField(_("e-mail"))
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="attendees")
    price_excl_vat = models.DecimalField(_("price excl. VAT"), max_digits=8, decimal_places=2)
    vat_rate = models.DecimalField(_("VAT rate (%)"), max_digits=5, decimal_places=2)
    price_incl_vat = models.DecimalField(_("price incl. VAT"), max_digits=8, decimal_places=2)
    released_at = models.DateTimeField(_("seat given up at"), null=True, blank=True)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        ordering = ["registration", "pk"]
        constraints = [
            models.UniqueConstraint(
                "event", Lower("email"), condition=Q(released_at__isnull=True), name="attendee_once_per_event"
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
        return f"{self.first_name} {self.last_name}"

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


class Entitlement(models.Model):
    """Why a registration has a scheme's price: whose membership, proven how. Evidence, so it is never changed."""

    class Proof(models.TextChoices):
        CODE = "code", _("Organisation code")
        MAILBOX = "mailbox", _("Confirmed mailbox")
        DECISION = "decision", _("Organiser's decision")

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="entitlement")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="entitlements")
    proof = models.CharField(_("proof"), max_length=10, choices=Proof)
    evidence = models.CharField(_("evidence"), max_length=250, help_text=_("The code or domain as it was then."))
    claimed_at = models.DateTimeField(_("claimed at"))
    proven_at = models.DateTimeField(_("proven at"), null=True, blank=True)

    class Meta:
        verbose_name = _("entitlement")
        verbose_name_plural = _("entitlements")

    def __str__(self) -> str:
        return f"{self.membership} ({self.get_proof_display()})"
