"""A page's translations over HTTP: making one, reading its texts side by side, giving them."""

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema
from ninja import Status as Answer
from pydantic import Field
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation

from cms.actions.page_drafts import refuse_locked
from cms.actions.starting_translation import TextsRefused, give_texts, start_translation
from cms.api import Problem, Strict, refuse_unknown_parameters
from cms.headless.access import needs, with_token
from cms.headless.desk import kept_in_step, locked_page, page_at_desk
from cms.headless.drafts import REFUSALS, edit_url, refusals_told
from cms.headless.field_input import error, unstorable
from cms.headless.pages import pages as router
from cms.headless.shapes import ProblemOut
from cms.models.api_tokens import Scope
from cms.untranslated import field_label

MOST_LETTERS = 20_000


class TranslateIn(Strict):
    #: The language to make it in: "en".
    locale: str


class TranslationMadeOut(Schema):
    id: int
    locale: str
    title: str
    live: bool
    #: Where a person translates it in the admin.
    edit_url: str
    #: Where a program does.
    texts_url: str


class TextOut(Schema):
    id: int
    #: Where it stands on the page, in words.
    field: str
    source: str
    #: Empty while it is not translated.
    translation: str
    #: The translation cannot be used as it is.
    has_error: bool


class TextsOut(Schema):
    source_locale: str
    locale: str
    untranslated: int
    items: list[TextOut]


class TextsIn(Strict):
    #: The number of a text -> its translation, empty to take it away. Those left out stay.
    texts: dict[int, str] = Field(min_length=1, max_length=1_000)


@router.post(
    "/{int:page_id}/translations/",
    auth=with_token,
    response={201: TranslationMadeOut, **REFUSALS, **dict.fromkeys((409, 422), ProblemOut)},
    url_name="page_translations",
    operation_id="translate_page",
    summary="Make the page in another language, as a draft that is kept in step",
)
def translate(request: HttpRequest, response: HttpResponse, page_id: int, body: TranslateIn) -> Any:
    refuse_unknown_parameters(request, ())
    reader = needs(request, Scope.WRITE)
    locale = (
        Locale.objects.filter(language_code=body.locale).first() if body.locale in dict(settings.LANGUAGES) else None
    )
    if locale is None:
        text = _("Choose one of these: %(choices)s.") % {"choices": ", ".join(dict(settings.LANGUAGES))}
        raise Problem(422, text, [error(("body", "locale"), text, "unknown_locale")])
    with refusals_told(), locked_page(reader, request, page_id) as page:
        made = start_translation(page=page, locale=locale, by=reader.user)
    response["Cache-Control"] = "no-store"
    return Answer(
        201,
        {
            "id": made.pk,
            "locale": locale.language_code,
            "title": made.title,
            "live": made.live,
            "edit_url": edit_url(made),
            "texts_url": f"/api/v1/pages/{made.pk}/texts/",
        },
    )


@router.get(
    "/{int:page_id}/texts/",
    response={200: TextsOut, **REFUSALS, 409: ProblemOut},
    url_name="page_texts",
    operation_id="read_texts",
    summary="The texts of a translation beside those of the first language",
)
def read_texts(request: HttpRequest, response: HttpResponse, page_id: int) -> Any:
    refuse_unknown_parameters(request, ())
    reader = needs(request, Scope.DRAFTS)
    page = page_at_desk(reader, request, page_id)
    response["Cache-Control"] = "no-store"
    return texts_out(_link_of(page))


@router.patch(
    "/{int:page_id}/texts/",
    auth=with_token,
    response={200: TextsOut, **REFUSALS, **dict.fromkeys((409, 422, 423), ProblemOut)},
    url_name="page_texts",
    operation_id="give_texts",
    summary="Give texts of a translation; publishing it is a step of the workflow",
)
def change_texts(request: HttpRequest, response: HttpResponse, page_id: int, body: TextsIn) -> Any:
    refuse_unknown_parameters(request, ())
    reader = needs(request, Scope.WRITE, Scope.DRAFTS)
    if errors := list(unstorable({str(pk): text for pk, text in body.texts.items()}, ("body", "texts"))):
        raise Problem(422, _("The request has errors."), errors)
    if long := [pk for pk, text in body.texts.items() if len(text) > MOST_LETTERS]:
        message = _("Use at most %(max)s characters.") % {"max": MOST_LETTERS}
        raise Problem(
            422, _("The request has errors."), [error(("body", "texts", str(pk)), message, "too_long") for pk in long]
        )
    with refusals_told(), locked_page(reader, request, page_id) as page:
        link = _link_of(page)
        if not page.permissions_for_user(reader.user).can_edit():
            raise Problem(403, _("You may not change this page."), kind="not_permitted")
        refuse_locked(page=page, by=reader.user)
        try:
            give_texts(translation=link, texts=body.texts, by=reader.user)
        except TextsRefused as refusal:
            errors = [error(("body", "texts", str(pk)), text, "text") for pk, text in refusal.problems.items()]
            raise Problem(422, _("The request has errors."), errors) from refusal
    response["Cache-Control"] = "no-store"
    return texts_out(link)


def _link_of(page: Page) -> Translation:
    link = kept_in_step(page)
    if link is None:
        raise Problem(
            409, _("This page is not kept in step with another one: change its draft."), kind="no_translation"
        )
    return link


def texts_out(link: Translation) -> dict[str, Any]:
    """All the texts of the stored source, in the order of the page. One query, and two for the languages."""
    model = link.source.specific_content_type.model_class()
    wrong = StringTranslation.objects.filter(
        translation_of=OuterRef("string"), context=OuterRef("context"), locale=link.target_locale, has_error=True
    )
    segments = (
        link.source.stringsegment_set.annotate_translation(link.target_locale, include_errors=True)
        .annotate(is_wrong=Exists(wrong))
        .select_related("string", "context")
        .order_by("order")
    )
    items = [
        {
            "id": one.pk,
            "field": field_label(model, one.context.path),
            "source": one.string.data,
            "translation": one.translation or "",
            "has_error": one.is_wrong,
        }
        for one in segments
    ]
    return {
        "source_locale": link.source.locale.language_code,
        "locale": link.target_locale.language_code,
        "untranslated": sum(1 for item in items if not item["translation"] or item["has_error"]),
        "items": items,
    }
