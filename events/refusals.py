"""Everything a deed can refuse, each with a translated sentence for the person who asked.

`field` names the form field or API key it is about ("" for the whole request); `code` is stable, for machines;
`status` is the HTTP status an API answers with.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.templatetags.cms_tags import brief, long_date, money


class Refusal(Exception):
    """A deed that was not done, and why. Nothing was written."""

    code = "refused"
    field = ""
    status = 409

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.text())

    def text(self) -> str:
        """The sentence shown to the reader, in the active language."""
        return _("This cannot be done.")

    def __str__(self) -> str:
        return self.text()


class RegistrationClosed(Refusal):
    code = "registration_closed"

    def text(self) -> str:
        return _("Registration for this visit is closed.")


class EventCancelled(Refusal):
    code = "event_cancelled"

    def text(self) -> str:
        return _("This visit has been cancelled.")


class NotOpenYet(Refusal):
    code = "not_open_yet"

    def text(self) -> str:
        return _("Registration for this visit is not open yet.")


class FullyBooked(Refusal):
    code = "fully_booked"

    def text(self) -> str:
        left = self.facts.get("left", 0)
        if left:
            return ngettext(
                "Only %(left)s place is left, fewer than you ask for.",
                "Only %(left)s places are left, fewer than you ask for.",
                left,
            ) % {"left": left}
        return _("This visit is fully booked.")


class AlreadyRegistered(Refusal):
    """Facts: email, whose seat it is; without it nobody is named, because there are several."""

    code = "already_registered"
    field = "attendees"

    def text(self) -> str:
        if "email" not in self.facts:
            return _("Some of these people are registered for this visit already.")
        return _(
            "%(email)s is registered for this visit already. The mail about it has the link to see, pay or change it."
        ) % {"email": self.facts["email"]}


class CodeRefusal(Refusal):
    field = "organisation_code"
    status = 422


class CodeUnknown(CodeRefusal):
    code = "code_unknown"

    def text(self) -> str:
        return _("We do not know this organisation code. Check it, or leave the field empty.")


class CodeExpired(CodeRefusal):
    code = "code_expired"

    def text(self) -> str:
        day: date = self.facts["valid_until"]
        return _("This organisation code was valid until %(day)s.") % {"day": brief(day)}


class CodeNotValidYet(CodeRefusal):
    code = "code_not_valid_yet"

    def text(self) -> str:
        day: date = self.facts["valid_from"]
        return _("This organisation code is valid from %(day)s.") % {"day": brief(day)}


class MembershipNotValid(CodeRefusal):
    code = "membership_not_valid"

    def text(self) -> str:
        return _(
            "The membership of %(organisation)s is not valid on the day of the visit. "
            "Leave the code empty to register at the normal price, or contact the organiser."
        ) % {"organisation": self.facts["organisation"]}


class CodeWithoutBenefit(CodeRefusal):
    code = "code_without_benefit"

    def text(self) -> str:
        return _("This visit has no special price for your organisation. Leave the code empty to go on.")


class NothingForYou(Refusal):
    code = "members_only"
    status = 422

    def text(self) -> str:
        return _("This visit is for member organisations only. Give your organisation code.")


class PaymentUnavailable(Refusal):
    code = "payment_unavailable"
    status = 422

    def text(self) -> str:
        return _("Paid seats cannot be ordered here now. Contact the organiser.")


class InvoiceUnavailable(Refusal):
    code = "invoice_unavailable"
    field = "billing"
    status = 422

    def text(self) -> str:
        return _("Paying by invoice is not possible for this visit. Choose online payment.")


class InvoiceTooLate(InvoiceUnavailable):
    """Facts: until, the moment it could be done last."""

    def text(self) -> str:
        return _("Paying by invoice was possible until %(day)s. Choose online payment.") % {
            "day": long_date(self.facts["until"])
        }


class BillingIncomplete(Refusal):
    """Facts: problems, a sentence by field of events.billing.Billing."""

    code = "billing_incomplete"
    field = "billing"
    status = 422

    def text(self) -> str:
        return " ".join(self.facts["problems"].values())


class TooLateToCancel(Refusal):
    code = "too_late_to_cancel"

    def text(self) -> str:
        return _("The visit has started: cancelling is no longer possible.")


class TooLateToChange(Refusal):
    code = "too_late_to_change"

    def text(self) -> str:
        return _("The visit has started: names can no longer be changed.")


class NotStartedYet(Refusal):
    code = "not_started_yet"

    def text(self) -> str:
        return _("The visit has not started yet: nobody can be absent.")


class AskTheOrganiser(Refusal):
    """The host would rather not receive them. Says nothing about why, nor that there is a list."""

    code = "ask_the_organiser"
    field = "attendees"

    def text(self) -> str:
        return _("This name cannot be filled in here. Please write to the organiser.")


class StaysCancelled(Refusal):
    code = "stays_cancelled"
    field = "status"

    def text(self) -> str:
        return _("This visit was cancelled and everybody was told: it stays cancelled. Make a new visit instead.")


class VatCountryStays(Refusal):
    code = "vat_country_stays"
    field = "vat_country"

    def text(self) -> str:
        return _("There are seats with a price already: their VAT was said and perhaps paid. The VAT country stays.")


class OtherVat(Refusal):
    """`country` and `rate` of the other visit."""

    code = "other_vat"

    def text(self) -> str:
        return _(
            "The other visit has another VAT (%(country)s, %(rate)s%%). Cancel free of charge here and register there."
        ) % {"country": self.facts["country"], "rate": f"{self.facts['rate'].normalize():f}"}


class MoreThanThereAre(Refusal):
    """More seats than the visit has, so that no waiting would help."""

    code = "more_than_capacity"
    field = "attendees"
    status = 422

    def text(self) -> str:
        capacity = self.facts["capacity"]
        return ngettext(
            "This visit has room for %(capacity)s person: register no more than that.",
            "This visit has room for %(capacity)s people: register no more than that.",
            capacity,
        ) % {"capacity": capacity}


class VisitStarted(Refusal):
    code = "visit_started"

    def text(self) -> str:
        return _("The visit has started.")


class NoWithdrawal(Refusal):
    code = "no_withdrawal"

    def text(self) -> str:
        return _("This order cannot be withdrawn (any more). You can still cancel it on its terms.")


class NamesDue(Refusal):
    code = "names_due"
    field = "attendees"
    status = 422

    def text(self) -> str:
        return _("So near to the visit every name has to be known. Fill in all names.")


class OfferGone(Refusal):
    code = "offer_gone"

    def text(self) -> str:
        return _("This offer is no longer open: it was answered, or its time has passed.")


class NotInLine(Refusal):
    code = "not_in_line"

    def text(self) -> str:
        return _("There is nothing to take: you have your places, or no place is given away yet.")


class SeatsTaken(Refusal):
    code = "seats_taken"

    def text(self) -> str:
        left = self.facts.get("left", 0)
        if left:
            return ngettext(
                "Somebody was first: %(left)s place is left, fewer than you need.",
                "Somebody was first: %(left)s places are left, fewer than you need.",
                left,
            ) % {"left": left}
        return _("Somebody was first: no place is free any more. You keep your place on the waiting list.")


class AnsweredAlready(Refusal):
    code = "answered_already"

    def text(self) -> str:
        return _("This question was answered already.")


class NothingToApprove(Refusal):
    code = "nothing_to_approve"

    def text(self) -> str:
        return _("This registration no longer waits for an approval: its time has passed, or it was cancelled.")


class NothingToChange(Refusal):
    code = "nothing_to_change"

    def text(self) -> str:
        return _("This seat was given up: there is nothing to change.")


class ChangedMeanwhile(Refusal):
    """Two people save the same visit at the same moment."""

    code = "changed_meanwhile"

    def text(self) -> str:
        return _("Somebody else saved this visit at the same moment. Nothing of yours was saved yet: save again.")


class NotLower(Refusal):
    """`name` of the seat, `owed` what it costs now."""

    code = "not_lower"

    def text(self) -> str:
        return _("%(name)s: fill in an amount below the %(owed)s it costs now.") % {
            "name": self.facts["name"],
            "owed": money(self.facts["owed"]),
        }


class NotEntitled(Refusal):
    code = "not_entitled"

    def text(self) -> str:
        return _("This registration has the normal price already.")


class GrantedAlready(Refusal):
    code = "granted_already"

    def text(self) -> str:
        return _("These seats have this price already, by the same membership: there is nothing to do.")


class UnknownAttendee(Refusal):
    code = "unknown_attendee"
    field = "attendees"
    status = 422

    def text(self) -> str:
        return _("This attendee does not belong to this registration.")


class NothingToConfirm(Refusal):
    code = "nothing_to_confirm"

    def text(self) -> str:
        return _("This registration is not waiting for a confirmation.")


class SeatGone(Refusal):
    """For the payments chapter: money came in and the seat is somebody else's."""

    code = "seat_gone"

    def text(self) -> str:
        return _("The seats were given up when the time to pay had passed, and others have them now.")


class KeyReused(Refusal):
    code = "idempotency_key_reused"
    field = "Idempotency-Key"
    status = 422

    def text(self) -> str:
        return _("This Idempotency-Key was used for a different request.")
