"""The letters about money, for the catalogue of events.letter_catalogue."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.templatetags.cms_tags import money
from events.letter_parts import Body, Button, Facts, given_reason, manage_button, until_words

REASONS = {
    "seat_gone": gettext_lazy(
        "Your payment came after the time to pay had passed, and the places have gone to others. We are sorry."
    ),
    "cancelled": gettext_lazy("Places that were paid for were cancelled."),
    "withdrawn": gettext_lazy("You withdrew from your order."),
    "granted": gettext_lazy("Your organisation turns out to come at a lower price."),
    "price_changed": gettext_lazy("The price of your registration changed."),
    "event_cancelled": gettext_lazy("The visit was cancelled."),
    "mismatch": gettext_lazy("What you paid was not the amount we asked for."),
    "outside": gettext_lazy("The organiser decided to pay this back."),
}


def refund(facts: Facts) -> Body:
    """One letter for all that was decided to go back at once; `by_transfer` is the part of it a person transfers."""
    amount = Decimal(facts["amount"])
    # A letter of before it was noted how much.
    by_transfer = Decimal(facts.get("by_transfer", amount if facts.get("by_bank") else 0))
    online = amount - by_transfer
    return Body(
        _("We pay back %(amount)s: %(title)s") % {"amount": money(amount), "title": facts["title"]},
        [
            _why_back(facts),
            *(
                [
                    _("We pay back %(amount)s the way you paid. It is in your account within five to ten working days.")
                    % {"amount": money(online)}
                ]
                if online
                else []
            ),
            *(
                [
                    _("You paid by bank transfer: we transfer %(amount)s to the account it came from.")
                    % {"amount": money(by_transfer)}
                ]
                if by_transfer
                else []
            ),
        ],
        manage_button(facts),
    )


def _why_back(facts: Facts) -> str:
    reason = facts.get("reason", "")
    names = facts.get("gone") or []
    words = {"names": ", ".join(names)}
    match reason == "cancelled" and facts.get("gave_up"):
        case "participant":
            return _("%(names)s cannot come, and gave up their own place.") % words
        case "organiser":
            return ngettext(
                "The organiser cancelled a place that was paid for.",
                "The organiser cancelled places that were paid for.",
                len(names),
            )
        case "contact":
            return ngettext(
                "You cancelled a place that was paid for.", "You cancelled places that were paid for.", len(names)
            )
    return str(REASONS.get(reason, REASONS["price_changed"]))


def invoice(facts: Facts) -> Body:
    """A later chapter attaches the document; `due` and `amount` are noted with the letter."""
    due = Decimal(facts.get("due") or 0)
    paragraphs = [
        _("The invoice %(document)s of %(amount)s for your registration is attached.")
        % {"document": facts.get("document", ""), "amount": money(Decimal(facts.get("amount") or 0))}
    ]
    if due:
        paragraphs.append(
            _("Pay %(due)s by %(day)s with the structured communication %(payment_reference)s.")
            % {
                "due": money(due),
                "day": date_format(date.fromisoformat(facts["due_on"]), "j F Y"),
                "payment_reference": facts["payment_reference"],
            }
        )
    else:
        paragraphs.append(_("It is paid: nothing more is asked of you."))
    return Body(
        _("Invoice %(document)s: %(title)s") % {"document": facts.get("document", ""), "title": facts["title"]},
        paragraphs,
        _billing_button(facts, to_pay=bool(due)) if due or facts.get("for_bookkeeping") else manage_button(facts),
    )


def _billing_button(facts: Facts, *, to_pay: bool = True) -> Button:
    """To the page about paying; whoever reads it there can pay and cancels nobody's place."""
    if not facts.get("pay_url"):
        return manage_button(facts)
    label = _("See what is to be paid, or pay online") if to_pay else _("See invoices and payments")
    return Button(label, facts["pay_url"])


def _how_to_pay(facts: Facts) -> str:
    return _("Pay it to %(iban)s of %(payee)s, with the structured communication %(payment_reference)s, or online.") % {
        "iban": "?",
        "payee": "?",
        "payment_reference": "",
        **facts,
    }


def _to_pay(facts: Facts) -> list[str]:
    return [
        _("Still open: %(amount)s. The invoice is attached again.")
        % {"amount": money(Decimal(facts.get("open") or 0))},
        _how_to_pay(facts),
        *(
            [_("Does a purchase order number have to be on it? Add it with the same link: we send a new invoice.")]
            if facts.get("lacks_order")
            else []
        ),
        _("Have you paid already? Then you need not do anything."),
    ]


def _due_day(facts: Facts) -> str:
    return date_format(date.fromisoformat(facts["due_on"]), "j F Y") if facts.get("due_on") else "?"


def invoice_due(facts: Facts) -> Body:
    """A reminder before the day: a service, no reproach."""
    return Body(
        _("Invoice %(document)s is due on %(day)s: %(title)s")
        % {"document": facts.get("document", ""), "day": _due_day(facts), "title": facts["title"]},
        [
            _("This is a reminder of invoice %(document)s, due on %(day)s.")
            % {"document": facts.get("document", ""), "day": _due_day(facts)},
            *_to_pay(facts),
        ],
        _billing_button(facts),
    )


def invoice_late(facts: Facts) -> Body:
    return Body(
        _("Invoice %(document)s is not paid yet: %(title)s")
        % {"document": facts.get("document", ""), "title": facts["title"]},
        [
            _("Invoice %(document)s was due on %(day)s, and we have not received all of it.")
            % {"document": facts.get("document", ""), "day": _due_day(facts)},
            *_to_pay(facts),
            _("Is something wrong with it? Write to %(email)s.") % {"email": facts["organiser"].email},
        ],
        _billing_button(facts),
    )


def payment_received(facts: Facts) -> Body:
    """A transfer came in for an invoice: what is open of it, or that nothing is."""
    left = Decimal(facts.get("open") or 0)
    words = {
        "amount": money(Decimal(facts.get("received") or 0)),
        "document": facts.get("document", ""),
        "open": money(left),
        "day": _due_day(facts),
    }
    more = Decimal(facts.get("more") or 0)
    if left > 0:
        paragraphs = [
            _("We received %(amount)s for invoice %(document)s. Thank you.") % words,
            _("Still open: %(open)s, due on %(day)s.") % words,
            _how_to_pay(facts),
        ]
    else:
        paragraphs = [
            _("We received %(amount)s for invoice %(document)s. Thank you.") % words,
            _("Nothing is open any more: you need not do anything."),
        ]
    if more:
        paragraphs.append(
            _("You transferred %(more)s more than was open. Somebody looks into it and writes to you.")
            % {"more": money(more)}
        )
    return Body(
        _("We received your payment of invoice %(document)s: %(title)s") % {**words, "title": facts["title"]},
        paragraphs,
        _billing_button(facts, to_pay=left > 0) if left > 0 or facts.get("for_bookkeeping") else manage_button(facts),
    )


def payment_taken_back(facts: Facts) -> Body:
    """What we confirmed was a mistake of ours: the money was for something else."""
    words = {
        "amount": money(Decimal(facts.get("received") or 0)),
        "document": facts.get("document", ""),
        "open": money(Decimal(facts.get("open") or 0)),
        "day": _due_day(facts),
    }
    is_open = Decimal(facts.get("open") or 0) > 0
    return Body(
        (_("Invoice %(document)s is open again: %(title)s") if is_open else _("A mistake of ours: %(title)s"))
        % {**words, "title": facts["title"]},
        [
            _("A payment of %(amount)s turned out not to be for invoice %(document)s. We are sorry for the mistake.")
            % words,
            *(
                [_("Still open: %(open)s, due on %(day)s.") % words, _how_to_pay(facts)]
                if is_open
                else [_("Nothing is open any more: you need not do anything.")]
            ),
            _("Do you think it was yours after all? Write to %(email)s.") % {"email": facts["organiser"].email},
        ],
        _billing_button(facts),
    )


def by_invoice(facts: Facts) -> list[str]:
    """What a confirmation says about paying afterwards."""
    state = facts["money"]
    if state is None:
        return []
    if state.order_until:
        return [
            _(
                "You pay by invoice. It waits for your purchase order number until %(day)s: add it with the link "
                "below. Then we send it without the number."
            )
            % {"day": date_format(state.order_until, "j F Y")}
        ]
    if state.invoiced:
        return [
            _("You pay by invoice: %(amount)s, due on %(day)s. The invoice comes in a mail of its own.")
            % {"amount": money(state.invoiced), "day": date_format(state.due_on, "j F Y")}
        ]
    return [_("You pay by invoice. It comes in a mail of its own.")]


def credit_note(facts: Facts) -> Body:
    return Body(
        _("Credit note %(document)s: %(title)s") % {"document": facts.get("document", ""), "title": facts["title"]},
        [
            _("The credit note %(document)s of %(amount)s on invoice %(invoice)s is attached.")
            % {
                "document": facts.get("document", ""),
                "amount": money(Decimal(facts.get("amount") or 0)),
                "invoice": facts.get("invoice", ""),
            }
        ],
        _billing_button(facts, to_pay=False) if facts.get("for_bookkeeping") else manage_button(facts),
    )


def _what_follows(facts: Facts, if_certain: list[str]) -> list[str]:
    """What a new price means where they stood when it was decided: nothing is paid back or asked before it was certain.

    `if_certain` for whoever has their places.
    """
    stands = facts.get("stands") or facts["status"]
    if stands == "held" and facts["status"] == "held":
        return [
            _(
                "Your places are held until %(day)s, %(time)s. They are yours once we have received %(amount)s, "
                "VAT included."
            )
            % {**until_words(facts["hold_expires_at"]), "amount": money(facts["total"])}
        ]
    if stands in ("waiting", "offered"):
        return [_("You keep your place on the waiting list, and pay nothing while you wait.")]
    return if_certain if stands == "confirmed" or facts["is_ended"] else []


def granted(facts: Facts) -> Body:
    return Body(
        _("Your price was corrected: %(title)s") % facts,
        [
            _("Your organisation comes at the price for members. It now comes to %(amount)s, VAT included.")
            % {"amount": money(facts["total"])},
            *given_reason(facts),
            *_what_follows(facts, _paid_back(facts)),
        ],
        manage_button(facts),
        shows_seats=True,
    )


def _paid_back(facts: Facts) -> list[str]:
    if facts["is_by_invoice"]:
        state = facts["money"]
        if state and state.invoiced:
            return [
                _("Your invoice is credited in part. Still to be paid: %(amount)s, by %(day)s.")
                % {"amount": money(state.invoiced), "day": date_format(state.due_on, "j F Y")}
            ]
        return [_("Your invoice is credited; what you paid beyond it is paid back.")]
    return [_("What you paid beyond that is paid back.")] if facts["money"] and facts["money"].paid else []


def price_changed(facts: Facts) -> Body:
    by_invoice = _("Your places stay yours. An invoice for the difference comes in a mail of its own.")
    online = _("Your places stay yours. Pay the difference with the link below.")
    return Body(
        _("Your price was corrected: %(title)s") % facts,
        [
            _("The price for members does not apply to your registration. It comes to %(amount)s, VAT included.")
            % {"amount": money(facts["total"])},
            *given_reason(facts),
            *_what_follows(facts, [by_invoice if facts["is_by_invoice"] else online]),
        ],
        manage_button(facts, _("Pay or see your registration")),
        shows_seats=True,
    )


def price_lowered(facts: Facts) -> Body:
    """Somebody decided it: what is owed is said, and what of it is paid back stands in a letter of its own."""
    owed = Decimal(facts["owed"]) if "owed" in facts else facts["total"]
    said = (
        _("The organiser lowered your price. Of your registration %(amount)s is kept, VAT included.")
        if facts["is_ended"]
        else _("The organiser lowered your price. Your registration comes to %(amount)s, VAT included.")
    )
    return Body(
        _("Your price was lowered: %(title)s") % facts,
        [said % {"amount": money(owed)}, *given_reason(facts), *_what_follows(facts, _paid_back(facts))],
        manage_button(facts),
        shows_seats=not facts["is_ended"],
    )


def payment_failed(facts: Facts) -> Body:
    return Body(
        _("Your payment did not go through: %(title)s") % facts,
        [
            _("We did not receive your payment. Nothing was charged."),
            _("Your places are held until %(day)s, %(time)s: pay again before then with the link below.")
            % until_words(facts["hold_expires_at"]),
        ],
        manage_button(facts, _("Pay or see your registration")),
        shows_seats=True,
    )


def payment_differs(facts: Facts) -> Body:
    return Body(
        _("We are looking into your payment: %(title)s") % facts,
        [
            _("We received a payment that is not the amount we asked for. Somebody looks into it and writes to you."),
            _("The time to pay had passed, so your places are not kept. You do not need to pay again.")
            if facts["is_ended"]
            else _("Your places are kept meanwhile. You do not need to pay again."),
        ],
        manage_button(facts),
    )


def paid_without_seat(facts: Facts) -> Body:
    return Body(
        _("Your payment came too late: %(title)s") % facts,
        [
            str(REASONS["seat_gone"]),
            _("The organiser looks for a solution and writes to you soon: a place after all, or your money back."),
        ],
        manage_button(facts),
    )
