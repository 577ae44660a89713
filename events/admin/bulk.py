"""One deed on many registrations of a visit: what was asked, what it will cause, and what became of each row."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.templatetags.cms_tags import money, number
from events import actions, letters
from events.actions.cancelling import cancellation_fee
from events.models import Approval, Attendee, Event, Letter, Registration
from events.refusals import Refusal

Status = Registration.Status
ZERO = Decimal("0.00")
#: So many are named where many may be meant.
SOME = 10
DEEDS = [
    ("approve", gettext_lazy("Approve")),
    ("reject", gettext_lazy("Do not approve")),
    ("message", gettext_lazy("Write to the contacts")),
    ("cancel", gettext_lazy("Cancel all their seats")),
    ("move", gettext_lazy("Move to another visit")),
]


class BulkForm(forms.Form):
    """What to do with the ticked registrations."""

    deed = forms.ChoiceField(
        label=gettext_lazy("With the ticked registrations"),
        choices=DEEDS,
    )
    chosen = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Registrations"), queryset=Registration.objects.none(), required=False
    )
    everyone = forms.BooleanField(
        label=gettext_lazy("All registrations of the list, on every page"),
        required=False,
    )
    to = forms.ModelChoiceField(label=gettext_lazy("To the visit"), queryset=Event.objects.none(), required=False)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=120, required=False)
    text = forms.CharField(
        label=gettext_lazy("Message, or the reason the contacts read"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    free_of_charge = forms.BooleanField(label=gettext_lazy("Keep nothing of the price"), required=False)

    def __init__(self, *args: Any, event: Event, listed: QuerySet[Registration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = listed
        self.fields["chosen"].queryset = event.registrations.all()  # type: ignore[attr-defined]
        coming = Event.objects.filter(status=Event.Status.SCHEDULED, starts_at__gt=timezone.now())
        self.fields["to"].queryset = coming.exclude(pk=event.pk)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("everyone"):
            facts["chosen"] = self.listed
        elif "chosen" in facts and not facts["chosen"]:
            self.add_error("chosen", _("Tick at least one registration."))
        needed = {
            "message": {"subject": _("Give the message a subject."), "text": _("Write the message.")},
            "cancel": {"text": _("Write the reason: the contacts read it.")},
            "move": {"to": _("Choose the visit they move to."), "text": _("Write the reason: the contacts read it.")},
        }
        for name, said in needed.get(facts.get("deed", ""), {}).items():
            if not facts.get(name) and name not in self.errors:
                self.add_error(name, said)
        return facts

    def wrong(self) -> list[tuple[str, str]]:
        """(label of the field, what is wrong with it), for the summary."""
        return [(str(self[name].label), str(error)) for name, errors in self.errors.items() for error in errors]


class Preview(NamedTuple):
    """A letter as one of its readers gets it."""

    recipient: str
    language: str
    subject: str
    text: str
    html: str


class Asked(NamedTuple):
    """What a deed on many will do, said before it is done."""

    #: "Cancel all their seats"
    title: str
    #: "Cancel 3 registrations with 5 seats."
    what: str
    #: What follows from it, a sentence each.
    follows: list[str]
    rows: list[Registration]
    #: Ticked, and the deed is not for them in their state.
    left_alone: list[Registration]
    #: The organiser's own words in their letter; None for a deed whose letters are ours.
    preview: Preview | None = None


class Outcome(NamedTuple):
    done: int
    left_alone: list[Registration]
    #: "BPT-…: why not", a line each.
    failed: list[str]


def fingerprint(asked: Asked) -> str:
    """The same for the same registrations, and for no others."""
    return sha256(",".join(str(row.pk) for row in asked.rows).encode()).hexdigest()[:16]


def apart(facts: dict[str, Any]) -> tuple[list[Registration], list[Registration]]:
    """(those the deed is for, those it is not): as they are now; the deed itself judges again under its lock."""
    chosen = list(facts["chosen"])
    waiting = set(
        Approval.objects.open()
        .filter(asked=Approval.Asked.ORGANISER, registration__in=chosen)
        .exclude(registration__status__in=Registration.ENDED)
        .values_list("registration_id", flat=True)
    )
    fits: Callable[[Registration], bool] = {
        "approve": lambda row: row.pk in waiting,
        "reject": lambda row: row.pk in waiting,
        # Who cancelled hears nothing more of the visit, unless somebody means them by name.
        "message": lambda row: row.can_be_written_to and not (facts.get("everyone") and row.is_ended),
        "cancel": lambda row: not row.is_ended,
        "move": lambda row: row.status in (Status.CONFIRMED, Status.WAITING),
    }[facts["deed"]]
    return [row for row in chosen if fits(row)], [row for row in chosen if not fits(row)]


def ask(facts: dict[str, Any], event: Event, *, at: datetime) -> Asked:
    """What will be done for whom, and what follows; at a constant number of queries."""
    rows, left_alone = apart(facts)
    title = str(dict(DEEDS)[facts["deed"]])
    if not rows:
        return Asked(title, _("There is nothing to do."), [], rows, left_alone)
    seats = list(Attendee.objects.live().filter(registration__in=rows).order_by("registration_id", "pk"))
    counted = {
        "registrations": _registrations(len(rows)),
        "seats": _seats(len(seats)),
        "to": str(facts.get("to") or ""),
    }
    what = {
        "approve": _("Approve %(registrations)s, %(seats)s."),
        "reject": _("Do not approve %(registrations)s, %(seats)s."),
        "message": _("Write to the contacts of %(registrations)s."),
        "cancel": _("Cancel %(registrations)s, %(seats)s."),
        "move": _("Move %(registrations)s, %(seats)s, to %(to)s."),
    }[facts["deed"]]
    follows = {
        "approve": lambda: _approved(rows, seats),
        "reject": lambda: _rejected(rows),
        "message": list,
        "cancel": lambda: [*_kept(rows, seats, event, at, nothing=facts["free_of_charge"]), *_cancelled(rows)],
        "move": lambda: _moved(facts["to"], rows, seats, at),
    }[facts["deed"]]()
    preview = _preview(rows[0], facts, at) if facts["deed"] == "message" else None
    return Asked(title, what % counted, follows, rows, left_alone, preview)


def carry_out(facts: dict[str, Any], *, batch: str, at: datetime, by: Any) -> Outcome:
    """Row by row; one that refuses keeps nobody else from theirs."""
    rows, left_alone = apart(facts)
    done, failed = 0, []
    for registration in rows:
        try:
            if _do(facts, registration, batch=batch, at=at, by=by):
                done += 1
            else:
                left_alone.append(registration)
        except Refusal as refusal:
            failed.append(f"{registration.reference}: {refusal.text()}")
    return Outcome(done, left_alone, failed)


def _do(facts: dict[str, Any], registration: Registration, *, batch: str, at: datetime, by: Any) -> bool:
    """Whether it changed anything. Raises a Refusal."""
    text = facts["text"]
    match facts["deed"]:
        case "approve" | "reject" as deed:
            asked = registration.approvals.open().filter(asked=Approval.Asked.ORGANISER).first()
            if asked is None:
                return False  # somebody answered since
            (actions.approve if deed == "approve" else actions.reject)(approval=asked, at=at, by=by, remark=text)
        case "message":
            return actions.write_message(
                registration=registration, subject=facts["subject"], text=text, occasion=batch, at=at
            )
        case "cancel":
            actions.cancel(registration=registration, at=at, by=by, why=text, free_of_charge=facts["free_of_charge"])
        case "move":
            actions.move(registration=registration, to=facts["to"], at=at, by=by, why=text)
    return True


def _registrations(count: int) -> str:
    return ngettext("%(n)s registration", "%(n)s registrations", count) % {"n": count}


def _seats(count: int) -> str:
    return ngettext("%(n)s seat", "%(n)s seats", count) % {"n": count}


def _preview(registration: Registration, facts: dict[str, Any], at: datetime) -> Preview:
    """Rendered as it will go out, and kept nowhere."""
    said = {"subject": facts["subject"], "text": facts["text"]}
    letter = Letter(registration=registration, kind="message", recipient=registration.email, facts=said, created_at=at)
    mail = letters.message(letter, at=at)
    recipient = f"{registration.contact_name} <{registration.email}>"
    language = str(registration.get_language_display())
    return Preview(recipient, language, str(mail.subject), str(mail.body), str(mail.alternatives[0][0]))


def _approved(rows: list[Registration], seats: list[Attendee]) -> list[str]:
    """What a yes of the organiser does for each of them, and who hears of it."""
    asked = Approval.objects.open().filter(asked=Approval.Asked.APPROVER, registration__in=rows)
    wait_for_another = set(asked.values_list("registration_id", flat=True))
    cost_something = {seat.registration_id for seat in seats if seat.price_incl_vat}

    def becomes(row: Registration) -> str:
        if row.status != Status.AWAITING_APPROVAL:
            return "in_line"
        if row.pk in wait_for_another:
            return "waits"
        return "to_pay" if row.pk in cost_something and not row.is_by_invoice else "confirmed"

    counts = Counter(becomes(row) for row in rows)
    said: dict[str, Callable[[int], str]] = {
        "confirmed": lambda n: ngettext(
            "%(n)s registration is confirmed: its contact and participants get a letter.",
            "%(n)s registrations are confirmed: their contacts and participants get a letter.",
            n,
        ),
        "to_pay": lambda n: ngettext(
            "%(n)s registration is kept until it is paid: its contact gets a letter that asks to pay.",
            "%(n)s registrations are kept until they are paid: their contacts get a letter that asks to pay.",
            n,
        ),
        "waits": lambda n: ngettext(
            "%(n)s registration still waits for the yes of its own approver: no letter goes out now.",
            "%(n)s registrations still wait for the yes of their own approver: no letter goes out now.",
            n,
        ),
        "in_line": lambda n: ngettext(
            "%(n)s registration stays where it is, in the line or until its mail is confirmed: no letter goes out.",
            "%(n)s registrations stay where they are, in the line or until their mail is confirmed: no letter goes "
            "out.",
            n,
        ),
    }
    return [sentence(counts[name]) % {"n": counts[name]} for name, sentence in said.items() if counts[name]]


def _rejected(rows: list[Registration]) -> list[str]:
    """What a no of the organiser does, also to those that asked for more than their quota and for nothing else."""
    asked = Approval.objects.open().filter(asked=Approval.Asked.ORGANISER, registration__in=rows)
    for_quota = sum(row.is_for_quota_alone for row in asked.select_related("registration__event"))
    said = ngettext(
        "%(n)s registration asked for more than its quota: its seats within the quota go on.",
        "%(n)s registrations asked for more than their quota: their seats within the quota go on.",
        for_quota,
    )
    free = _("The seats are free again, and the contacts are told.")
    return [free, *([said % {"n": for_quota}] if for_quota else [])]


def _cancelled(rows: list[Registration]) -> list[str]:
    """Who is told, and what becomes of the seats."""
    confirmed = sum(row.status == Status.CONFIRMED for row in rows)
    others = len(rows) - confirmed
    told = [
        (
            confirmed,
            ngettext(
                "%(n)s registration is confirmed: its contact and participants are told, with your reason.",
                "%(n)s registrations are confirmed: their contacts and participants are told, with your reason.",
                confirmed,
            ),
        ),
        (
            others,
            ngettext(
                "%(n)s registration is not confirmed: its contact alone is told, with your reason.",
                "%(n)s registrations are not confirmed: their contacts alone are told, with your reason.",
                others,
            ),
        ),
    ]
    line = _("Seats that become free are offered to the line.")
    return [*(said % {"n": count} for count, said in told if count), line]


def _kept(rows: list[Registration], seats: list[Attendee], event: Event, at: datetime, *, nothing: bool) -> list[str]:
    """What of the prices is kept by the terms of each, and what is not."""
    of = {row.pk: row for row in rows}
    priced = [seat for seat in seats if of[seat.registration_id].status == Status.CONFIRMED and seat.price_incl_vat]
    if not priced:
        return []
    price = sum((seat.price_incl_vat for seat in priced), start=ZERO)
    fees = (cancellation_fee(of[seat.registration_id], seat, event, at=at) for seat in priced)
    kept = ZERO if nothing else sum(fees, start=ZERO)
    return [
        _("Of %(price)s for these seats %(kept)s is kept; what was paid beyond that is given back.")
        % {"price": money(price), "kept": money(kept)}
    ]


def _moved(to: Event, rows: list[Registration], seats: list[Attendee], at: datetime) -> list[str]:
    stay = _under_other_vat(to, rows)
    confirmed = {row.pk for row in rows if row.status == Status.CONFIRMED and row not in stay}
    needed = sum(1 for seat in seats if seat.registration_id in confirmed)
    to.count_seats(at)
    left = to.seats_left(at)
    said = [
        _("They keep their price, may cancel free of charge from then on, and are told, with your reason."),
        _("There: %(left)s free, %(needed)s needed.") % {"left": _seats(left), "needed": _seats(needed)},
    ]
    if left < needed:
        said.append(_("Not all of them fit: those that do not are named afterwards, and stay where they are."))
    if stay:
        said.append(
            ngettext(
                "%(n)s registration stays where it is, because it has a price and the other visit another VAT "
                "(%(country)s, %(rate)s %%): %(which)s. What can be done: cancel it here, keeping nothing, and "
                "register it there.",
                "%(n)s registrations stay where they are, because they have a price and the other visit another VAT "
                "(%(country)s, %(rate)s %%): %(which)s. What can be done: cancel them here, keeping nothing, and "
                "register them there.",
                len(stay),
            )
            % {
                "n": len(stay),
                "country": to.get_vat_country_display(),
                "rate": number(to.vat_rate),
                "which": some([row.reference for row in stay]),
            }
        )
    return said


def _under_other_vat(to: Event, rows: list[Registration]) -> list[Registration]:
    """Those the deed will refuse: whoever was told a price with VAT does not get another one unasked."""
    priced = set(
        Attendee.objects.filter(registration__in=rows, price_incl_vat__gt=0)
        .exclude(event__vat_country=to.vat_country, event__vat_rate=to.vat_rate)
        .values_list("registration_id", flat=True)
    )
    return [row for row in rows if row.pk in priced]


def some(references: list[str]) -> str:
    """The first ten of them, and how many more: "BPT-1, BPT-2 and 3 more"."""
    listed = ", ".join(references[:SOME])
    more = len(references) - SOME
    return listed if more <= 0 else _("%(listed)s and %(more)s more") % {"listed": listed, "more": more}
