"""What an editor may preview of a page beside the page itself: in the other language, and on a decoupled front end."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.module_loading import import_string
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.models import Page, PreviewableMixin
from wagtail_localize.models import Translation

from cms.conf import configured, language_name, languages

#: Before the code of the language, in the name of a preview mode.
IN = "in-"
#: The preview mode that shows a page on the front end of somebody else's making (cms.headless.preview).
FRONT_END = "front-end"


def on_front_end() -> list[tuple[str, Any]]:
    """A preview mode for it, where the settings name one."""
    return [(FRONT_END, _("On the decoupled front end"))] if configured.FRONT_END_PREVIEW else []


def sent_to_front_end(page: Page, user: Any) -> HttpResponse:
    """Keep the page as it is being written, and go where the front end shows it."""
    # Named, not imported: models know nothing of the API.
    address: str = import_string("cms.headless.preview.kept_for_front_end")(page, user)
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def other_languages(page: Page) -> list[tuple[str, Any]]:
    """A preview mode for each language of the site but the page's own."""
    own = page.locale.language_code if page.locale_id else settings.LANGUAGE_CODE
    others = [(code, name) for code, name in languages() if code != own]
    return [(f"{IN}{code}", format_lazy(_("In {language}"), language=name)) for code, name in others]


def language_of(mode: str | None) -> str | None:
    """The language a preview mode asks for; None for a mode of the page itself."""
    code = (mode or "").removeprefix(IN)
    return code if mode == f"{IN}{code}" and code in dict(settings.LANGUAGES) else None


def in_language(page: Page, code: str, user: Any) -> PreviewableMixin:
    """The page in this language as it would now read: with the translations given so far, else its newest draft.

    Whoever may not read its drafts sees what is public. `Untold` when there is nothing to see.
    """
    twin = Page.objects.filter(translation_key=page.translation_key, locale__language_code=code, alias_of=None).first()
    if twin is None or page.pk is None:
        return Untold(page, code)
    rights = twin.permissions_for_user(user)
    if not (rights.can_edit() or rights.can_publish()):
        return twin.specific if twin.live else Untold(page, code)
    link = (
        Translation.objects.filter(source__object_id=twin.translation_key, target_locale=twin.locale_id, enabled=True)
        .select_related("source", "target_locale")
        .first()
    )
    if link is not None:
        return link.source.get_ephemeral_translated_instance(link.target_locale, fallback=True)
    return twin.get_latest_revision_as_object()


class Untold(PreviewableMixin):
    """In place of a page that is not there: what is missing, and where it is to be had."""

    def __init__(self, page: Page, code: str) -> None:
        self.page = page
        self.code = code

    def get_full_url(self) -> str | None:
        url: str | None = self.page.get_full_url()
        return url

    full_url = property(get_full_url)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        with override(self.page.locale.language_code if self.page.locale_id else settings.LANGUAGE_CODE):
            context = {"told": self.page, "language": language_name(self.code)}
            return TemplateResponse(request, "cms/preview_untold.html", context).render()
