"""The letters about the visit itself: it changes, it is near, it does not take place."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.letter_parts import Body, Button, Facts, given_reason, manage_button, paid_back_in_full, until_words


def visit_changed(facts: Facts) -> Body:
    return Body(
        _("Changed: %(title)s") % facts,
        [
            _("Date, time or place of the visit changed. Below is how it is now; the calendar file changes your entry.")
            if "entry" in facts
            else _("Date, time or place of the visit changed. Below is how it is now."),
            *_what_it_was(facts),
            *given_reason(facts),
            *_what_it_means(facts),
        ],
        _changed_button(facts),
    )


def _what_it_was(facts: Facts) -> list[str]:
    """The old date or place, where that is what changed: nobody has to compare it with their calendar."""
    event, said = facts["event"], []
    before = datetime.fromisoformat(facts["was_from"]) if "was_from" in facts else event.starts_at
    if before != event.starts_at:
        old, new = until_words(before), until_words(event.starts_at)
        words = {"before": f"{old['day']}, {old['time']}", "after": f"{new['day']}, {new['time']}"}
        said.append(_("It was on %(before)s and is now on %(after)s.") % words)
    if facts.get("was_at", event.address) != event.address:
        words = {"before": facts["was_at"], "after": event.address}
        said.append(_("The place was %(before)s and is now %(after)s.") % words)
    return said


def _changed_button(facts: Facts) -> Button:
    if not facts["is_contacts"]:
        return Button(_("I cannot come"), facts["seat_url"])
    return Button(_("Answer the offer"), facts["offer_url"]) if facts["status"] == "offered" else manage_button(facts)


def _what_it_means(facts: Facts) -> list[str]:
    """For whoever comes, waits, or still has something to do: what they may do, and what ends earlier than we wrote."""
    if facts["status"] == "confirmed":
        free = (
            [_("You may cancel free of charge from now on, whatever the terms were.")] if facts["is_contacts"] else []
        )
        return [*free, _("Can you no longer come? Say so with the link below.")]
    if facts["status"] == "waiting":
        return [_("You keep your place on the waiting list. Does it not suit you? Leave the list with the link below.")]
    until = until_words(datetime.fromisoformat(facts["until"])) if "until" in facts else None
    shorter = until if facts.get("shorter") else None
    if facts["status"] == "offered":
        return [
            _("What we offered you is for the visit as it is now, and waits for your answer."),
            *([_("You have less time to answer than we wrote: until %(day)s, %(time)s.") % shorter] if shorter else []),
            *([_("Answer before %(day)s, %(time)s.") % until] if until and not shorter else []),
        ]
    return [
        *([_("We keep your places less long than we wrote: until %(day)s, %(time)s.") % shorter] if shorter else []),
        _("Does it not suit you? Give your places up with the link below; it costs nothing."),
    ]


def visit_cancelled(facts: Facts) -> Body:
    return Body(
        _("The visit is cancelled: %(title)s") % facts,
        [
            _("We are sorry: this visit does not take place."),
            *given_reason(facts),
            *paid_back_in_full(facts),
        ],
    )


def moved(facts: Facts) -> Body:
    return Body(
        _("Moved to another visit: %(title)s") % facts,
        [
            _("Your registration was moved from %(before)s to the visit below.") % {"before": facts.get("before", "?")},
            *given_reason(facts),
            _("Does it not suit you? You can cancel free of charge with the link below."),
        ],
        manage_button(facts) if facts["is_contacts"] else Button(_("I cannot come"), facts["seat_url"]),
        shows_seats=facts["is_contacts"],
    )


def _how_near(days: int) -> tuple[str, str]:
    """(for the subject, as a sentence): said when the letter goes out, which may be later than it was written."""
    if days <= 0:
        return _("Today"), _("The visit is today.")
    if days == 1:
        return _("Tomorrow"), _("The visit is tomorrow.")
    if days == 7:
        return _("In a week"), _("The visit is a week from now.")
    count = {"count": days}
    return (
        ngettext("In %(count)s day", "In %(count)s days", days) % count,
        ngettext("The visit is in %(count)s day.", "The visit is in %(count)s days.", days) % count,
    )


def reminder_week(facts: Facts) -> Body:
    near, sentence = _how_near(facts["days_left"])
    return Body(
        f"{near}: {facts['title']}",
        [sentence, _("Cannot come? Say so with the link below: somebody else is glad to have your place.")],
        Button(_("I cannot come"), facts["seat_url"]),
    )


def reminder_day(facts: Facts) -> Body:
    near, sentence = _how_near(facts["days_left"])
    return Body(
        f"{near}: {facts['title']}",
        [sentence, _("We look forward to seeing you.")],
        Button(_("I cannot come"), facts["seat_url"]),
    )


def names_due(facts: Facts) -> Body:
    return Body(
        _("Who is coming? %(title)s") % facts,
        [
            _("Of some of your places we do not know the name yet. The host wants to know by %(day)s who comes.")
            % until_words(facts["names_due_at"]),
        ],
        manage_button(facts, _("Fill in the names")),
        shows_seats=True,
    )
