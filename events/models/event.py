"""Event: one visit on one date, without a language. Pages in Dutch and English tell about it; seats hang here."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.search import index

from cms.countries import COUNTRIES
from cms.templatetags.cms_tags import brief
from events.days import days_before
from events.history import changes
from events.models import choices
from events.models.choices import Availability
from events.models.event_queries import EventQuerySet
from events.words import in_active_language

if TYPE_CHECKING:
    from events.models.pages import EventPage

#: From here down the line of stops says how many places are left.
FEW_SEATS = 5
#: From so long before the visit a free seat is offered to nobody in particular: everyone waiting is told.
LAST_CALL = timedelta(hours=24)


@pghistory.track(
    *changes(),
    fields=[
        "name",
        "status",
        "starts_at",
        "ends_at",
        "venue",
        "street",
        "postal_code",
        "city",
        "language",
        "capacity",
        "waiting_list",
        "registration_opens_at",
        "registration_closes_at",
        "requires_approval",
    ],
    model_name="EventChange",
)
class Event(index.Indexed, ClusterableModel):
    """A visit. Created by an organiser; its state (open, full, past) is derived, never stored."""

    Status = choices.Status
    VatCategory = choices.VatCategory
    WaitingOrder = choices.WaitingOrder
    PaidWithoutSeat = choices.PaidWithoutSeat

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    name = models.CharField(
        _("name"), max_length=150, help_text=_("For the back office; the pages carry the public title.")
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        help_text=_(
            "People can register once it is scheduled. What cancelling brings about is shown before it is saved."
        ),
    )
    starts_at = models.DateTimeField(_("starts at"), help_text=_("When people are expected at the gate."))
    ends_at = models.DateTimeField(_("ends at"), help_text=_("When people can leave."))
    venue = models.CharField(_("venue"), max_length=150, help_text=_("The name that stands at the gate."))
    street = models.CharField(
        _("street and number"),
        max_length=150,
        blank=True,
        help_text=_("Of the entrance, for whoever uses a route planner."),
    )
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True, help_text=_("Of that street."))
    city = models.CharField(
        _("city"), max_length=100, help_text=_("As the people there write it; it stands in the programme.")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        choices=COUNTRIES,
        default="BE",
        help_text=_("Where the visit takes place. Its VAT is set below, for itself."),
    )
    language = models.CharField(
        _("language of the visit"),
        max_length=2,
        choices=choices.Spoken,
        default=choices.Spoken.DUTCH,
        help_text=_("What is spoken during the visit. The page may be read in other languages."),
    )
    host = models.ForeignKey(
        "cms.Organisation",
        verbose_name=_("host"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hosted_events",
        help_text=_("Who receives the group. From the address book; add it there first."),
    )
    capacity = models.PositiveIntegerField(_("capacity"), validators=[MinValueValidator(1), MaxValueValidator(10_000)])
    waiting_list = models.BooleanField(
        _("waiting list"),
        default=True,
        help_text=_("When full, people can put themselves on a waiting list."),
    )
    waiting_order = models.CharField(
        _("order of the waiting list"),
        max_length=20,
        choices=WaitingOrder,
        default=WaitingOrder.FIRST_COME,
        help_text=_("Who is offered a place that comes free."),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"),
        default=48,
        validators=[MinValueValidator(2), MaxValueValidator(336)],
        help_text=_("Shorter when the visit is near; in the last 24 hours everyone waiting is told at once."),
    )
    requires_approval = models.BooleanField(
        _("organiser approves"),
        default=False,
        help_text=_("Every registration waits for your yes, for instance because the host wants to see the list."),
    )
    approval_days = models.PositiveSmallIntegerField(
        _("days to approve"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("So long a seat is kept while an approver, or you, has not answered."),
    )
    names_due_days = models.PositiveSmallIntegerField(
        _("names known so many days before"),
        default=5,
        validators=[MaxValueValidator(60)],
        help_text=_("Until then a seat may be booked with the name to follow."),
    )
    withdrawal_days = models.PositiveSmallIntegerField(
        _("right of withdrawal (days)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(60)],
        help_text=_("Empty: none. Else whoever ordered may withdraw free of charge for so many days."),
    )
    invoice_until_days = models.PositiveSmallIntegerField(
        _("by invoice until so many days before"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(365)],
        help_text=_("Empty: online payment only. 14: whoever orders two weeks before or earlier may pay by invoice."),
    )
    paid_without_seat = models.CharField(
        _("paid, and the seat is gone"),
        max_length=8,
        choices=PaidWithoutSeat,
        default=PaidWithoutSeat.REFUND,
        help_text=_("A payment that comes when its hold has ended and the seats are somebody else's."),
    )
    asks_needs = models.BooleanField(
        _("ask for diet and access needs"), default=True, help_text=_("Deleted a week after the visit.")
    )
    asks_equipment = models.BooleanField(
        _("ask for shoe and clothing size"), default=False, help_text=_("When the host lends protective equipment.")
    )
    asks_plate = models.BooleanField(
        _("ask for the licence plate"), default=False, help_text=_("When the host's gate opens by it.")
    )
    letter_intro_nl = models.TextField(
        _("opening of the letters (Dutch)"), blank=True, max_length=1000, help_text=_("Stands above our own text.")
    )
    letter_intro_en = models.TextField(
        _("opening of the letters (English)"), blank=True, max_length=1000, help_text=_("Stands above our own text.")
    )
    registration_opens_at = models.DateTimeField(
        _("registration opens at"), null=True, blank=True, help_text=_("Empty: at once.")
    )
    registration_closes_at = models.DateTimeField(
        _("registration closes at"), null=True, blank=True, help_text=_("Empty: when the visit starts.")
    )
    # Admission is taxed where the event takes place (VAT Directive, articles 53 and 54), so VAT belongs to the event.
    vat_country = models.CharField(
        _("VAT country"),
        max_length=2,
        choices=COUNTRIES,
        default="BE",
        help_text=_("The country the visit takes place in, whoever pays."),
    )
    vat_category = models.CharField(
        _("VAT category"),
        max_length=2,
        choices=VatCategory,
        default=VatCategory.STANDARD,
        help_text=_("Exempt and zero rate need a mention below that says why."),
    )
    vat_rate = models.DecimalField(
        _("VAT rate (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("21.00"),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("In percent; 0 when no VAT is charged."),
    )
    vat_mention_nl = models.CharField(_("VAT mention (Dutch)"), max_length=250, blank=True)
    vat_mention_en = models.CharField(_("VAT mention (English)"), max_length=250, blank=True)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EventQuerySet.as_manager()

    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("city"),
        index.FilterField("status"),
        index.FilterField("starts_at"),
    ]

    # Set by EventQuerySet.with_seats.
    counted_taken: int
    counted_waiting: int

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["ends_at", "status"], name="event_ends_status")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_it_starts",
                violation_error_message=_("The visit should end after it starts."),
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="event_capacity_positive"),
            models.CheckConstraint(
                condition=Q(vat_rate__gte=0, vat_rate__lte=100), name="event_vat_rate_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({brief(self.date)})"

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The visit should end after it starts.")})
        if self.registration_opens_at and self.starts_at and self.registration_opens_at >= self.closes_at:
            raise ValidationError({"registration_opens_at": _("Registration should open before it closes.")})

    @property
    def date(self) -> date:
        """The day of the visit at the place of the visit; memberships are judged on it."""
        return timezone.localtime(self.starts_at).date()

    @property
    def vat_mention(self) -> str:
        return in_active_language(self, "vat_mention")

    @property
    def letter_intro(self) -> str:
        return in_active_language(self, "letter_intro")

    @property
    def line_rule(self) -> str:
        """Who goes first on its waiting list, as a sentence; empty when that is simply who came first."""
        match self.waiting_order:
            case self.WaitingOrder.MEMBERS_FIRST:
                return gettext(
                    "On this waiting list member organisations go first, then who voted for the visit, then the others."
                )
            case self.WaitingOrder.INTERESTED_FIRST:
                return gettext(
                    "On this waiting list who voted for the visit goes first, then member organisations, then the "
                    "others."
                )
        return ""

    @property
    def last_call_at(self) -> datetime:
        """From here on a free seat goes to whoever of the line takes it first."""
        return self.starts_at - LAST_CALL

    @property
    def names_due_at(self) -> datetime:
        """Until here a seat may have its name to follow."""
        return days_before(self.starts_at, self.names_due_days)

    @property
    def invoice_until(self) -> datetime | None:
        """Until here seats may be ordered by invoice; None when never."""
        return None if self.invoice_until_days is None else days_before(self.starts_at, self.invoice_until_days)

    @property
    def address(self) -> str:
        """One line: venue, street, postal code and city."""
        parts = [self.venue, self.street, f"{self.postal_code} {self.city}".strip()]
        return ", ".join(part for part in parts if part)

    @property
    def closes_at(self) -> datetime:
        """The moment from which nobody can register any more."""
        return min(self.registration_closes_at or self.starts_at, self.starts_at)

    def count_seats(self, at: datetime) -> None:
        """Count seats taken and waited for in one statement, for everything asked of this instance from now on.

        A deed calls it after it has the event's lock; a page once, however many figures it shows.
        """
        self.counted_taken, self.counted_waiting = self.attendees.all().counts(at)

    def _counts(self, at: datetime) -> tuple[int, int]:
        """(seats taken, seats waited for): as counted before for this instance, else counted now."""
        if "counted_taken" in self.__dict__:
            return self.counted_taken, self.counted_waiting
        return self.attendees.all().counts(at)

    def seats_taken(self, at: datetime) -> int:
        """Confirmed seats and seats under a hold that still runs."""
        return self._counts(at)[0]

    def seats_left(self, at: datetime) -> int:
        """Places nobody has, never below 0 (an organiser may have lowered the capacity)."""
        return max(0, self.capacity - self.seats_taken(at))

    def seats_for_newcomers(self, at: datetime) -> int:
        """Places a newcomer may take: those the people already waiting leave. Nobody passes the line."""
        taken, waiting = self._counts(at)
        return max(0, self.capacity - taken - waiting)

    def seats_kept(self, at: datetime) -> int:
        """Places that are free and kept for the people already waiting."""
        return self.seats_left(at) - self.seats_for_newcomers(at)

    def availability(self, at: datetime) -> Availability:
        """What a visitor can do with it now."""
        if self.status == self.Status.CANCELLED:
            return Availability.CANCELLED
        if self.starts_at <= at:
            return Availability.PAST if self.ends_at <= at else Availability.CLOSED
        if self.registration_opens_at and at < self.registration_opens_at:
            return Availability.UPCOMING
        if at >= self.closes_at or self.status == self.Status.DRAFT:
            return Availability.CLOSED
        return Availability.OPEN if self.seats_for_newcomers(at) else Availability.FULL

    def takes_registrations(self, at: datetime) -> bool:
        """Open, or full with a waiting list."""
        availability = self.availability(at)
        return availability == Availability.OPEN or (availability == Availability.FULL and self.waiting_list)

    def title_in(self, language: str) -> str:
        """As its page in this language calls it; the organiser's name for it where there is none."""
        page = self.page_in(language)
        return page.title if page else self.name

    def has_vat_of(self, other: "Event") -> bool:
        """Seats with a price may go from the one to the other: what was said of their VAT stays true."""
        return (self.vat_country, self.vat_rate) == (other.vat_country, other.vat_rate)

    def page_in(self, language: str) -> "EventPage | None":
        """The live page that tells about it in this language."""
        return self.pages.live().filter(locale__language_code=language).first()
