"""Every kind of page, both languages: no accessibility fault axe calls serious, nothing scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe

WIDTHS = (320, 390, 1280)


@pytest.fixture(scope="session")
def addresses(site):
    """Name -> address of every kind of page, in both languages."""
    found = {}
    for language in ("nl", "en"):
        event = site.event("Gent", language)["html_url"]
        search = "zoeken" if language == "nl" else "search"
        body = {
            "event": site.event("Gent")["id"],
            "locale": language,
            "contact": {
                "first_name": "Ann-Sofie",
                "last_name": "Van den Broeck",
                "email": f"alle.{language}@example.org",
            },
            "organisation": {"name": "Stad Voorbeeldegem"},
            "attendees": [
                {
                    "first_name": "Ann-Sofie",
                    "last_name": f"Van den Broeck {n}",
                    "email": f"alle{n}.{language}@example.org",
                }
                for n in range(2)
            ],
            "organisation_code": "GREENDEAL-DEMO",
            "accept_terms": True,
        }
        made = site.call("POST", "/api/v1/registrations/", body)[1]
        found |= {
            f"{language}-home": f"/{language}/",
            f"{language}-cases": f"/{language}/cases/",
            f"{language}-programme": event.rsplit("/", 2)[0] + "/",
            f"{language}-event": event,
            f"{language}-full": site.event("Sint-Niklaas", language)["html_url"],
            f"{language}-manage": made["manage_url"],
            f"{language}-cancel": made["manage_url"] + "cancel/",
            f"{language}-search": f"/{language}/{search}/?q=restwaarde",
            f"{language}-nothing-found": f"/{language}/{search}/?q=xyzzy",
            f"{language}-404": f"/{language}/bestaat-niet/",
            f"{language}-bad-link": f"/{language}/r/x/",
        }
    return found | {"mails": "/demo/mail/"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(addresses, open_page, shoot, scheme):
    # axe has to be put into the page, which its own policy would forbid.
    page = open_page(color_scheme=scheme, bypass_csp=True)
    faults = []
    for name, address in addresses.items():
        page.goto(address)
        shoot(page, f"{name}-{scheme}")
        found = Axe().run(page).response["violations"]
        faults += [
            (name, f["id"], f["nodes"][0]["html"][:160]) for f in found if f["impact"] in {"serious", "critical"}
        ]
    assert faults == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_serious_in_a_form_with_errors(addresses, open_page, shoot, language):
    page = open_page(390, 844, bypass_csp=True)
    page.goto(addresses[f"{language}-event"])
    page.locator("button[value=review]").last.click()
    page.wait_for_selector("#error-summary")
    shoot(page, f"{language}-errors-phone")

    found = Axe().run(page).response["violations"]

    assert [(f["id"], f["nodes"][0]["html"][:160]) for f in found if f["impact"] in {"serious", "critical"}] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(addresses, open_page, width):
    page = open_page(width, 800)
    wide = []
    for name, address in addresses.items():
        page.goto(address)
        if (actual := page.evaluate("document.scrollingElement.scrollWidth")) > width:
            wide.append((name, actual))
    assert wide == []
