"""A name of eighty letters without a space breaks; no page of a registration scrolls sideways on a phone."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import sync_playwright

from events import actions
from events.actions import Approver, Attending
from tests import factories
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.events.test_event_pages import register_url, typed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="No Chromium. Run: apt-get install chromium"),
]
LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswesse"
PHONE = {"width": 390, "height": 844}


def sideways(pages):
    """The pages wider than a phone, by name: each with its own style sheets, laid out by Chromium."""
    sheets = "".join((Path(settings.BASE_DIR) / "cms/static/cms" / name).read_text() for name in SHEETS)
    wide = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        tab = browser.new_page(viewport=PHONE)
        for name, html in pages.items():
            body = re.sub(r"<(link|script)\b[^>]*>", "", html)
            tab.set_content(body.replace("</head>", f"<style>{sheets}</style></head>"))
            width = tab.evaluate("document.documentElement.scrollWidth")
            if width > PHONE["width"]:
                wide[name] = width
        browser.close()
    return wide


SHEETS = ["tokens.css", "base.css", "parts.css"]


def test_no_page_of_a_registration_is_wider_than_a_phone(client):
    now = timezone.now()
    paid = {"price": "95.00"} if factories.has_payments() else {}
    event = factories.event(capacity=2, waiting_list=True, starts_at=now + timedelta(days=30), **paid)
    page = factories.event_page(event)
    boss = Approver(LONG, f"{LONG[:60]}@example.org") if paid else None
    people = tuple(Attending(LONG, LONG, f"{LONG[:50]}{number}@example.org") for number in range(2))
    order = factories.order(approver=boss, organisation_name=LONG)
    asked = actions.register(event=event, order=replace(order, attendees=people), at=now)
    people = tuple(Attending(LONG, LONG, f"{LONG[:50]}{number}@example.net") for number in range(2))
    waiting = actions.register(event=event, order=replace(order, attendees=people), at=now)

    def get(name, *tokens):
        return client.get(reverse(f"events:{name}", args=tokens)).content.decode()

    pages = {
        "manage": get("manage", asked.manage_token),
        "cancel": get("cancel", asked.manage_token),
        "substitute": get("substitute", asked.manage_token, asked.attendees.first().pk),
        "seat": get("seat", asked.attendees.first().token),
        "waiting": get("manage", waiting.manage_token),
        "overview": client.post(register_url(page), typed(first_name=LONG, last_name=LONG)).content.decode(),
    }
    if boss:
        pages["approval"] = get("approval", asked.approvals.get().token)
    actions.cancel(registration=asked, at=now)
    pages["offer"] = get("offer", waiting.mailbox_token)

    assert sideways(pages) == {}
