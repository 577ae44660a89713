"""What the deeds about documents refuse, each with a translated sentence."""

from django.utils.translation import gettext as _

from cms.templatetags.cms_tags import brief, money
from events.refusals import Refusal


class NothingToInvoice(Refusal):
    code = "nothing_to_invoice"

    def text(self) -> str:
        return _("There is nothing to invoice: the seats are free, or are on an invoice already.")


class OrderNumberMissing(Refusal):
    code = "order_number_missing"
    field = "purchase_order"
    status = 422

    def text(self) -> str:
        return _("Fill in the purchase order number.")


class OrderNumberTooLong(OrderNumberMissing):
    code = "order_number_too_long"

    def text(self) -> str:
        return _("A purchase order number has at most 35 characters.")


class OrderNumberUnreadable(OrderNumberMissing):
    code = "order_number_unreadable"

    def text(self) -> str:
        return _("Write this on one line, without invisible control characters.")


class OrderNumberKnown(Refusal):
    """Facts: number, the one that stands there."""

    code = "order_number_known"
    field = "purchase_order"

    def text(self) -> str:
        return _(
            "This order has the purchase order number %(number)s already. Write to us when it has to be another."
        ) % {"number": self.facts["number"]}


class NothingInvoiced(Refusal):
    code = "nothing_invoiced"
    field = "purchase_order"

    def text(self) -> str:
        return _("Nothing here is paid by invoice: there is no invoice to put a purchase order number on.")


class SellerIncomplete(Refusal):
    """Facts: missing, the names of what is not filled in."""

    code = "seller_incomplete"

    def text(self) -> str:
        return _("Nothing can be invoiced before these particulars of the seller are filled in: %(missing)s.") % {
            "missing": ", ".join(self.facts["missing"])
        }


class NothingToCredit(Refusal):
    code = "nothing_to_credit"
    status = 422

    def text(self) -> str:
        return _("Give the amount to credit, in euro and cents and above 0, of at least one seat.")


class NotAnInvoice(Refusal):
    code = "not_an_invoice"

    def text(self) -> str:
        return _("A credit note cannot be credited: choose its invoice.")


class TooMuchCredited(Refusal):
    """Facts: left, what is left to credit of the seat, VAT included; name, whose seat."""

    code = "too_much_credited"
    status = 422

    def text(self) -> str:
        return _("Of %(name)s at most %(left)s is left to credit.") % {
            "name": self.facts["name"],
            "left": money(self.facts["left"]),
        }


class NoCosts(Refusal):
    code = "no_costs"
    status = 422

    def text(self) -> str:
        return _("This visit has no cost line yet: fill in what it costs first.")


class ExperimentIncomplete(Refusal):
    code = "experiment_incomplete"
    status = 422

    def text(self) -> str:
        return _("Assign at least one visit to each group before the experiment starts.")


class ExperimentVisitOver(Refusal):
    """Facts: names, the visits that have begun already."""

    code = "experiment_visit_over"
    status = 422

    def text(self) -> str:
        return _("An experiment is fixed before its visits begin. Begun already: %(names)s.") % {
            "names": ", ".join(self.facts["names"])
        }


class ExperimentStarted(Refusal):
    code = "experiment_started"

    def text(self) -> str:
        return _("This experiment has started: its design stays as it is.")


class ExperimentNotStarted(Refusal):
    code = "experiment_not_started"

    def text(self) -> str:
        return _("This experiment has not started.")


class ExperimentClosed(Refusal):
    code = "experiment_closed"

    def text(self) -> str:
        return _("This experiment is closed: its verdict stays as it is.")


class LookedTooEarly(Refusal):
    """Facts: day, the day of the planned look."""

    code = "looked_too_early"

    def text(self) -> str:
        return _("The look was planned for %(day)s. The groups are not compared before it.") % {
            "day": brief(self.facts["day"])
        }


class LookBeforeVisits(Refusal):
    """Facts: day, on which the last visit ends."""

    code = "look_before_visits"
    status = 422

    def text(self) -> str:
        return _("The last of these visits ends on %(day)s: plan the look on that day or later.") % {
            "day": brief(self.facts["day"])
        }


class LookTooFar(Refusal):
    """Facts: years, how many it may be at most."""

    code = "look_too_far"
    status = 422

    def text(self) -> str:
        return _("The look lies more than %(years)s years ahead: choose a nearer day.") % self.facts


class VisitInExperiment(Refusal):
    """Facts: names of the visits, and of the running experiments they are in."""

    code = "visit_in_experiment"

    def text(self) -> str:
        return _(
            "A visit is in one running experiment at a time. Running already: %(experiments)s, with %(names)s."
        ) % {name: ", ".join(self.facts[name]) for name in ("experiments", "names")}


class VisitsToCome(Refusal):
    """Facts: names, the visits that are not over."""

    code = "visits_to_come"

    def text(self) -> str:
        return _("Look when all visits are over. Still to come: %(names)s.") % {"names": ", ".join(self.facts["names"])}
