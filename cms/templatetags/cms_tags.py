"""Template tags of the house: menu, language switch, plugin slots, money and dates as people write them."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Locale, Page, Site

from cms import conf, linked, share
from cms.models.pages import BasePage
from cms.navigation import footer_pages, menu_pages
from cms.plugins import slot_functions
from cms.translations import LanguageLink, language_links

register = template.Library()

#: As Open Graph names them: a language and where it is read.
LOCALES = {"nl": "nl_BE", "en": "en_GB"}


@register.simple_tag(takes_context=True)
def slot(context: RequestContext, name: str) -> SafeString:
    """What the installed plugins put in this place of the page."""
    known: dict[str, Any] = {str(key): value for key, value in context.flatten().items()}
    # Each function returns HTML rendered by a template of its plugin.
    return mark_safe("".join(function(known) for function in slot_functions(name)))  # noqa: S308


@register.simple_tag(takes_context=True)
def languages(context: RequestContext) -> list[LanguageLink]:
    """The language switch of this page."""
    page = context.get("page") or context.get("self")
    request: HttpRequest = context["request"]
    return language_links(request, page if isinstance(page, Page) else None)


@register.simple_tag
def public_url() -> str:
    """Scheme and host of the site, without a slash at the end."""
    return str(settings.WAGTAILADMIN_BASE_URL)


@register.simple_tag(takes_context=True)
def home(context: RequestContext) -> Page | None:
    """The home page in the active language."""
    site = Site.find_for_request(context["request"])
    return site.root_page.localized if site else None


@register.simple_tag(takes_context=True)
def main_menu(context: RequestContext) -> list[dict[str, Any]]:
    """[{"title", "url", "is_current"}] of the pages an editor put in the menu, in the active language."""
    request: HttpRequest = context["request"]
    site = Site.find_for_request(request)
    locale = Locale.objects.filter(language_code=get_language()).first()
    if site is None or locale is None:
        return []
    root = site.root_page.localized
    page = context.get("page")
    here = page.path if isinstance(page, Page) and page.path else ""
    return [
        {"title": item.title, "url": item.get_url(request), "is_current": here.startswith(item.path)}
        for item in menu_pages(root)
    ]


@register.simple_tag(takes_context=True)
def footer_links(context: RequestContext) -> list[dict[str, str]]:
    """[{"title", "url"}] of the pages an editor put in the footer: terms, privacy, accessibility."""
    site = Site.find_for_request(context["request"])
    if site is None:
        return []
    pages = footer_pages(site.root_page.localized)
    return [{"title": page.title, "url": page.get_url(context["request"])} for page in pages]


@register.simple_tag(takes_context=True)
def linked_data(context: RequestContext) -> SafeString:
    """The block of JSON-LD of a page that stands on the site; nothing for anything else."""
    page = context.get("page")
    if not isinstance(page, BasePage) or not page.live:
        return mark_safe("")
    at = context.get("at") or timezone.now()
    return linked.script(linked.graph(page, context["organiser"], at=at))


@register.inclusion_tag("cms/includes/sharing.html", takes_context=True)
def sharing(context: RequestContext) -> dict[str, Any]:
    """How a page that stands on the site is shown where somebody shares it; nothing for anything else."""
    page = context.get("page")
    if not isinstance(page, BasePage) or not page.live:
        return {}
    told = {code: LOCALES.get(code, code) for code, _name in settings.LANGUAGES}
    others = [told[link.code] for link in context["switch"] if link.is_translated and not link.is_current]
    return {
        "page": page,
        "picture": share.picture(page),
        "kind": page.shared_as,
        "locale": told[page.locale.language_code],
        "others": others,
    }


@register.filter
def language_name(code: str) -> str:
    """What the reader calls this language."""
    return str(conf.language_name(code))


@register.filter
def money(amount: Decimal | None, currency: str = "EUR") -> str:
    """ "€ 95,00" and "€ -95,00" in Dutch, "€95.00" and "-€95.00" in English, with a space that does not break."""
    if amount is None:
        return ""
    # Rounded as an invoice is; the formatter cuts off what is more than two decimals.
    amount = Decimal(amount).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    figure = number_format(abs(amount), decimal_pos=2, use_l10n=True, force_grouping=True)
    sign, minus = "€" if currency == "EUR" else currency, "-" if amount < 0 else ""
    return f"{sign}\u00a0{minus}{figure}" if get_language() == "nl" or sign != "€" else f"{minus}{sign}{figure}"


@register.filter
def number(value: Decimal | None) -> str:
    """A figure with no more decimals than it has."""
    if value is None:
        return ""
    plain = value.normalize()
    decimals = max(0, -int(plain.as_tuple().exponent))
    return number_format(plain, decimal_pos=decimals, use_l10n=True, force_grouping=True)


@register.filter
def long_date(moment: datetime | None) -> str:
    """ "donderdag 14 januari 2027" / "Thursday 14 January 2027"."""
    return date_format(timezone.localtime(moment), "l j F Y") if moment else ""


@register.filter
def short_date(moment: datetime | None) -> str:
    """ "14 jan" / "14 Jan", for the line of stops."""
    if not moment:
        return ""
    # Dutch writes its months small; Django's "M" capitalises them.
    return date_format(timezone.localtime(moment), "j b" if get_language() == "nl" else "j M").rstrip(".")


@register.filter
def clock(moment: datetime | None) -> str:
    """ "13.30 uur" in Dutch, "13:30" in English."""
    if not moment:
        return ""
    local = timezone.localtime(moment)
    return f"{local:%H.%M} uur" if get_language() == "nl" else f"{local:%H:%M}"


@register.filter
def brief(moment: date | None) -> str:
    """ "14 jan 2027, 13.30 uur" / "14 Jan 2027, 13:30", on the clock of the Tour; a day alone has no time."""
    if not moment:
        return ""
    local = timezone.localtime(moment, timezone.get_default_timezone()) if isinstance(moment, datetime) else moment
    day = date_format(local, "j b Y" if get_language() == "nl" else "j M Y")
    if not isinstance(local, datetime):
        return day
    return f"{day}, {local:%H.%M} uur" if get_language() == "nl" else f"{day}, {local:%H:%M}"


@register.filter
def month(day: date | None) -> str:
    """ "januari 2027" / "January 2027"."""
    return date_format(day, "F Y").lower() if day and get_language() == "nl" else date_format(day, "F Y") if day else ""


@register.filter
def moment(value: datetime | None) -> SafeString:
    """Date and time in words, in a <time> element a machine can read."""
    if not value:
        return mark_safe("")
    text = f"{long_date(value)}, {clock(value)}"
    return format_html('<time datetime="{}">{}</time>', timezone.localtime(value).isoformat(), text)
