"""The registration form: one contact, one to ten seats. It checks form; entitlement and seats are the deed's."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cms.countries import by_name
from cms.validators import check_one_line
from events.actions import Approver, Attending, Contact, Order
from events.billing_form import BillingForm, Method, text_field
from events.models import Event
from events.models.registration import MAX_ATTENDEES
from events.refusals import NamesDue


def _missing(text: Any) -> dict[str, Any]:
    """The message of a field left empty: in a list of errors it has to say which."""
    return {"required": text}


class RegistrationForm(BillingForm):
    """Contact and organisation. `attends` puts the contact on the first seat, so nobody types a name twice."""

    first_name = text_field(
        _("First name"), autocomplete="given-name", error_messages=_missing(_("Fill in your first name."))
    )
    last_name = text_field(
        _("Last name"), autocomplete="family-name", error_messages=_missing(_("Fill in your last name."))
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages=_missing(_("Fill in your e-mail address.")),
        help_text=_("We write to this address. Use the one of your organisation."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        validators=[check_one_line],
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        help_text=_("For the day itself only."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        validators=[check_one_line],
    )
    attends = forms.BooleanField(label=_("I take part myself"), required=False, initial=True)
    organisation_name = text_field(
        _("Organisation"),
        most=200,
        autocomplete="organization",
        error_messages=_missing(_("Fill in the name of your organisation.")),
    )
    organisation_country = forms.ChoiceField(
        label=_("Country"),
        choices=by_name,
        initial="BE",
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    organisation_code = text_field(
        _("Organisation code"),
        required=False,
        most=40,
        help_text=_("A code of your organisation gives you its own price, for instance free for the Green Deal."),
    )
    asks_for_more = forms.BooleanField(
        label=_("Ask the organiser when our places at this price are used up"),
        required=False,
        help_text=_("Otherwise the places beyond them are at the normal price; you see it before you order."),
    )
    approver_name = text_field(_("Name of your approver"), required=False, most=160)
    approver_email = forms.EmailField(
        label=_("E-mail of your approver"),
        required=False,
        max_length=254,
        help_text=_("Only when somebody has to approve before you pay: we send a link and keep your places meanwhile."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        validators=[check_one_line],
    )
    accepts_part = forms.BooleanField(
        label=_("We are glad with fewer places too"),
        required=False,
        help_text=_("For a group on the waiting list."),
    )
    needs_consent = forms.BooleanField(
        label=_("You may use what I fill in here to prepare the day. It is deleted a week after the visit."),
        required=False,
    )
    accept_terms = forms.BooleanField(
        label=_("I accept the terms"), error_messages={"required": _("Accept the terms to register.")}
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        self.event = event
        super().__init__(*args, **kwargs)
        types = list(event.ticket_types.all())
        if not any(kind.scheme_id for kind in types):
            del self.fields["organisation_code"]  # nobody has a price of their own here
            del self.fields["asks_for_more"]
        if all(kind.is_free for kind in types):
            for name in ("approver_name", "approver_email"):
                del self.fields[name]
        self.prepare_billing(at=timezone.now())

        needs = needs_fields(event)
        self.fields |= needs
        if not needs:
            del self.fields["needs_consent"]

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("approver_name") and not facts.get("approver_email") and "approver_email" not in self.errors:
            self.add_error("approver_email", _("Where do we write to your approver?"))
        if facts.get("approver_email") and facts["approver_email"].lower() == (facts.get("email") or "").lower():
            self.add_error("approver_email", _("Your approver is somebody else than you."))
        if any(facts.get(name) for name in NEEDS) and not facts.get("needs_consent"):
            self.add_error("needs_consent", _("Tick this box, or leave the fields about your needs empty."))
        self.clean_billed(facts.get("organisation_name") or "", facts.get("organisation_country") or "BE")
        return facts


NEEDS = ("diet", "access", "shoe_size", "clothing_size", "licence_plate")


def needs_fields(event: Event) -> dict[str, forms.CharField]:
    """What this event asks about the day itself, each optional."""
    fields = {}
    if event.asks_needs:
        fields["diet"] = text_field(
            _("Diet"), required=False, most=250, help_text=_("For the caterer, without your name.")
        )
        fields["access"] = text_field(_("Access needs"), required=False, most=250)
    if event.asks_equipment:
        fields["shoe_size"] = text_field(_("Shoe size"), required=False, most=10)
        fields["clothing_size"] = text_field(_("Clothing size"), required=False, most=10)
    if event.asks_plate:
        fields["licence_plate"] = text_field(
            _("Licence plate"), required=False, most=20, help_text=_("For the host's gate.")
        )
    return fields


class AttendeeForm(forms.Form):
    """One person on one seat."""

    first_name = text_field(_("First name"))
    last_name = text_field(_("Last name"))
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        validators=[check_one_line],
    )


class ColleagueForm(AttendeeForm):
    """One colleague; the name may follow. A row left wholly empty is no colleague."""

    to_follow = forms.BooleanField(label=_("The name follows"), required=False)

    def full_clean(self) -> None:
        if self.is_bound and self.data.get(self.add_prefix("to_follow")):
            for name in ("first_name", "last_name", "email"):
                self.fields[name].required = False
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("to_follow") and any(facts.get(name) for name in ("first_name", "last_name", "email")):
            self.add_error("to_follow", _("Fill in the whole name, or tick that it follows; not both."))
        return facts


MISSING_OF_COLLEAGUE = {
    "first_name": _("Fill in the first name of colleague %(number)s."),
    "last_name": _("Fill in the last name of colleague %(number)s."),
    "email": _("Fill in the e-mail address of colleague %(number)s."),
}


class BaseAttendeeFormSet(forms.BaseFormSet):
    def clean(self) -> None:
        if sum(1 for form in self.forms if form.has_changed()) > MAX_ATTENDEES:
            raise ValidationError(too_many())


def too_many() -> str:
    return ngettext(
        "Register at most %(max)s person at once.", "Register at most %(max)s people at once.", MAX_ATTENDEES
    ) % {"max": MAX_ATTENDEES}


AttendeeFormSet = forms.formset_factory(
    ColleagueForm, formset=BaseAttendeeFormSet, extra=0, max_num=MAX_ATTENDEES, absolute_max=50
)


class Registering:
    """The form and its colleagues as one thing: bound, checked, and turned into an Order."""

    PREFIX = "colleagues"

    def __init__(self, event: Event, data: Any = None, *, more: bool = False) -> None:
        self.event = event
        #: So near to the visit no name can follow any more: it is not offered, and refused before the overview.
        self.names_are_due = timezone.now() >= event.names_due_at
        if data is not None and more:
            data = data.copy()
            key = f"{self.PREFIX}-TOTAL_FORMS"
            data[key] = str(min(_number(data.get(key)) + 1, MAX_ATTENDEES))
        self.form = RegistrationForm(data, event=event)
        self.colleagues = AttendeeFormSet(data, prefix=self.PREFIX)
        for number, form in enumerate(self.colleagues.forms, start=1):
            for name, text in MISSING_OF_COLLEAGUE.items():
                form.fields[name].error_messages["required"] = text % {"number": number}
        if more and self.colleagues.forms:
            # The new row is what the person wants to fill in next, with or without JavaScript.
            self.colleagues.forms[-1].fields["first_name"].widget.attrs["autofocus"] = True
        self.general_errors: list[str] = []

    def is_valid(self) -> bool:
        """Checks form, and that all seats together make sense. Fills `general_errors`."""
        is_valid = self.form.is_valid() & self.colleagues.is_valid()
        self.general_errors = [str(error) for error in self.colleagues.non_form_errors()]
        if not is_valid:
            return False
        if self.names_are_due:
            for form in self.colleagues.forms:
                if form.cleaned_data.get("to_follow"):
                    form.add_error("first_name", NamesDue().text())
                    is_valid = False
        if not is_valid:
            return False
        people = self._people()
        if not people:
            self.form.add_error("attends", _("Take part yourself or add a colleague."))
            return False
        if len(people) > MAX_ATTENDEES:
            self.general_errors.append(too_many())
            return False
        return self._once_each(people)

    def _once_each(self, people: list[tuple[forms.Form, Attending]]) -> bool:
        seen: set[str] = set()
        for form, person in people:
            if person.is_named and person.email.lower() in seen:
                form.add_error("email", _("This e-mail address is used for somebody else above."))
            seen.add(person.email.lower())
        return all(not form.errors for form, _person in people)

    def _people(self) -> list[tuple[forms.Form, Attending]]:
        people: list[tuple[forms.Form, Attending]] = []
        facts = self.form.cleaned_data
        if facts["attends"]:
            needs = tuple((name, facts[name]) for name in NEEDS if facts.get(name))
            people.append((self.form, Attending(facts["first_name"], facts["last_name"], facts["email"], needs)))
        for form in self.colleagues.forms:
            if form.has_changed():
                row = form.cleaned_data
                people.append((form, Attending(row["first_name"], row["last_name"], row["email"])))
        return people

    def order(self, language: str, key: str | None) -> Order:
        """What was asked. Only after is_valid()."""
        facts = self.form.cleaned_data
        return Order(
            contact=Contact(
                first_name=facts["first_name"],
                last_name=facts["last_name"],
                email=facts["email"],
                phone=facts["phone"],
                organisation_name=facts["organisation_name"],
                organisation_country=facts["organisation_country"],
                enterprise_number=facts.get("enterprise_number", ""),
                vat_number=facts.get("vat_number", ""),
            ),
            attendees=tuple(person for _form, person in self._people()),
            language=language,
            organisation_code=facts.get("organisation_code", ""),
            billing_method=facts.get("billing") or Method.ONLINE,
            purchase_order=facts.get("purchase_order", ""),
            billing=facts["billed"],
            approver=Approver(facts.get("approver_name") or facts["approver_email"], facts["approver_email"])
            if facts.get("approver_email")
            else None,
            accepts_part=facts["accepts_part"],
            asks_for_more=facts.get("asks_for_more", False),
            needs_wording=str(self.form.fields["needs_consent"].label) if facts.get("needs_consent") else "",
            idempotency_key=key,
        )

    def errors(self) -> list[tuple[str, str]]:
        """(id of the field, message) for the summary on top, in the order of the page; "" for the whole form."""
        listed: list[tuple[str, str]] = [("", error) for error in self.general_errors]
        listed += [("", str(error)) for error in self.form.non_field_errors()]
        for form in (self.form, *self.colleagues.forms):
            for name, messages in form.errors.items():
                if name in form.fields:
                    # A group of radio buttons has no field of its own name: its first one is meant.
                    target = form[name].id_for_label or f"{form[name].auto_id}_0"
                    listed += [(target, str(error)) for error in messages]
        return listed


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


class ApprovalForm(forms.Form):
    """The approver's answer; anything but one of the two buttons answers nothing."""

    answer = forms.ChoiceField(
        choices=[("approve", _("Approve")), ("reject", _("Do not approve"))],
        error_messages={"required": _("Choose to approve or not."), "invalid_choice": _("Choose to approve or not.")},
    )
    remark = forms.CharField(max_length=500, required=False)
