"""The letters about the visit itself: it changes, it is near, it does not take place."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.letter_parts import Body, Button, Facts, given_reason, manage_button, until_words


def visit_changed(facts: Facts) -> Body:
    return Body(
        _("Changed: %(title)s") % facts,
        [
            _("Date, time or place of the visit changed. Below is how it is now; the calendar file changes your entry.")
            if "entry" in facts
            else _("Date, time or place of the visit changed. Below is how it is now."),
            *given_reason(facts),
            *(
                [_("You may cancel free of charge from now on, whatever the terms were.")]
                if facts["is_contacts"]
                else []
            ),
            _("Can you no longer come? Say so with the link below."),
        ],
        manage_button(facts) if facts["is_contacts"] else Button(_("I cannot come"), facts["seat_url"]),
    )


def visit_cancelled(facts: Facts) -> Body:
    return Body(
        _("The visit is cancelled: %(title)s") % facts,
        [
            _("We are sorry: this visit does not take place."),
            *given_reason(facts),
            *([_("Whatever was paid is paid back in full.")] if facts["was_priced"] else []),
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
