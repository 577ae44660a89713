"""The letters to whoever runs the Tour: something waits for a person. In the office's language, with its own link."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.letter_parts import Body, Button, Facts, until_words


def _button(facts: Facts) -> Button:
    return Button(_("See it at the desk"), facts["own_url"])


def approval_waits(facts: Facts) -> Body:
    return Body(
        _("Approve or not? %(contact)s (%(organisation)s): %(title)s") % facts,
        [
            _("%(contact)s (%(organisation)s) would like to come. The registration waits for your yes or no.") % facts,
            *facts.get("because", []),
            _("The places are kept until %(day)s, %(time)s; without an answer they are given up then.")
            % until_words(facts["hold_expires_at"]),
        ],
        _button(facts),
        shows_seats=True,
    )


def approval_lapses(facts: Facts) -> Body:
    return Body(
        _("Last day to approve %(contact)s (%(organisation)s): %(title)s") % facts,
        [
            *facts.get("because", []),
            _("There is no answer yet. The places are given up on %(day)s at %(time)s.")
            % until_words(facts["hold_expires_at"]),
        ],
        _button(facts),
        shows_seats=True,
    )


def seats_kept(facts: Facts) -> Body:
    return Body(
        _("Places stay free for one group: %(title)s") % facts,
        [
            ngettext(
                "%(free)s place is free, and the group of %(contact)s (%(organisation)s), in front of the line, asks "
                "for %(wanted)s. Nobody passes it, so nobody else can register now.",
                "%(free)s places are free, and the group of %(contact)s (%(organisation)s), in front of the line, asks "
                "for %(wanted)s. Nobody passes it, so nobody else can register now.",
                facts.get("free", 1),
            )
            % {"free": 1, "wanted": "?", **facts},
            _("Ask whether fewer places are welcome, or cancel the registration when nobody answers there."),
        ],
        _button(facts),
        shows_seats=True,
    )
