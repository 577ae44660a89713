"""The letters of the waiting list: where one stands, an offer and what became of it, the last call."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.templatetags.cms_tags import money
from events.letter_parts import Body, Button, Facts, given_reason, manage_button, until_words


def waiting(facts: Facts) -> Body:
    return Body(
        _("You are on the waiting list: %(title)s") % facts,
        [
            _("The visit is fully booked. You stand at number %(place)s of the waiting list.")
            % {"place": facts["place_in_line"]}
            if facts["place_in_line"]
            else _("The visit was fully booked, and you were on the waiting list."),
            _(
                "When a place comes free we offer it in the order of the list, and you have some time to answer. In "
                "the last 24 hours we tell everyone waiting: whoever is first has the place."
            ),
            *([facts["event"].line_rule] if facts["event"].line_rule else []),
            _("You pay nothing while you wait."),
        ],
        manage_button(facts),
        shows_seats=True,
    )


def rest_waits(facts: Facts) -> Body:
    return Body(
        _("The others of your group wait on: %(title)s") % facts,
        [
            _(
                "You took some of the places for your group (%(first)s). The others keep their place on the waiting "
                "list, under a reference of their own: %(reference)s."
            )
            % {"first": facts.get("first", "?"), "reference": facts["reference"]},
            _("They are offered a place in the order of the list. You pay nothing for them while they wait."),
        ],
        manage_button(facts),
        shows_seats=True,
    )


def offer(facts: Facts) -> Body:
    seats = facts.get("seats") or 1
    pks = facts.get("offered")
    offered = [seat for seat in facts["attendees"] if pks is None or seat.pk in pks]
    others = [seat.name for seat in facts["attendees"] if seat not in offered]
    total = sum((seat.price_incl_vat for seat in offered), start=Decimal(0))
    paragraphs = [
        ngettext("A place is free for you.", "%(count)s places are free for you.", seats) % {"count": seats}
        if not facts.get("more")
        else ngettext(
            "Another place came free for your group: you can have %(seats)s now, in one answer.",
            "Another %(count)s places came free for your group: you can have %(seats)s now, in one answer.",
            facts["more"],
        )
        % {"count": facts["more"], "seats": seats},
        _("Answer before %(day)s, %(time)s; after that the next on the list is offered it.")
        % until_words(datetime.fromisoformat(facts["until"]) if "until" in facts else facts["hold_expires_at"]),
    ]
    if others:
        paragraphs.append(
            _("A place now: %(names)s. Still on the waiting list, where they stand: %(others)s.")
            % {"names": ", ".join(seat.name for seat in offered), "others": ", ".join(others)}
        )
    if facts["approvers"]:
        paragraphs.append(
            _("%(names)s has to approve it within that time too.") % {"names": ", ".join(facts["approvers"])}
            if not facts["host_is_asked"]
            else _("%(names)s has to approve it too.") % {"names": ", ".join(facts["approvers"])}
        )
    if facts["host_is_asked"]:
        paragraphs.append(_("The organiser has to approve it too; the time that takes does not count against you."))
    if total:
        paragraphs.append(_what_it_costs(facts) % {"amount": money(total)})
    paragraphs += given_reason(facts)
    return Body(
        ngettext("A place is free for you: %(title)s", "%(count)s places are free for you: %(title)s", seats)
        % {"count": seats, "title": facts["title"]},
        paragraphs,
        Button(_("Answer the offer"), facts["offer_url"]),
        shows_seats=True,
        seats=offered,
    )


def _what_it_costs(facts: Facts) -> str:
    needs_a_yes = facts["approvers"] or facts["host_is_asked"]
    if facts["is_by_invoice"] and needs_a_yes:
        return _("Once approved the places are certain; you pay %(amount)s by invoice, VAT included.")
    if facts["is_by_invoice"]:
        return _("The places are certain once you accept; you pay %(amount)s by invoice, VAT included.")
    if facts["host_is_asked"]:
        return _("You pay %(amount)s, VAT included, once it is confirmed; the mail then says until when.")
    return _("You pay %(amount)s, VAT included, within the same time.")


def offer_declined(facts: Facts) -> Body:
    kept = facts["status"] == "waiting"
    return Body(
        _("You declined the offer: %(title)s") % facts,
        [
            _("Thank you for saying so: the place goes to the next."),
            _("Your group stays on the waiting list for all its places.")
            if kept
            else _("You are no longer on the waiting list. Registering again puts you at its end."),
        ],
        manage_button(facts),
    )


def offer_expired(facts: Facts) -> Body:
    kept = facts["status"] == "waiting"
    return Body(
        _("The offer has passed: %(title)s") % facts,
        [
            _("We had no answer in time, so the place was offered to the next."),
            _("Your group stays on the waiting list for all its places.")
            if kept
            else _("You are no longer on the waiting list. Registering again puts you at its end."),
        ],
        manage_button(facts),
    )


def line_ended(facts: Facts) -> Body:
    return Body(
        _("No place came free: %(title)s") % facts,
        [
            _("The visit begins, and no place came free for you. We are sorry; your place on the waiting list ends."),
            _("Nothing was charged."),
        ],
    )


def last_call(facts: Facts) -> Body:
    seats = facts.get("seats") or 1
    return Body(
        _("Last places: %(title)s") % facts,
        [
            ngettext(
                "A place came free shortly before the visit. Everyone on the waiting list has this mail: whoever is "
                "first has the place.",
                "%(count)s places came free shortly before the visit. Everyone on the waiting list has this mail: "
                "whoever is first has a place.",
                seats,
            )
            % {"count": seats},
            *given_reason(facts),
        ],
        Button(_("Take the place"), facts["offer_url"]),
    )
