"""What a letter is made of: its subject, paragraphs and links, and the sentences several letters share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cms.templatetags.cms_tags import clock, long_date
from cms.templatetags.cms_tags import money as amount
from events.models import Attendee

Facts = dict[str, Any]


class Button(NamedTuple):
    label: str
    url: str


@dataclass
class Body:
    """What a letter says."""

    subject: str
    paragraphs: list[str]
    button: Button | None = None
    #: Other links, below the button.
    links: list[Button] = field(default_factory=list)
    shows_seats: bool = False
    #: The seats to show, when not all that are still theirs.
    seats: list[Attendee] | None = None


@dataclass(frozen=True)
class Kind:
    """One sort of letter. `calendar` is the METHOD of the file it carries, empty for none."""

    name: str | Promise
    write: Callable[[Facts], Body]
    calendar: str = ""
    #: Says how near the visit is: worthless once it has begun.
    is_reminder: bool = False
    #: The event's own opening stands on top: for whoever is coming, or can by doing what it asks.
    has_intro: bool = False


def manage_button(facts: Facts, label: str = "") -> Button:
    see = _("See your registration") if facts["is_ended"] else _("See or change your registration")
    return Button(label or see, facts["manage_url"])


def given_reason(facts: Facts) -> list[str]:
    return [facts["why"]] if facts.get("why") else []


def paid_back_in_full(facts: Facts) -> list[str]:
    """Of a price that is not owed any more. What a bank took back is said to whoever paid, and to nobody else."""
    money = facts["money"]
    if not facts["was_priced"] or money is None:
        return []
    if money.disputed:
        if not facts["is_contacts"]:
            return []
        return [
            _(
                "%(amount)s was taken back already by the bank of whoever paid, and is settled there. "
                "What else was paid is paid back in full."
            )
            % {"amount": amount(money.disputed)}
        ]
    if facts["is_by_invoice"]:
        return [_("What was invoiced is credited. Whatever was paid is paid back in full.")]
    return [_("Whatever was paid is paid back in full.")]


def leaves_the_calendar(facts: Facts) -> list[str]:
    """For whoever came along: the letter carries the file that takes the visit away."""
    return [_("The visit disappears from your calendar.")] if "entry" in facts else []


def words_with_the_yes(facts: Facts) -> list[str]:
    """What the approver, and what the organiser wrote when approving."""
    return [
        _("A word from %(name)s: %(remark)s") % {"name": name, "remark": remark}
        if name
        else _("A word from the organiser: %(remark)s") % {"remark": remark}
        for name, remark in facts["words_with_the_yes"]
    ]


def cancellation_terms(facts: Facts) -> list[str]:
    """What cancelling costs from now on, and until when the order may be withdrawn from: nobody has to look it up."""
    said = []
    if facts["total"]:
        steps, has_begun = facts["ladder"]
        lines = [_("Cancelling") + ":"]
        if not steps:
            lines.append(_("Free of charge until the visit starts."))
        elif not has_begun:
            lines.append(_("Before %(moment)s: free of charge.") % {"moment": _in_words(steps[0][0])})
        lines += [
            _("From %(moment)s: %(percent)s%% of the price is kept.")
            % {"moment": _in_words(moment), "percent": percent}
            for moment, percent in steps
        ]
        said.append("\n".join([*lines, _("A colleague in your place: always free of charge.")]))
    if facts["withdrawal_until"]:
        said.append(
            _(
                "Right of withdrawal: until %(moment)s you may withdraw from your order with the link below, without a "
                "reason and free of charge."
            )
            % {"moment": _in_words(facts["withdrawal_until"])}
        )
    return said


def _in_words(moment: datetime) -> str:
    return f"{long_date(moment)}, {clock(moment)}"


def until_words(moment: Any) -> Facts:
    return {"day": long_date(moment), "time": clock(moment)} if moment else {"day": "?", "time": "?"}
