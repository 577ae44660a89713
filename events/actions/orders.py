"""What somebody asks for when they register: who comes, for whom, on which terms; not whether they get it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace

from events.billing import Billing
from events.models import Event, Membership, Registration


@dataclass(frozen=True)
class Contact:
    """Who registers and is written to, and for which organisation."""

    first_name: str
    last_name: str
    email: str
    organisation_name: str
    phone: str = ""
    organisation_country: str = "BE"
    enterprise_number: str = ""
    vat_number: str = ""


@dataclass(frozen=True)
class Attending:
    """Who sits on one seat; all three empty when the name follows."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    #: What they need on the day, by field of Needs; only what the event asks for is kept.
    needs: tuple[tuple[str, str], ...] = ()

    @property
    def is_named(self) -> bool:
        return bool(self.email)


@dataclass(frozen=True)
class Approver:
    """Who has to say yes before anything is paid: the registrant's boss."""

    name: str
    email: str


@dataclass(frozen=True)
class Order:
    """What somebody asks for: one to ten seats, in one language. Already checked for form; not for entitlement."""

    contact: Contact
    attendees: tuple[Attending, ...]
    language: str
    organisation_code: str = ""
    billing_method: str = Registration.Billing.ONLINE
    purchase_order: str = ""
    #: To whom it is billed, when that was filled in.
    billing: Billing | None = None
    approver: Approver | None = None
    #: A group on the waiting list that is glad with fewer seats too.
    accepts_part: bool = False
    #: Seats beyond the organisation's quota: ask the organiser for them instead of paying.
    asks_for_more: bool = False
    channel: str = Registration.Channel.SITE
    #: An organiser decided that this membership counts, without a code or a mailbox.
    membership: Membership | None = None
    #: The class in the line, when an organiser sets it; else it follows from the membership.
    line: str = ""
    #: The sentence they agreed to about their needs, as it stood there; empty when nothing was asked.
    needs_wording: str = ""
    idempotency_key: str | None = field(default=None, compare=False)

    @property
    def is_by_invoice(self) -> bool:
        return self.billing_method == Registration.Billing.INVOICE

    @property
    def billed_to(self) -> Billing | None:
        """As filled in; by invoice without that, the contact's organisation."""
        if self.billing is not None or not self.is_by_invoice:
            return self.billing
        return Billing(
            name=self.contact.organisation_name,
            country=self.contact.organisation_country,
            email=self.contact.email,
            enterprise_number=self.contact.enterprise_number,
            vat_number=self.contact.vat_number,
            purchase_order=self.purchase_order,
        )

    def digest(self, event: Event) -> str:
        """The same for the same order of the same event, whatever the key."""
        plain = replace(self, membership=None)
        facts = asdict(plain) | {"idempotency_key": None, "event": event.pk}
        facts["membership"] = self.membership.pk if self.membership else None
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
