"""What a client of the API sends to order: its keys, what is wrong with them, and the Order they become."""

from typing import Annotated, Literal

from django.core.exceptions import ValidationError as InvalidValue
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, model_validator

from cms.api import Problem, Strict
from cms.countries import CODES
from cms.validators import check_one_line, normal_enterprise_number, normal_vat_number
from events.actions import Approver, Attending, Contact, Order
from events.api import Language, Number
from events.api_shapes import problem
from events.billing import Billing, checked
from events.models import Registration
from events.models.registration import MAX_ATTENDEES


def storable(value: str) -> str:
    """A text without what no database can keep. Raises ValueError."""
    if "\x00" in value:
        raise ValueError(_("This text contains a character that cannot be used."))
    return value.strip()


def one_line(value: str) -> str:
    """The same, without line breaks and control characters: a name stands in mails. Raises ValueError."""
    value = storable(value)
    try:
        check_one_line(value)
    except InvalidValue as error:
        raise ValueError(error.messages[0]) from error
    return value


def _filled(value: str) -> str:
    if not value:
        raise ValueError(_("This field is required."))
    return value


def _mailbox(value: str) -> str:
    try:
        validate_email(value)
    except InvalidValue as error:
        raise ValueError(_("Enter a valid e-mail address.")) from error
    return value


def _country(value: str) -> str:
    if value not in CODES:
        raise ValueError(_("Unknown country code."))
    return value


def _mailbox_or_none(value: str) -> str:
    return _mailbox(value) if value else value


def _country_or_none(value: str) -> str:
    return _country(value) if value else value


def _vat_number(value: str) -> str:
    try:
        return normal_vat_number(value)
    except InvalidValue as error:
        raise ValueError(error.messages[0]) from error


#: A yes is true, and nothing else is.
YesOrNo = Annotated[bool, Field(strict=True)]
Name = Annotated[str, Field(max_length=80), AfterValidator(one_line), AfterValidator(_filled)]
Mailbox = Annotated[str, Field(max_length=254), AfterValidator(one_line), AfterValidator(_mailbox)]
Optional80 = Annotated[str, Field(max_length=80), AfterValidator(one_line)]


class ContactIn(Strict):
    first_name: Name
    last_name: Name
    email: Mailbox
    phone: Annotated[str, Field(max_length=40), AfterValidator(one_line)] = ""


class OrganisationIn(Strict):
    name: Annotated[str, Field(max_length=200), AfterValidator(one_line), AfterValidator(_filled)]
    country: Annotated[str, Field(max_length=2), AfterValidator(one_line), AfterValidator(_country)] = "BE"
    enterprise_number: Annotated[str, Field(max_length=20), AfterValidator(one_line)] = ""
    vat_number: Annotated[str, Field(max_length=20), AfterValidator(one_line), AfterValidator(_vat_number)] = ""

    @model_validator(mode="after")
    def _enterprise_number_is_one(self) -> "OrganisationIn":
        try:
            self.enterprise_number = normal_enterprise_number(self.enterprise_number, self.country)
        except InvalidValue as error:
            raise ValueError(error.messages[0]) from error
        return self


class PersonIn(Strict):
    first_name: Name
    last_name: Name
    email: Mailbox


class AttendeeIn(Strict):
    """Somebody with a name, or `{"to_follow": true}` while the name is not known."""

    first_name: Optional80 = ""
    last_name: Optional80 = ""
    email: Annotated[str, Field(max_length=254), AfterValidator(one_line)] = ""
    to_follow: YesOrNo = False


class ApproverIn(Strict):
    name: Annotated[str, Field(max_length=160), AfterValidator(one_line), AfterValidator(_filled)]
    email: Mailbox


class BillingIn(Strict):
    """How it is paid, and to whom the invoice goes. What is left out is taken from the organisation and the contact."""

    method: Literal["online", "invoice"] = "online"
    kind: Literal["business", "public", "private"] = "business"
    name: Annotated[str, Field(max_length=200), AfterValidator(one_line)] = ""
    street: Annotated[str, Field(max_length=150), AfterValidator(one_line)] = ""
    postal_code: Annotated[str, Field(max_length=12), AfterValidator(one_line)] = ""
    city: Annotated[str, Field(max_length=100), AfterValidator(one_line)] = ""
    country: Annotated[str, Field(max_length=2), AfterValidator(one_line), AfterValidator(_country_or_none)] = ""
    email: Annotated[str, Field(max_length=254), AfterValidator(one_line), AfterValidator(_mailbox_or_none)] = ""
    enterprise_number: Annotated[str, Field(max_length=20), AfterValidator(one_line)] = ""
    vat_number: Annotated[str, Field(max_length=20), AfterValidator(one_line)] = ""
    peppol_id: Annotated[str, Field(max_length=60), AfterValidator(one_line)] = ""
    purchase_order: Annotated[str, Field(max_length=35), AfterValidator(one_line)] = ""
    #: The purchase order number follows later: the invoice waits some days for it.
    po_follows: YesOrNo = False


class RegistrationIn(Strict):
    event: Number
    locale: Language = "nl"
    contact: ContactIn
    organisation: OrganisationIn
    attendees: Annotated[list[AttendeeIn], Field(min_length=1, max_length=MAX_ATTENDEES)]
    organisation_code: Annotated[str, Field(max_length=40), AfterValidator(one_line)] = ""
    billing: BillingIn = BillingIn()
    approver: ApproverIn | None = None
    accepts_part: YesOrNo = False
    asks_for_more: YesOrNo = False
    accept_terms: YesOrNo


def _each_named_or_to_follow(attendees: list[AttendeeIn]) -> None:
    for place, attendee in enumerate(attendees):
        for name in ("first_name", "last_name", "email"):
            value = getattr(attendee, name)
            try:
                if attendee.to_follow and value:
                    raise ValueError(_("Fill in the whole name, or say that it follows; not both."))
                if not attendee.to_follow:
                    _filled(value)
                    if name == "email":
                        _mailbox(value)
            except ValueError as error:
                location: list[str | int] = ["body", "attendees", place, name]
                raise problem(422, str(error), "name", location) from error


def _each_once(attendees: list[AttendeeIn]) -> None:
    seen: set[str] = set()
    for place, attendee in enumerate(attendees):
        if attendee.email and attendee.email.lower() in seen:
            message = _("This e-mail address is used for somebody else above.")
            location: list[str | int] = ["body", "attendees", place, "email"]
            raise problem(422, message, "same_email", location)
        seen.add(attendee.email.lower())


def _billing(body: RegistrationIn) -> Billing | None:
    """To whom it is billed; None when nothing was said of it. Raises Problem, with each key that is wrong."""
    said = body.billing
    if said.method == "online" and not said.model_fields_set - {"method", "purchase_order"}:
        return None
    organisation = body.organisation
    is_own = not said.name or said.name == organisation.name
    asked = Billing(
        kind=said.kind,
        name=said.name or organisation.name,
        street=said.street,
        postal_code=said.postal_code,
        city=said.city,
        country=said.country or organisation.country,
        email=said.email,
        enterprise_number=said.enterprise_number or (organisation.enterprise_number if is_own else ""),
        vat_number=said.vat_number or (organisation.vat_number if is_own else ""),
        peppol_id=said.peppol_id,
        purchase_order=said.purchase_order,
        po_follows=said.po_follows,
    )
    billing, problems = checked(asked, by_invoice=said.method == "invoice", whole=False)
    if problems:
        errors = [{"loc": ["body", "billing", name], "msg": text, "type": "billing"} for name, text in problems.items()]
        raise Problem(422, next(iter(problems.values())), errors, "billing")
    return billing


def order_of(body: RegistrationIn, idempotency_key: str | None) -> Order:
    """The order. Raises Problem, with where in the body it is, for names and a buyer that cannot be."""
    _each_named_or_to_follow(body.attendees)
    _each_once(body.attendees)
    return Order(
        contact=Contact(
            first_name=body.contact.first_name,
            last_name=body.contact.last_name,
            email=body.contact.email,
            phone=body.contact.phone,
            organisation_name=body.organisation.name,
            organisation_country=body.organisation.country,
            enterprise_number=body.organisation.enterprise_number,
            vat_number=body.organisation.vat_number,
        ),
        attendees=tuple(Attending(a.first_name, a.last_name, a.email) for a in body.attendees),
        language=body.locale,
        organisation_code=body.organisation_code,
        billing_method=body.billing.method,
        purchase_order=body.billing.purchase_order,
        billing=_billing(body),
        approver=Approver(body.approver.name, body.approver.email) if body.approver else None,
        accepts_part=body.accepts_part,
        asks_for_more=body.asks_for_more,
        channel=Registration.Channel.API,
        idempotency_key=idempotency_key,
    )
