"""Somebody on the phone: registered by the organiser, with the same letters as everybody."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from cms.validators import check_one_line
from events import actions
from events.actions import Approver, Attending, Contact, Order
from events.admin.second_yes import SecondYes
from events.admin.visit_view import VisitView
from events.asked_why import beyond_quota
from events.billing_form import BillingForm, Method
from events.models import Event, Ladder, Membership, Registration
from events.models.registration import MAX_ATTENDEES
from events.refusals import Refusal


class DeskForm(BillingForm):
    """Somebody on the phone. One line of the list is one seat; an empty list is the contact alone."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=80, validators=[check_one_line])
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=80, validators=[check_one_line])
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, validators=[check_one_line])
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False, validators=[check_one_line])
    organisation_name = forms.CharField(label=gettext_lazy("Organisation"), max_length=200, validators=[check_one_line])
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("nl", gettext_lazy("Dutch")), ("en", gettext_lazy("English"))]
    )
    people = forms.CharField(
        label=gettext_lazy("Participants"),
        required=False,
        help_text=gettext_lazy(
            "One a line: first name; last name; e-mail. A line with a question mark is a name to follow. Empty: the "
            "contact alone."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    membership = forms.ModelChoiceField(
        label=gettext_lazy("Price for members, by your decision"),
        queryset=Membership.objects.select_related("organisation", "scheme"),
        required=False,
    )
    line = forms.ChoiceField(
        label=gettext_lazy("Class in the line"),
        choices=[("", gettext_lazy("As the membership says")), *Registration.Line.choices],
        required=False,
        help_text=gettext_lazy("For when the visit is full and the line has classes."),
    )
    approver_email = forms.EmailField(
        label=gettext_lazy("E-mail of the approver"), required=False, validators=[check_one_line]
    )
    why = forms.CharField(label=gettext_lazy("Reason"), max_length=250, required=False)
    accept_terms = forms.BooleanField(
        label=gettext_lazy("I told them the price and the terms, and they accept both"),
        error_messages={"required": gettext_lazy("Accept the terms to register.")},
    )

    #: As one asks on the phone: who, then how it is paid, then what is decided.
    field_order = (
        *("first_name", "last_name", "email", "phone", "organisation_name", "language", "people"),
        *("billing", *BillingForm.NAMES.values()),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        self.event = event
        super().__init__(*args, **kwargs)
        field = self.fields["membership"]
        self.prepare_billing(at=timezone.now())
        self.fields.pop("billing_more", None)  # on the phone everything is at hand
        field.queryset = field.queryset.entitling_on(event.date).filter(scheme__ticket_types__event=event)  # type: ignore[attr-defined]

    def clean_people(self) -> list[Attending]:
        """Read every line, and say of each wrong one what is wrong: who telephones is asked once."""
        people: list[Attending] = []
        wrong: list[str] = []
        check = forms.EmailField(max_length=254, validators=[check_one_line])
        for number, line in enumerate(self.cleaned_data["people"].splitlines(), start=1):
            parts = [part.strip() for part in line.split(";")]
            if parts == [""]:
                continue
            if parts == ["?"]:
                people.append(Attending())
                continue
            if len(parts) != 3 or not all(parts):
                wrong.append(_("Line %(number)s: write first name; last name; e-mail.") % {"number": number})
                continue
            try:
                check_one_line(line)
                people.append(Attending(parts[0][:80], parts[1][:80], check.clean(parts[2])))
            except forms.ValidationError as error:
                wrong.append(_("Line %(number)s: %(what)s") % {"number": number, "what": " ".join(error.messages)})
        if len(people) > MAX_ATTENDEES:
            wrong.append(_("At most %(max)s people in one registration.") % {"max": MAX_ATTENDEES})
        if wrong:
            raise forms.ValidationError(wrong)
        return people

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("membership") and not facts.get("why"):
            self.add_error("why", _("Say why: it is the evidence for the price."))
        self.clean_billed(facts.get("organisation_name") or "", "BE")
        return facts

    def order(self) -> Order:
        facts = self.cleaned_data
        contact = Contact(
            facts["first_name"],
            facts["last_name"],
            facts["email"],
            facts["organisation_name"],
            facts["phone"],
            enterprise_number=facts.get("enterprise_number", ""),
            vat_number=facts.get("vat_number", ""),
        )
        approver = facts["approver_email"]
        return Order(
            contact=contact,
            attendees=tuple(facts["people"]) or (Attending(contact.first_name, contact.last_name, contact.email),),
            language=facts["language"],
            billing_method=facts.get("billing") or Method.ONLINE,
            purchase_order=facts.get("purchase_order", ""),
            billing=facts["billed"],
            membership=facts["membership"],
            approver=Approver(approver, approver) if approver else None,
            channel=Registration.Channel.DESK,
            line=facts["line"],
        )


class DeskView(SecondYes, VisitView):
    """Register somebody who telephones. They get the same letters, with their own page to pay and change."""

    needs = "events.change_registration"
    template_name = "events/admin/desk.html"
    page_title = gettext_lazy("Register somebody")
    header_icon = "plus"
    form_class = DeskForm

    def warnings(self, facts: dict[str, Any]) -> list[str]:
        if facts["membership"] is None:
            return []
        return beyond_quota(facts["membership"], event=self.object, seats=len(facts["people"]) or 1, at=timezone.now())

    def form_valid(self, form: DeskForm) -> HttpResponse:
        if unread := self.unread(form):
            return self.render_to_response(self.get_context_data(form=form) | unread)
        try:
            registration = actions.register(
                event=self.object,
                order=form.order(),
                at=timezone.now(),
                by=self.request.user,
                why=form.cleaned_data["why"],
            )
        except Refusal as refusal:
            form.add_error(None, refusal.text())
            return self.form_invalid(form)
        messages.success(self.request, f"{registration.reference}: {registration.get_status_display()}")
        return redirect("tour_registrations:inspect", registration.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what has to be said on the phone: what is left, the prices and what cancelling costs."""
        event, at = self.object, timezone.now()
        event.count_seats(at)
        ladder = Ladder(event.cancellation_steps.values_list("days_before", "fee_percent"))
        left = ladder.left(starts_at=event.starts_at, at=at)
        said = {
            "ladder": left.steps,
            "ladder_has_begun": left.has_begun,
            "kept_now": ladder.fee_percent(starts_at=event.starts_at, at=at),
        }
        return {**super().get_context_data(**kwargs), "event": event} | said
