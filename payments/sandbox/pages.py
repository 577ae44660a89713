"""The hosted payment page of the stand-in: plain HTML, no script, no outside request, Dutch or English."""

from __future__ import annotations

import copy
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

from .errors import StripeError
from .objects import JSON
from .state import State

OUTCOMES = ("pay", "fail", "pay_late", "abandon")

_TEXTS: dict[str, dict[str, str]] = {
    "nl": {
        "title": "Betalen",
        "banner": "DEMO, geen echte betaling",
        "explain": "Dit is de proefbetaalpagina van de Best Practice Tour. Er wordt geen geld "
        "afgeschreven en er zijn geen "
        "kaartgegevens nodig. Kies hoe deze betaling moet aflopen.",
        "items": "Uw bestelling",
        "item": "Omschrijving",
        "quantity": "Aantal",
        "amount": "Bedrag",
        "total": "Totaal",
        "choose": "Hoe loopt deze betaling af?",
        "pay": "Betalen",
        "pay_note": "De betaling lukt meteen.",
        "pay_late": "Later betaald",
        "pay_late_note": "De bank bevestigt pas na een tijdje, zoals bij een domiciliëring.",
        "fail": "Betaling mislukt",
        "fail_note": "De kaart wordt geweigerd; u kunt opnieuw proberen.",
        "abandon": "Terug zonder te betalen",
        "abandon_note": "U keert terug naar de site; de betaalpagina blijft open tot ze vervalt.",
        "declined": "Uw kaart werd geweigerd. Er is niets betaald. Probeer opnieuw of kies een andere uitkomst.",
        "no_return": "U kunt dit venster sluiten. Er is niets betaald.",
        "bad_choice": "Die keuze bestaat niet. Kies een van de knoppen.",
        "expired_title": "Deze betaalpagina is vervallen",
        "expired": "De tijd om te betalen is voorbij. Er is niets betaald. Ga terug naar de site om "
        "opnieuw te beginnen.",
        "paid_title": "Deze bestelling is al betaald",
        "paid": "U hoeft niets meer te doen. Er wordt geen tweede keer betaald.",
        "processing_title": "Deze betaling is in behandeling",
        "processing": "De bank heeft de betaling nog niet bevestigd. U hoeft niets meer te doen; betaal niet opnieuw.",
        "unknown_title": "Deze betaalpagina bestaat niet",
        "unknown": "Controleer het adres of ga terug naar de site.",
        "back": "Terug naar de site",
    },
    "en": {
        "title": "Pay",
        "banner": "DEMO, no real payment",
        "explain": "This is the practice payment page of the Best Practice Tour. No money is taken "
        "and no card details are "
        "needed. Choose how this payment should end.",
        "items": "Your order",
        "item": "Description",
        "quantity": "Quantity",
        "amount": "Amount",
        "total": "Total",
        "choose": "How does this payment end?",
        "pay": "Pay",
        "pay_note": "The payment succeeds at once.",
        "pay_late": "Paid later",
        "pay_late_note": "The bank confirms only after a while, as with a direct debit.",
        "fail": "Payment fails",
        "fail_note": "The card is declined; you can try again.",
        "abandon": "Go back without paying",
        "abandon_note": "You return to the site; the payment page stays open until it expires.",
        "declined": "Your card was declined. Nothing was paid. Try again or choose another outcome.",
        "no_return": "You can close this window. Nothing was paid.",
        "bad_choice": "There is no such choice. Use one of the buttons.",
        "expired_title": "This payment page has expired",
        "expired": "The time to pay is over. Nothing was paid. Go back to the site to start again.",
        "paid_title": "This order was already paid",
        "paid": "There is nothing left to do. You will not be charged a second time.",
        "processing_title": "This payment is being processed",
        "processing": "The bank has not confirmed the payment yet. There is nothing left to do; do not pay again.",
        "unknown_title": "There is no such payment page",
        "unknown": "Check the address or go back to the site.",
        "back": "Back to the site",
    },
}

_STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #f3f5f2; color: #17211b; font: 1.0625rem/1.5 system-ui, sans-serif; }
.demo { margin: 0; padding: .75rem 1rem; background: #7a1f1f; color: #fff; font-weight: 700;
  text-align: center; }
main { max-width: 38rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; }
.notice { margin: 1rem 0; padding: .75rem 1rem; background: #fff; border-left: .375rem solid #7a1f1f; }
table { width: 100%; border-collapse: collapse; background: #fff; }
th, td { padding: .5rem .75rem; border-bottom: 1px solid #c9d1cb; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
@media (max-width: 26rem) { th, td { padding: .5rem .3rem; font-size: 1rem; } }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tfoot th, tfoot td { border-bottom: 0; font-weight: 700; }
fieldset { margin: 2rem 0 0; padding: 0; border: 0; }
legend { padding: 0; font-size: 1.2rem; font-weight: 700; }
button { display: block; width: 100%; margin-top: .75rem; padding: .75rem 1rem; border: 2px solid #1d5a3a;
  border-radius: .375rem; background: #fff; color: #17211b; font: inherit;
  text-align: left; cursor: pointer; }
button strong { display: block; }
button.first { background: #1d5a3a; color: #fff; }
button:hover { text-decoration: underline; }
button:focus-visible, a:focus-visible { outline: 3px solid #c25e00; outline-offset: 2px; }
a { color: #1d5a3a; }
"""


class PageReply(NamedTuple):
    """`status` with `html`, or a 303 with `location`; `form_targets` are the origins the form may lead to."""

    status: int
    html: str = ""
    location: str | None = None
    form_targets: tuple[str, ...] = ()


def show(state: State, session_id: str, accept_language: str = "") -> PageReply:
    """GET: the form while the session is open, else a page that says why not."""
    with state.change():
        session = copy.deepcopy(state.objects["checkout.session"].get(session_id))
        items = copy.deepcopy(state.line_items.get(session_id, []))
    return _page(session, items, accept_language)


def submit(state: State, session_id: str, outcome: str, accept_language: str = "") -> PageReply:
    """POST of one outcome: does it if the session is still open, and sends the buyer on."""
    page = show(state, session_id, accept_language)
    if page.status != 200:
        return page
    with state.change():
        session = copy.deepcopy(state.objects["checkout.session"][session_id])
        items = copy.deepcopy(state.line_items[session_id])
        acted = outcome in ("pay", "fail", "pay_late") and state.attempt(session_id, outcome) == "open"
    if session["status"] != "open":
        return _page(session, items, accept_language)
    if acted and outcome != "fail":
        # "{CHECKOUT_SESSION_ID}": the template variable Stripe replaces in success_url.
        return PageReply(303, location=session["success_url"].replace("{CHECKOUT_SESSION_ID}", session_id))
    if outcome == "fail":
        return _page(session, items, accept_language, notice="declined")
    if outcome == "abandon" and session["cancel_url"]:
        return PageReply(303, location=session["cancel_url"].replace("{CHECKOUT_SESSION_ID}", session_id))
    if outcome == "abandon":
        return _page(session, items, accept_language, notice="no_return")
    return _page(session, items, accept_language, notice="bad_choice", status=400)


def press(state: State, session_id: str, outcome: str) -> PageReply:
    """`submit` for tests: an outcome or session that does not exist is a mistake of the caller."""
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome must be one of {', '.join(OUTCOMES)}")
    if session_id not in state.objects["checkout.session"]:
        raise StripeError(f"No such checkout.session: '{session_id}'", status=404, code="resource_missing")
    return submit(state, session_id, outcome)


def language(locale: str | None, accept_language: str) -> str:
    """The session's locale decides; "If blank or `auto`, the browser's locale is used." Dutch when "
    "nobody says."""
    wanted = locale if locale and locale != "auto" else accept_language.strip() or "nl"
    return "nl" if wanted.lower().startswith("nl") else "en"


def money(cents: int, lang: str) -> str:
    """123456 -> "€ 1.234,56" or "€1,234.56"."""
    plain = f"{cents // 100:,}.{cents % 100:02d}"
    return f"€\u00a0{plain.translate(str.maketrans(',.', '.,'))}" if lang == "nl" else f"€{plain}"


def _page(
    session: JSON | None, items: list[JSON], accept_language: str, *, notice: str = "", status: int = 200
) -> PageReply:
    lang = language(session["locale"] if session else None, accept_language)
    texts = _TEXTS[lang]
    if session is None:
        return PageReply(404, _message(lang, "unknown", None))
    if session["status"] == "expired":
        return PageReply(410, _message(lang, "expired", session["cancel_url"]))
    if session["status"] == "complete":
        done = "paid" if session["payment_status"] == "paid" else "processing"
        back = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
        return PageReply(200, _message(lang, done, back))
    alert = f'<p class="notice" role="alert">{escape(texts[notice])}</p>' if notice else ""
    rows = "".join(
        f'<tr><td>{escape(item["description"])}</td><td class="number">{item["quantity"]}</td>'
        f'<td class="number">{money(item["amount_total"], lang)}</td></tr>'
        for item in items
    )
    buttons = "".join(
        f'<button name="outcome" value="{outcome}"{" class=first" if outcome == "pay" else ""}>'
        f"<strong>{escape(texts[outcome])}</strong> {escape(texts[outcome + '_note'])}</button>"
        for outcome in ("pay", "pay_late", "fail", "abandon")
    )
    total = money(session["amount_total"], lang)
    body = f"""<h1>{escape(texts["title"])}: {total}</h1>
{alert}<p>{escape(texts["explain"])}</p>
<h2 id="items">{escape(texts["items"])}</h2>
<table aria-labelledby="items">
<thead><tr><th scope="col">{escape(texts["item"])}</th>
<th scope="col" class="number">{escape(texts["quantity"])}</th>
<th scope="col" class="number">{escape(texts["amount"])}</th></tr></thead>
<tbody>{rows}</tbody>
<tfoot><tr><th scope="row" colspan="2">{escape(texts["total"])}</th>
<td class="number">{total}</td></tr></tfoot>
</table>
<form method="post"><fieldset><legend>{escape(texts["choose"])}</legend>{buttons}</fieldset></form>"""
    targets = tuple(_origin(session[key]) for key in ("success_url", "cancel_url") if session[key])
    return PageReply(status, _document(lang, texts["title"], body), form_targets=targets)


def _message(lang: str, which: str, back: str | None) -> str:
    texts = _TEXTS[lang]
    link = f'<p><a href="{escape(back)}">{escape(texts["back"])}</a></p>' if back else ""
    title = texts[which + "_title"]
    return _document(lang, title, f"<h1>{escape(title)}</h1>\n<p>{escape(texts[which])}</p>\n{link}")


def _document(lang: str, title: str, body: str) -> str:
    banner = escape(_TEXTS[lang]["banner"])
    return f"""<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)} ({banner})</title>
<style>{_STYLE}</style>
</head>
<body>
<header><p class="demo">{banner}</p></header>
<main>
{body}
</main>
</body>
</html>
"""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
