"""Factories without surprises: each makes one thing, complete and valid, and nothing beside it."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.models import Collection, Locale, Page, Site

from cms.models import HomePage, Organisation
from tests.conftest import NOON

_numbers = count(1)


def ground() -> HomePage:
    """Locales, root page, a Dutch home page with an English twin, and the site. What is there already is kept."""
    nl, _created = Locale.objects.get_or_create(language_code="nl")
    en, _created = Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(name="Root")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=nl)
    home = HomePage.objects.filter(locale=nl).first()
    if home is None:
        home = root.add_child(
            instance=HomePage(title="Thuis", slug="thuis", locale=nl, hero="Ga kijken", intro="Kort.")
        )
        twin = home.copy_for_translation(en)
        twin.title, twin.slug, twin.hero = "Home", "english-home", "See for yourself"
        twin.save_revision().publish()
        home.refresh_from_db()
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": home, "site_name": "Tour"}
    )
    Site.clear_site_root_paths_cache()
    return home


def english_locale() -> Any:
    return Locale.objects.get(language_code="en")


def english(page: Page, **changes: Any) -> Page:
    """The page's English translation, published."""
    twin = page.copy_for_translation(Locale.objects.get(language_code="en"))
    for name, value in changes.items():
        setattr(twin, name, value)
    twin.save_revision().publish()
    return twin.__class__.objects.get(pk=twin.pk)


def user(group: str = "", name: str = "") -> Any:
    """A person who can log in with the password "secret", in this group. "admin" is a superuser."""
    users = get_user_model().objects
    username = name or f"{group or 'nobody'}{next(_numbers)}"
    if group == "admin":
        return users.create_superuser(username, f"{username}@example.org", "secret")
    person = users.create_user(username, f"{username}@example.org", "secret")
    if group:
        person.groups.add(Group.objects.get(name=group))
    return person


def organisation(name: str = "", **facts: Any) -> Organisation:
    return Organisation.objects.create(name=name or f"Organisatie {next(_numbers)}", **facts)


def event(
    *,
    capacity: int = 10,
    price: str | None = None,
    scheme: Any = None,
    starts_at: datetime | None = None,
    waiting_list: bool = False,
    **facts: Any,
) -> Any:
    """A scheduled visit ten days after NOON with one ticket type for everyone (free, or at `price` excl. 21 % VAT).

    With a scheme its members come free; `price=None` and a scheme makes it for members only.
    """
    from events.models import Event, TicketType  # noqa: PLC0415

    starts_at = starts_at or NOON + timedelta(days=10)
    made = Event.objects.create(
        name=facts.pop("name", f"Bezoek {next(_numbers)}"),
        status=facts.pop("status", Event.Status.SCHEDULED),
        starts_at=starts_at,
        ends_at=facts.pop("ends_at", starts_at + timedelta(hours=4)),
        venue="Hal 1",
        street="Kaai 2",
        postal_code="9000",
        city=facts.pop("city", "Gent"),
        capacity=capacity,
        waiting_list=waiting_list,
        **facts,
    )
    if scheme is not None:
        TicketType.objects.create(event=made, name_nl="Leden", name_en="Members", scheme=scheme)
    if price is not None or scheme is None:
        TicketType.objects.create(
            event=made, name_nl="Kostprijs", name_en="Cost price", price_excl_vat=Decimal(price or "0.00")
        )
    return made


def event_page(made: Any = None, *, title: str = "", both: bool = True, **facts: Any) -> Any:
    """A published Dutch page about the event, with its English twin unless told otherwise."""
    from events.models import EventIndexPage, EventPage  # noqa: PLC0415

    home = ground()
    index = EventIndexPage.objects.filter(locale=home.locale).first()
    if index is None:
        index = home.add_child(instance=EventIndexPage(title="Programma", slug="programma", locale=home.locale))
        english(index, title="Programme", slug="programme")
        index.refresh_from_db()
    number = next(_numbers)
    page = index.add_child(
        instance=EventPage(
            title=title or f"Bezoek {number}",
            slug=f"bezoek-{number}",
            locale=home.locale,
            event=made or event(),
            intro="Kort.",
            **facts,
        )
    )
    if both:
        english(page, title=f"Visit {number}", slug=f"visit-{number}")
    return page


def case_page(*, title: str = "", both: bool = True, **facts: Any) -> Any:
    """A published Dutch case with its English twin unless told otherwise."""
    from cases.models import CaseIndexPage, CasePage  # noqa: PLC0415

    home = ground()
    index = CaseIndexPage.objects.filter(locale=home.locale).first()
    if index is None:
        index = home.add_child(instance=CaseIndexPage(title="Cases", slug="cases", locale=home.locale))
        english(index)
        index.refresh_from_db()
    number = next(_numbers)
    page = index.add_child(
        instance=CasePage(
            title=title or f"Case {number}",
            slug=f"case-{number}",
            locale=home.locale,
            intro="Kort.",
            municipality=facts.pop("municipality", "Venlo"),
            product_groups=facts.pop("product_groups", ["building"]),
            strategies=facts.pop("strategies", ["rethink", "reuse"]),
            context=facts.pop("context", "<p>Waarom.</p>"),
            approach=facts.pop("approach", "<p>Hoe.</p>"),
            **facts,
        )
    )
    if both:
        english(page, title=f"Case {number} in English", slug=f"case-{number}-en")
    return page


def visit_report(**facts: Any) -> Any:
    """A complete Dutch draft of a visit report, which no host was asked about."""
    page = case_page(both=False, kind="visit-report", live=False, **facts)
    page.save_revision()
    return page


def scheme(**facts: Any) -> Any:
    from events.models import Scheme  # noqa: PLC0415

    number = next(_numbers)
    names = {"slug": f"schema-{number}", "name_nl": f"Schema {number}", "name_en": f"Scheme {number}"}
    return Scheme.objects.create(**(names | facts))


def member(of: Any, *, code: str = "", domain: str = "", **facts: Any) -> Organisation:
    """An organisation that belongs to the scheme, with a code and a verified mail domain when given."""
    from events.models import EmailDomain, Membership, OrganisationCode  # noqa: PLC0415

    made = organisation()
    Membership.objects.create(organisation=made, scheme=of, **facts)
    if code:
        OrganisationCode.objects.create(organisation=made, code=code)
    if domain:
        EmailDomain.objects.create(organisation=made, domain=domain, verified_on=NOON.date())
    return made


def order(*, seats: int = 1, email: str = "", language: str = "nl", **facts: Any) -> Any:
    """An order of one contact for so many seats; every address is a new one."""
    from events.actions import Attending, Contact, Order  # noqa: PLC0415

    number = next(_numbers)
    address = email or f"an.peeters{number}@example.org"
    people = [Attending("An", "Peeters", address)]
    people += [Attending("Bo", f"Nr{place}", f"bo{number}.{place}@example.org") for place in range(1, seats)]
    return Order(
        contact=Contact("An", "Peeters", address, facts.pop("organisation_name", "Gemeente Proef")),
        attendees=tuple(people),
        language=language,
        **facts,
    )


def seller(**facts: Any) -> Any:
    """Particulars an invoice can be issued with, of nobody: no enterprise number is given out below 0200.000.000."""
    from payments.models import SellerSettings  # noqa: PLC0415

    made = SellerSettings.load()
    particulars = {
        "legal_name": "Best Practice Tour vzw",
        "street": "Proefplein 1",
        "postal_code": "1000",
        "city": "Brussel",
        "email": "facturatie@example.org",
        "enterprise_number": "0123456749",
        "vat_number": "BE0123456749",
        "iban": "BE17999123456721",
    }
    for name, value in (particulars | facts).items():
        setattr(made, name, value)
    made.full_clean()
    made.save()
    return made


def billing(registration: Any, **facts: Any) -> Any:
    """Billing details of a Belgian public body, complete."""
    from payments.models import BillingDetails  # noqa: PLC0415

    particulars = {
        "kind": "public",
        "name": "Gemeente Proef, dienst aankoop",
        "street": "Markt 1",
        "postal_code": "9000",
        "city": "Gent",
        "email": "facturen@example.org",
        "enterprise_number": "0198765470",
        "purchase_order": "BB-2027-0042",
    }
    made = BillingDetails(registration=registration, **(particulars | facts))
    made.full_clean()
    made.save()
    return made


def payment_page(registration: Any, *, at: datetime) -> Any:
    """The attempt behind a payment page, as it is written before Stripe is called; None when nothing is to be paid."""
    from payments.actions.checkout import NothingToPay, _attempt  # noqa: PLC0415

    try:
        return _attempt(registration, at)
    except NothingToPay:
        return None


def open_pages() -> list[Any]:
    from payments.models import Payment  # noqa: PLC0415

    return list(Payment.objects.under_way().order_by("pk"))


def receive(payment: Any, *, at: datetime) -> None:
    """The money of this page is in, as the payments chapter books it, with what follows: seats, or the money back."""
    from payments.actions.bookkeeping import book_payment  # noqa: PLC0415
    from payments.actions.checkout import _settle  # noqa: PLC0415

    payment.status, payment.paid_at = "paid", at
    payment.save(update_fields=["status", "paid_at"])
    book_payment(payment, source=f"ch_{payment.pk}", occurred_at=at, at=at)
    _settle(payment, at)


def pay(registration: Any, *, at: datetime) -> None:
    """Everything that is due is paid."""
    receive(payment_page(registration, at=at), at=at)


def has_payments() -> bool:
    return apps.is_installed("payments")


def disputed(amount: Decimal, *, at: datetime, fee: str = "0.00", source: str = "txn_dp") -> Any:
    """What Stripe tells of a dispute: below 0 the bank took it, above 0 it gave it again."""
    from payments.stripe_gateway import Movement  # noqa: PLC0415

    category = "dispute" if amount < 0 else "dispute_reversal"
    return Movement(source, category, "adjustment", "dp_1", amount, Decimal(fee), amount - Decimal(fee), "EUR", at, "")
