"""Every letter we write, in one place: its subject, its paragraphs, its button, and what it does to a calendar.

The texts are plain sentences; one HTML and one text template give them their form. A writer is called in the reader's
language with the facts of `events.letters.context`.
"""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.templatetags.cms_tags import money
from events import desk_letters, leaving_letters, line_letters, money_letters, visit_letters
from events.letter_parts import (
    Body,
    Button,
    Facts,
    Kind,
    cancellation_terms,
    given_reason,
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
            *_names_missing(facts),
            *cancellation_terms(facts),
            _(
                "Cannot come? Send a colleague in your place free of charge, or give the place up, with the link below: "
                "somebody else is glad to have it."
            ),
        ],
        manage_button(facts),
        shows_seats=True,
    )


def _names_missing(facts: Facts) -> list[str]:
    missing = sum(1 for seat in facts["attendees"] if not seat.is_named)
    if not missing:
        return []
    if facts["names_are_due"]:
        said = ngettext(
            "Of %(count)s place we do not know the name yet. Fill it in with the link below, as soon as you can.",
            "Of %(count)s places we do not know the name yet. Fill them in with the link below, as soon as you can.",
            missing,
        )
    else:
        said = ngettext(
            "Of %(count)s place we do not know the name yet. Fill it in with the link below, before %(day)s, %(time)s.",
            "Of %(count)s places we do not know the name yet. Fill them in with the link below, before %(day)s, "
            "%(time)s.",
            missing,
        )
    return [said % {"count": missing, **until_words(facts["names_due_at"])}]


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
            *_what_the_mailbox_brings(facts),
            *_after_the_mailbox(facts),
            _("Confirm before %(day)s, %(time)s. Until then we keep your places.")
            % until_words(facts["hold_expires_at"]),
        ],
        Button(_("Confirm my registration"), facts["confirm_mailbox_url"]),
        shows_seats=True,
    )


def _what_the_mailbox_brings(facts: Facts) -> list[str]:
    """Their price; free of charge are only the places that need nobody's yes beyond it."""
    seats, asked = len(facts["attendees"]), facts["beyond_quota"]
    first = _("First one thing is needed: that you read this mailbox.")
    if asked:
        waits = ngettext(
            "%(count)s of your %(seats)s places waits for the yes of the organiser.",
            "%(count)s of your %(seats)s places wait for the yes of the organiser.",
            asked,
        ) % {"count": asked, "seats": seats}
        used = (
            _(
                "Places of your organisation stayed empty at earlier visits, so that it has fewer at this price for "
                "now. We ask the organiser for more."
            )
            if facts["quota_is_cut"]
            else _("Your organisation has used its places at this price. We ask the organiser for more.")
        )
        said = [used, waits]
        if asked < seats and not facts["total"]:
            said.append(
                ngettext("The other place is free of charge.", "The other places are free of charge.", seats - asked)
            )
        return [" ".join(said), first]
    if facts["total"]:
        return [_("Your organisation has a price of its own. One thing is needed first: that you read this mailbox.")]
    if facts["host_is_asked"] or facts["approvers"]:
        return [_("Your organisation comes free of charge."), first]
    return [_("Your organisation comes free of charge. One thing is needed: that you read this mailbox.")]


def _after_the_mailbox(facts: Facts) -> list[str]:
    said = [_("After that %(name)s has to approve it.") % {"name": name} for name in facts["approvers"]]
    if facts["host_is_asked"]:
        said.append(_("After that the organiser has to approve it. Your places are kept until there is an answer."))
    if facts["total"]:
        pay = (
            _("After that the places are yours, and you pay %(amount)s by invoice, VAT included.")
            if facts["is_by_invoice"]
            else _("After that you pay %(amount)s, VAT included, and the places are yours.")
        )
        said.append(pay % {"amount": money(facts["total"])})
    return said


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
            *[_("We asked %(who)s for approval.") % {"who": who} for who in facts["asked_for_a_yes"] if who],
            *([_("The organiser has to approve your registration.")] if "" in facts["asked_for_a_yes"] else []),
            _("We keep your places until %(day)s, %(time)s.") % until_words(facts["hold_expires_at"]),
            *([_("Nothing is charged before the approval.")] if facts["total"] else []),
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
    "confirmed": Kind(gettext_lazy("Confirmation to the contact"), confirmed, "PUBLISH", has_intro=True),
    "seat_confirmed": Kind(gettext_lazy("Confirmation to a colleague"), seat_confirmed, "PUBLISH", has_intro=True),
    "confirm_mailbox": Kind(gettext_lazy("Confirm the mailbox"), confirm_mailbox, has_intro=True),
    "held": Kind(gettext_lazy("Held until paid"), held, has_intro=True),
    "waiting": Kind(gettext_lazy("On the waiting list"), line_letters.waiting),
    "rest_waits": Kind(gettext_lazy("The rest of a group waits on"), line_letters.rest_waits),
    "offer": Kind(gettext_lazy("Offer of a place"), line_letters.offer, has_intro=True),
    "offer_declined": Kind(gettext_lazy("Offer declined"), line_letters.offer_declined),
    "offer_expired": Kind(gettext_lazy("Offer passed"), line_letters.offer_expired),
    "line_ended": Kind(gettext_lazy("No place came free"), line_letters.line_ended),
    "last_call": Kind(gettext_lazy("Last call to the waiting list"), line_letters.last_call, has_intro=True),
    "hold_expired": Kind(gettext_lazy("Held places given up"), hold_expired),
    "awaiting_approval": Kind(gettext_lazy("Waiting for approval"), awaiting_approval),
    "approval_request": Kind(gettext_lazy("Request to the approver"), approval_request),
    "approved": Kind(gettext_lazy("Approved, to be paid"), approved, has_intro=True),
    "rejected": Kind(gettext_lazy("Not approved"), rejected),
    "quota_refused": Kind(gettext_lazy("No more places than the quota"), quota_refused),
    "approval_lapsed": Kind(gettext_lazy("No approval in time"), approval_lapsed),
    "cancelled": Kind(gettext_lazy("Cancelled, to the contact"), leaving_letters.cancelled, "CANCEL"),
    "withdrawn": Kind(gettext_lazy("Withdrawal confirmed"), leaving_letters.withdrawn, "CANCEL"),
    "seat_cancelled": Kind(
        gettext_lazy("Cancelled, to whoever had the seat"), leaving_letters.seat_cancelled, "CANCEL"
    ),
    "seat_passed_on": Kind(gettext_lazy("Replaced by a colleague"), leaving_letters.seat_passed_on, "CANCEL"),
    "substituted": Kind(gettext_lazy("Name changed"), substituted, has_intro=True),
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
    "visit_changed": Kind(
        gettext_lazy("Date, time or place changed"), visit_letters.visit_changed, "PUBLISH", has_intro=True
    ),
    "visit_cancelled": Kind(gettext_lazy("Visit cancelled"), visit_letters.visit_cancelled, "CANCEL"),
    "moved": Kind(gettext_lazy("Moved to another visit"), visit_letters.moved, "PUBLISH", has_intro=True),
    "reminder_week": Kind(
        gettext_lazy("Reminder a week before"), visit_letters.reminder_week, is_reminder=True, has_intro=True
    ),
    "reminder_day": Kind(
        gettext_lazy("Reminder a day before"), visit_letters.reminder_day, is_reminder=True, has_intro=True
    ),
    "names_due": Kind(gettext_lazy("Names wanted"), visit_letters.names_due, is_reminder=True, has_intro=True),
    "approval_waits": Kind(gettext_lazy("To the organiser: approve or not"), desk_letters.approval_waits),
    "approval_lapses": Kind(gettext_lazy("To the organiser: last day to approve"), desk_letters.approval_lapses),
    "seats_kept": Kind(gettext_lazy("To the organiser: seats stay free for a group"), desk_letters.seats_kept),
    "message": Kind(gettext_lazy("Message from the organiser"), message),
}
