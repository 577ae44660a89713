"""The letters about places that are given up: to the contact, and to whoever had the seat. They say by whom."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.templatetags.cms_tags import money
from events.letter_parts import (
    Body,
    Facts,
    given_reason,
    leaves_the_calendar,
    manage_button,
    paid_back_in_full,
    until_words,
)


def cancelled(facts: Facts) -> Body:
    if facts.get("stood") in ("waiting", "offered"):
        return _left_the_line(facts)
    kept = Decimal(facts.get("kept") or 0)
    paragraphs = [
        _who_gave_up(facts),
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
        else _("The other places stay yours.")
    )
    return Body(_("Cancelled: %(title)s") % facts, paragraphs, manage_button(facts))


def _left_the_line(facts: Facts) -> Body:
    """There never was a place: nothing is cancelled, nothing is kept."""
    names = facts.get("names") or []
    if facts.get("gave_up") == "organiser":
        said = _("The organiser took off the waiting list: %(names)s.")
    else:
        said = _("As you asked, we took off the waiting list: %(names)s.")
    subject = (
        _("You are no longer on the waiting list: %(title)s")
        if facts["is_ended"]
        else _("Some of you left the waiting list: %(title)s")
    )
    rest = (
        _("Your registration has ended. Nothing was charged.")
        if facts["is_ended"]
        else _("The others stay on the waiting list.")
    )
    return Body(subject % facts, [said % {"names": ", ".join(names)}, *given_reason(facts), rest], manage_button(facts))


def _who_gave_up(facts: Facts) -> str:
    names = facts.get("names") or []
    words = {"names": ", ".join(names)}
    match facts.get("gave_up"):
        case "participant":
            return _("%(names)s cannot come, and gave up their own place.") % words
        case "organiser":
            said = ngettext(
                "The organiser cancelled the place of: %(names)s.",
                "The organiser cancelled the places of: %(names)s.",
                len(names),
            )
        case "contact":
            said = ngettext(
                "As you asked, we cancelled the place of: %(names)s.",
                "As you asked, we cancelled the places of: %(names)s.",
                len(names),
            )
        case _:  # written before it was noted
            said = ngettext("We gave up the place of: %(names)s.", "We gave up the places of: %(names)s.", len(names))
    return said % words


def withdrawn(facts: Facts) -> Body:
    return Body(
        _("Withdrawal confirmed: %(title)s") % facts,
        [
            _("You withdrew from your order %(reference)s on %(day)s at %(time)s. We confirm that we received this.")
            % {"reference": facts["reference"], **until_words(facts["written_at"])},
            _("It was about the places of: %(names)s.") % {"names": ", ".join(facts.get("names") or [])},
            *paid_back_in_full(facts),
            *leaves_the_calendar(facts),
        ],
        manage_button(facts),
    )


def seat_cancelled(facts: Facts) -> Body:
    return Body(
        _("Your place was cancelled: %(title)s") % facts,
        [_who_cancelled_yours(facts), _("The visit disappears from your calendar."), *given_reason(facts)],
    )


def _who_cancelled_yours(facts: Facts) -> str:
    match facts.get("gave_up"):
        case "participant":
            return _("As you asked, your place at this visit is cancelled.")
        case "organiser":
            return _("The organiser cancelled your place at this visit.")
        case "contact":
            return _("%(contact)s, who registered you, cancelled your place at this visit.") % facts
    return _("Your place at this visit was given up.")


def seat_passed_on(facts: Facts) -> Body:
    return Body(
        _("A colleague takes your place: %(title)s") % facts,
        [
            _("%(name)s comes in your place. The visit disappears from your calendar.")
            % {"name": facts.get("name", "?")}
        ],
    )
