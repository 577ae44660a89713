"""Every letter we write, in one place: its subject, its paragraphs, its button, and what it does to a calendar.

The texts are plain sentences; one HTML and one text template give them their form. A writer is called in the reader's
language with the facts of `events.letters.context`.
"""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.templatetags.cms_tags import money
from events import desk_letters, line_letters, money_letters, visit_letters
from events.letter_parts import (
    Body,
    Button,
    Facts,
    Kind,
    given_reason,
    leaves_the_calendar,
    manage_button,
    until_words,
    words_with_the_yes,
)


def confirmed(facts: Facts) -> Body:
    seats = len(facts["attendees"])
    paid = facts["money"].paid - facts["money"].refunded if facts["money"] else Decimal(0)
    return Body(
        _("You are registered: %(title)s") % facts,
        [
            ngettext("The place is yours.", "The %(count)s places are yours.", seats) % {"count": seats},
            *_about_money(facts, paid),
            *words_with_the_yes(facts),
            _(
                "Cannot come? Send a colleague in your place free of charge, or give the place up, with the link below: "
                "somebody else is glad to have it."
            ),
        ],
        manage_button(facts),
        shows_seats=True,
    )


def _about_money(facts: Facts, paid: Decimal) -> list[str]:
    if facts["is_by_invoice"] and facts["total"] and not paid:
        return money_letters.by_invoice(facts)
    if paid:
        return [_("We received your payment of %(amount)s. Thank you.") % {"amount": money(paid)}]
    return [_("Your registration is free of charge.")]


def seat_confirmed(facts: Facts) -> Body:
    return Body(
        _("You are registered: %(title)s") % facts,
        [
            _("%(contact)s registered you for this visit. We look forward to seeing you.") % facts,
            _("Cannot come? Say so with the link below: somebody else is glad to have your place."),
        ],
        Button(_("I cannot come"), facts["seat_url"]),
    )


def confirm_mailbox(facts: Facts) -> Body:
    return Body(
        _("Confirm your registration: %(title)s") % facts,
        [
            _("Your organisation has a price of its own. One thing is needed first: that you read this mailbox.")
            if facts["total"]
            else _("Your organisation comes free of charge. One thing is needed: that you read this mailbox."),
            *(
                [
                    _("After that you pay %(amount)s, VAT included, and the places are yours.")
                    % {"amount": money(facts["total"])}
                ]
                if facts["total"]
                else []
            ),
            _("Confirm before %(day)s, %(time)s. Until then we keep your places.")
            % until_words(facts["hold_expires_at"]),
        ],
        Button(_("Confirm my registration"), facts["confirm_mailbox_url"]),
        shows_seats=True,
    )


def held(facts: Facts) -> Body:
    return Body(
        _("Your places are held: %(title)s") % facts,
        [
            _(
                "Your places are held until %(day)s, %(time)s. They are yours once we have received %(amount)s, VAT included."
            )
            % {**until_words(facts["hold_expires_at"]), "amount": money(facts["total"])},
            _("Have you paid already? Then a confirmation follows and you need not do anything."),
        ],
        manage_button(facts, _("Pay or see your registration")),
        shows_seats=True,
    )


def approved(facts: Facts) -> Body:
    return Body(
        _("Approved, now to be paid: %(title)s") % facts,
        [
            _("Your registration was approved."),
            *words_with_the_yes(facts),
            _(
                "Your places are held until %(day)s, %(time)s. They are yours once we have received %(amount)s, VAT included."
            )
            % {**until_words(facts["hold_expires_at"]), "amount": money(facts["total"])},
        ],
        manage_button(facts, _("Pay or see your registration")),
        shows_seats=True,
    )


def hold_expired(facts: Facts) -> Body:
    return Body(
        _("Your places were given up: %(title)s") % facts,
        [
            _("Your payment did not go through, so we have given your places up.")
            if facts.get("failed")
            else _("We kept your places as long as we said, and have given them up now."),
            _("Do you still want to come? Then register again, if there are places left."),
        ],
        Button(_("To the visit"), facts["page_url"]),
    )


def approval_lapsed(facts: Facts) -> Body:
    return Body(
        _("No approval in time: %(title)s") % facts,
        [
            _("Nobody approved your registration in time, so we have given your places up."),
            _("Do you still want to come? Then register again, if there are places left."),
        ],
        Button(_("To the visit"), facts["page_url"]),
    )


def cancelled(facts: Facts) -> Body:
    kept = Decimal(facts.get("kept") or 0)
    paragraphs = [
        _("We gave up the place of: %(names)s.") % {"names": ", ".join(facts.get("names") or [])},
        *given_reason(facts),
        *leaves_the_calendar(facts),
    ]
    if kept:
        paragraphs.append(
            (
                _("By the cancellation terms %(amount)s of the price is kept. The rest of the invoice is credited.")
                if facts["is_by_invoice"]
                else _("By the cancellation terms %(amount)s of the price is kept; the rest is paid back.")
            )
            % {"amount": money(kept)}
        )
    if facts["money"] and facts["money"].is_processing:
        paragraphs.append(_("A payment of yours is still on its way. When it arrives, all of it is given back."))
    paragraphs.append(
        _("Your registration has ended. What is still open of your invoice is to be paid.")
        if facts["is_ended"] and facts["money"] and facts["money"].invoiced
        else _("Your registration has ended. Nothing more is asked of you.")
        if facts["is_ended"]
        else _("The others stay on the waiting list.")
        if facts.get("stood") in ("waiting", "offered")
        else _("The other places stay yours.")
    )
    return Body(_("Cancelled: %(title)s") % facts, paragraphs, manage_button(facts))


def withdrawn(facts: Facts) -> Body:
    return Body(
        _("Withdrawal confirmed: %(title)s") % facts,
        [
            _("You withdrew from your order %(reference)s on %(day)s at %(time)s. We confirm that we received this.")
            % {"reference": facts["reference"], **until_words(facts["written_at"])},
            _("It was about the places of: %(names)s.") % {"names": ", ".join(facts.get("names") or [])},
            _("Whatever you paid is paid back in full."),
            *leaves_the_calendar(facts),
        ],
        manage_button(facts),
    )


def seat_cancelled(facts: Facts) -> Body:
    return Body(
        _("Your place was cancelled: %(title)s") % facts,
        [_("Your place at this visit was given up. The visit disappears from your calendar."), *given_reason(facts)],
    )


def seat_passed_on(facts: Facts) -> Body:
    return Body(
        _("A colleague takes your place: %(title)s") % facts,
        [
            _("%(name)s comes in your place. The visit disappears from your calendar.")
            % {"name": facts.get("name", "?")}
        ],
    )


def approval_request(facts: Facts) -> Body:
    return Body(
        _("Do you approve? %(contact)s would like to visit: %(title)s") % facts,
        [
            _("%(contact)s (%(organisation)s) asks for your approval to take part in this visit.") % facts,
            _("It comes to %(amount)s, VAT included, to be paid by invoice.") % {"amount": money(facts["total"])}
            if facts["is_by_invoice"]
            else _("It comes to %(amount)s, VAT included.") % {"amount": money(facts["total"])},
            _("Answer before %(day)s, %(time)s. Until then the places are kept.")
            % until_words(facts["hold_expires_at"]),
        ],
        Button(_("See the request and answer"), facts.get("approval_url", "")),
        shows_seats=True,
    )


def awaiting_approval(facts: Facts) -> Body:
    return Body(
        _("Waiting for approval: %(title)s") % facts,
        [
            _("We keep your places until %(day)s, %(time)s and ask for approval.")
            % until_words(facts["hold_expires_at"]),
            _("You hear from us as soon as there is an answer."),
        ],
        manage_button(facts),
        shows_seats=True,
    )


def rejected(facts: Facts) -> Body:
    by_approver = facts.get("asked") == "approver"
    paragraphs = [
        _("%(name)s did not approve your registration. Your places were given up.") % {"name": facts.get("name") or "?"}
        if by_approver
        else _("We are sorry: we cannot accept your registration for this visit.")
    ]
    if facts.get("remark"):
        paragraphs.append(_("The answer: %(remark)s") % {"remark": facts["remark"]})
    if not by_approver:
        paragraphs.append(_("Questions? Write to %(email)s.") % {"email": facts["organiser"].email})
    return Body(_("Not approved: %(title)s") % facts, paragraphs, manage_button(facts))


def quota_refused(facts: Facts) -> Body:
    """A no of the organiser to the seats beyond the quota, and how they can come all the same."""
    kept, given_up = facts.get("kept") or [], facts.get("given_up") or []
    paragraphs = [
        _("The organiser cannot give your organisation more places at the price for members than it has."),
        *([_("These places go on: %(names)s.") % {"names": ", ".join(kept)}] if kept else []),
        _("These places were given up: %(names)s.") % {"names": ", ".join(given_up)},
    ]
    if facts.get("price"):
        paragraphs.append(
            _(
                "At the normal price, %(amount)s each, VAT included, they are welcome while there are places: register "
                "them with the link below."
            )
            % {"amount": money(Decimal(facts["price"]))}
        )
    if facts.get("remark"):
        paragraphs.append(_("The answer: %(remark)s") % {"remark": facts["remark"]})
    paragraphs.append(_("Questions? Write to %(email)s.") % {"email": facts["organiser"].email})
    to_the_visit = Button(_("To the visit"), facts["page_url"]) if facts.get("price") else None
    return Body(
        _("Fewer places than you asked for: %(title)s") % facts if kept else _("Not approved: %(title)s") % facts,
        paragraphs,
        to_the_visit or manage_button(facts),
        [manage_button(facts)] if to_the_visit and kept else [],
    )


def substituted(facts: Facts) -> Body:
    before, after = facts.get("before"), facts.get("after")
    return Body(
        _("Name changed: %(title)s") % facts,
        [
            _("%(after)s comes in the place of %(before)s.") % {"after": after, "before": before}
            if before
            else _("The name that was to follow is known: %(after)s.") % {"after": after},
            *given_reason(facts),
        ],
        manage_button(facts),
        shows_seats=True,
    )


def message(facts: Facts) -> Body:
    return Body(
        f"{facts.get('subject', '')}: {facts['title']}", str(facts.get("text", "")).split("\n\n"), manage_button(facts)
    )


CATALOGUE: dict[str, Kind] = {
    "confirmed": Kind(gettext_lazy("Confirmation to the contact"), confirmed, "PUBLISH"),
    "seat_confirmed": Kind(gettext_lazy("Confirmation to a colleague"), seat_confirmed, "PUBLISH"),
    "confirm_mailbox": Kind(gettext_lazy("Confirm the mailbox"), confirm_mailbox),
    "held": Kind(gettext_lazy("Held until paid"), held),
    "waiting": Kind(gettext_lazy("On the waiting list"), line_letters.waiting),
    "rest_waits": Kind(gettext_lazy("The rest of a group waits on"), line_letters.rest_waits),
    "offer": Kind(gettext_lazy("Offer of a place"), line_letters.offer),
    "offer_declined": Kind(gettext_lazy("Offer declined"), line_letters.offer_declined),
    "offer_expired": Kind(gettext_lazy("Offer passed"), line_letters.offer_expired),
    "line_ended": Kind(gettext_lazy("No place came free"), line_letters.line_ended),
    "last_call": Kind(gettext_lazy("Last call to the waiting list"), line_letters.last_call),
    "hold_expired": Kind(gettext_lazy("Held places given up"), hold_expired),
    "awaiting_approval": Kind(gettext_lazy("Waiting for approval"), awaiting_approval),
    "approval_request": Kind(gettext_lazy("Request to the approver"), approval_request),
    "approved": Kind(gettext_lazy("Approved, to be paid"), approved),
    "rejected": Kind(gettext_lazy("Not approved"), rejected),
    "quota_refused": Kind(gettext_lazy("No more places than the quota"), quota_refused),
    "approval_lapsed": Kind(gettext_lazy("No approval in time"), approval_lapsed),
    "cancelled": Kind(gettext_lazy("Cancelled, to the contact"), cancelled, "CANCEL"),
    "withdrawn": Kind(gettext_lazy("Withdrawal confirmed"), withdrawn, "CANCEL"),
    "seat_cancelled": Kind(gettext_lazy("Cancelled, to whoever had the seat"), seat_cancelled, "CANCEL"),
    "seat_passed_on": Kind(gettext_lazy("Replaced by a colleague"), seat_passed_on, "CANCEL"),
    "substituted": Kind(gettext_lazy("Name changed"), substituted),
    "refund": Kind(gettext_lazy("Money back"), money_letters.refund),
    "payment_failed": Kind(gettext_lazy("A payment did not go through"), money_letters.payment_failed),
    "payment_differs": Kind(gettext_lazy("A payment that is not what was asked"), money_letters.payment_differs),
    "paid_without_seat": Kind(gettext_lazy("Paid too late, somebody decides"), money_letters.paid_without_seat),
    "invoice": Kind(gettext_lazy("Invoice"), money_letters.invoice),
    "invoice_due": Kind(gettext_lazy("Reminder before an invoice is due"), money_letters.invoice_due),
    "invoice_late": Kind(gettext_lazy("Reminder of an invoice that is late"), money_letters.invoice_late),
    "payment_received": Kind(gettext_lazy("A transfer for an invoice came in"), money_letters.payment_received),
    "payment_taken_back": Kind(
        gettext_lazy("A transfer that was for something else"), money_letters.payment_taken_back
    ),
    "credit_note": Kind(gettext_lazy("Credit note"), money_letters.credit_note),
    "granted": Kind(gettext_lazy("Price for members granted"), money_letters.granted),
    "price_changed": Kind(gettext_lazy("Price for members withdrawn"), money_letters.price_changed),
    "price_lowered": Kind(gettext_lazy("Price lowered by an organiser"), money_letters.price_lowered),
    "visit_changed": Kind(gettext_lazy("Date, time or place changed"), visit_letters.visit_changed, "PUBLISH"),
    "visit_cancelled": Kind(gettext_lazy("Visit cancelled"), visit_letters.visit_cancelled, "CANCEL"),
    "moved": Kind(gettext_lazy("Moved to another visit"), visit_letters.moved, "PUBLISH"),
    "reminder_week": Kind(gettext_lazy("Reminder a week before"), visit_letters.reminder_week, is_reminder=True),
    "reminder_day": Kind(gettext_lazy("Reminder a day before"), visit_letters.reminder_day, is_reminder=True),
    "names_due": Kind(gettext_lazy("Names wanted"), visit_letters.names_due, is_reminder=True),
    "approval_waits": Kind(gettext_lazy("To the organiser: approve or not"), desk_letters.approval_waits),
    "approval_lapses": Kind(gettext_lazy("To the organiser: last day to approve"), desk_letters.approval_lapses),
    "seats_kept": Kind(gettext_lazy("To the organiser: seats stay free for a group"), desk_letters.seats_kept),
    "message": Kind(gettext_lazy("Message from the organiser"), message),
}
