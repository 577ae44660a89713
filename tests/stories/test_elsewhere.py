"""The Tour on other people's sites: a card and the registration in a frame, and a front end that knows only the API.

The other site is another origin: the Tour is at 127.0.0.1, they are at localhost, on a port of their own.
"""

import functools
import http.server
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from events.admin.embed import HEIGHTS
from tests.stories.editing_support import desk

SNIPPET = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Gemeente</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>Onze gemeente</h1>
<script src="{site}/embed.js" data-visit="{page}" data-show="{show}" data-lang="{lang}" data-title="{title}"
async></script>
</body></html>"""


@pytest.fixture
def elsewhere(tmp_path):
    """Serves a folder at localhost; the test writes its pages."""
    handler = functools.partial(Quiet, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield tmp_path, f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


#: What the client says of a form without an organisation and with an address that is none.
WRONG = {
    "nl": ["E-mailadres: Vul een geldig e-mailadres in.", "Organisatie: Dit veld is verplicht."],
    "en": ["E-mail address: Enter a valid e-mail address.", "Organisation: This field is required."],
}
PAGE = {"nl": "Best Practice Tour: een kleine cliënt", "en": "Best Practice Tour: a minimal client"}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        pass


@pytest.fixture
def window(chromium):
    """A new window at any site; what its console calls an error fails the test."""
    contexts, faults = [], []

    def opened(width=1280, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [fault for fault in faults if "favicon" not in fault and "Failed to load resource" not in fault] == []


def page_of(site, city, language):
    """The number of the visit's page, as its snippet names it."""
    found = site.call("GET", f"/api/v1/pages/?locale={language}&type=events.EventPage&limit=100")[1]["items"]
    title = site.event(city, language)["title"]
    return next(item["id"] for item in found if item["title"] == title)


def put(folder, site, number, show, language):
    facts = {"site": site.url, "page": number, "show": show, "lang": language, "title": "Bezoek"}
    (folder / "index.html").write_text(SNIPPET.format(**facts))


def serious(place):
    found = Axe().run(place).response["violations"]
    return [
        (fault["id"], node["html"][:120])
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_card_fits_the_page_of_another_site_and_leads_to_ours(site, elsewhere, window, shoot, language, width):
    folder, there = elsewhere
    put(folder, site, page_of(site, "Leuven", language), "card", language)
    page = window(width, bypass_csp=True)
    page.goto(there)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_function("() => document.querySelector('iframe').style.height.endsWith('px')")
    inside = page.frames[1]
    assert inside.evaluate("() => document.documentElement.scrollHeight <= innerHeight + 1")
    assert inside.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert serious(inside) == []
    shoot(page, f"embed-card-{language}-{width}")
    with page.context.expect_page() as opened:
        frame.locator("a.button").click()
    expect(opened.value.locator("#id_first_name")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("nl", 1280), ("en", 390)])
def test_the_whole_registration_in_a_frame_without_one_cookie(site, elsewhere, window, shoot, language, width):
    folder, there = elsewhere
    put(folder, site, page_of(site, "Leuven", language), "register", language)
    page = window(width)
    page.goto(there)
    frame = page.frame_locator("iframe")
    address = f"kader{language}{width}@example.org"
    frame.locator("#id_first_name").fill("An")
    frame.locator("#id_last_name").fill("Kader")
    frame.locator("#id_email").fill("geen adres")
    frame.locator("#id_organisation_name").fill("Stad Proef")
    frame.locator("#id_accept_terms").check()
    shoot(page, f"embed-form-{language}-{width}")
    frame.locator("button[name=step][value=review]").last.click()
    expect(frame.locator("#error-summary")).to_be_focused()
    frame.locator("#error-summary a").first.click()
    expect(frame.locator("#id_email")).to_be_focused()
    assert len(page.context.pages) == 1
    shoot(page, f"embed-error-{language}-{width}")
    frame.locator("#id_email").fill(address)
    frame.locator("button[name=step][value=review]").last.click()
    frame.locator("button[name=step][value=order]").click()
    expect(frame.locator(".reference")).to_be_visible()
    shoot(page, f"embed-done-{language}-{width}")

    assert page.context.cookies() == []
    assert page.url.startswith(there)
    site.wait_for_mails(address, 1)


def test_axe_finds_nothing_serious_in_the_framed_form(site, elsewhere, window):
    folder, there = elsewhere
    put(folder, site, page_of(site, "Gent", "nl"), "register", "nl")
    page = window(390, bypass_csp=True)
    page.goto(there)
    expect(page.frame_locator("iframe").locator("#id_first_name")).to_be_visible()
    assert serious(page.frames[1]) == []
    assert page.frames[1].evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_paying_from_a_frame_is_done_in_the_whole_window(site, elsewhere, window, shoot):
    folder, there = elsewhere
    put(folder, site, page_of(site, "Gent", "nl"), "register", "nl")
    page = window(1280)
    page.goto(there)
    frame = page.frame_locator("iframe")
    for name, value in {"first_name": "An", "last_name": "Betaler", "email": "kaderbetaler@kmo.example"}.items():
        frame.locator(f"#id_{name}").fill(value)
    frame.locator("#id_organisation_name").fill("Kmo Proef")
    frame.locator("#id_accept_terms").check()
    frame.locator("button[name=step][value=review]").last.click()
    frame.locator("button[name=step][value=order]").click()
    shoot(page, "embed-to-pay")
    frame.get_by_role("button", name="Nu betalen").click()
    page.wait_for_url(f"{site.stripe_url}/**")
    page.locator("button[name=outcome][value=pay], button[value=pay]").first.click()
    page.wait_for_url(f"{site.url}/nl/r/**")


def test_the_frame_works_without_scripts(site, elsewhere, chromium):
    folder, there = elsewhere
    number = page_of(site, "Leuven", "nl")
    (folder / "index.html").write_text(
        f'<!doctype html><title>x</title><iframe src="{site.url}/nl/embed/register/{number}/" title="x"></iframe>'
    )
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(there)
    expect(page.frame_locator("iframe").locator("#id_first_name")).to_be_visible()
    context.close()


@pytest.mark.parametrize("city", ["Leuven", "Gent"])
@pytest.mark.parametrize("show", ["card", "register"])
def test_the_frame_alone_is_high_enough_on_a_phone(site, elsewhere, window, show, city):
    folder, there = elsewhere
    address = f"{site.url}/nl/embed/{show}/{page_of(site, city, 'nl')}/"
    (folder / "index.html").write_text(
        '<!doctype html><meta name="viewport" content="width=device-width"><title>x</title>'
        f'<iframe src="{address}" title="x" width="100%" height="{HEIGHTS[show]}" style="border:0"></iframe>'
    )
    page = window(390)
    page.goto(there)
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()
    assert page.frames[1].evaluate("() => document.documentElement.getBoundingClientRect().height <= innerHeight")


def test_a_visit_that_is_gone_is_said_on_the_other_site(site, elsewhere, window, shoot):
    folder, there = elsewhere
    put(folder, site, 999_999, "card", "en")
    page = window(390)
    page.goto(there)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    assert page.frames[1].url == f"{site.url}/en/embed/card/999999/"
    expect(frame.locator("main a")).to_have_attribute("href", "/en/")
    shoot(page, "embed-gone")


def test_the_language_of_the_snippet_is_that_of_the_text(site, elsewhere, window):
    folder, there = elsewhere
    put(folder, site, page_of(site, "Leuven", "nl"), "card", "en")
    page = window(1280)
    page.goto(there)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text(site.event("Leuven", "en")["title"])
    assert page.frames[1].evaluate("() => document.documentElement.lang") == "en"
    # A price stands beside what it is the price of, however wide the page.
    assert page.frames[1].evaluate("() => document.querySelector('.ticket').getBoundingClientRect().width") <= 640


@pytest.mark.parametrize("width", [1280, 390])
def test_the_organiser_copies_a_snippet_by_a_button_and_sees_it_whole(site, open_page, shoot, width):
    page = desk(open_page, "organiser")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.url}/admin/events/embed/{site.event('Leuven')['id']}/")
    box = page.locator("textarea").first
    assert page.locator("textarea").evaluate_all("(all) => all.every((box) => box.scrollHeight <= box.clientHeight)")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".tour-snippet + button").first.click()
    expect(page.locator("#snippets-said")).not_to_be_empty()
    assert page.evaluate("() => navigator.clipboard.readText()") == box.input_value()
    shoot(page, f"embed-snippets-{width}")


def test_nothing_else_of_the_site_is_shown_in_a_frame_of_another(site, elsewhere, chromium):
    folder, there = elsewhere
    event = site.event("Leuven")["html_url"]
    (folder / "index.html").write_text(f'<!doctype html><title>x</title><iframe src="{event}" title="x"></iframe>')
    context = chromium.new_context()
    page = context.new_page()
    page.goto(there)
    page.wait_for_load_state("networkidle")
    assert page.frames[1].url.startswith("chrome-error://")
    context.close()


def client_in(folder, api):
    """The minimal client, with the address of the API written in its page, as its reader does."""
    kept = settings.BASE_DIR / "docs" / "client"
    page = (kept / "index.html").read_text()
    assert 'data-api="http://127.0.0.1:8000/api/v1"' in page
    (folder / "index.html").write_text(page.replace("http://127.0.0.1:8000/api/v1", api))
    (folder / "client.js").write_text((kept / "client.js").read_text())


@pytest.mark.parametrize(("language", "width"), [("nl", 1280), ("en", 390)])
def test_the_minimal_client_shows_the_programme_and_registers(site, elsewhere, window, shoot, language, width):
    folder, there = elsewhere
    client_in(folder, f"{site.url}/api/v1")
    page = window(width)
    page.goto(f"{there}/?api=http://localhost:9/api/v1")  # an address that says otherwise is not believed
    page.locator(f"[data-locale={language}]").click()
    title = site.event("Leuven", language)["title"]
    row = page.locator("#programme li").filter(has_text=title)
    expect(row).to_be_visible()
    assert page.evaluate("() => document.documentElement.lang") == language
    shoot(page, f"client-programme-{language}-{width}")
    row.locator("button").click()
    address = f"klant{language}@example.org"
    page.locator("input[name=first_name]").fill("An")
    page.locator("input[name=last_name]").fill("Klant")
    page.locator("input[name=email]").fill("geen adres")
    page.locator("input[name=terms]").check()
    page.locator("form button").click()
    # Each thing once, on a line of its own, with the name its field has on the form.
    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_text(WRONG[language])
    expect(page).to_have_title(PAGE[language])
    shoot(page, f"client-error-{language}-{width}")
    page.locator("input[name=organisation]").fill("Stad Proef")
    page.locator("input[name=email]").fill(address)
    page.locator("form button").click()
    said = {"nl": "U bent ingeschreven.", "en": "You are registered."}[language]
    expect(page.locator("#desk")).to_contain_text(said)
    shoot(page, f"client-done-{language}-{width}")
    assert serious(page) == []
    assert page.context.cookies() == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    site.wait_for_mails(address, 1)


@pytest.mark.parametrize(
    ("language", "said"), [("nl", ["1 plaats vrij", "2 plaatsen vrij"]), ("en", ["1 place left", "2 places left"])]
)
def test_the_client_counts_one_place_as_one(elsewhere, window, language, said):
    folder, there = elsewhere
    client_in(folder, f"{there}/api/v1")
    visit = {"id": 1, "title": "Haven", "starts_at": "2027-02-01T09:00:00+01:00", "city": "Gent", "status": "open"}
    items = [visit | {"seats_left": left, "ticket_types": []} for left in (1, 2)]
    page = window()
    page.route("**/api/v1/events/**", lambda route: route.fulfill(json={"items": items}))
    page.goto(there)
    page.locator(f"[data-locale={language}]").click()

    for number, text in enumerate(said):
        expect(page.locator("#programme li").nth(number)).to_contain_text(f" · {text} ·")
