"""wagtail-localize's views, where ours answer in its place: at the same addresses, with the guards it lacks."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin.views.pages.utils import get_valid_next_url_from_request
from wagtail.models import Page
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.views import edit_translation as plugin
from wagtail_localize.views.submit_translations import SubmitPageTranslationView
from wagtail_localize.views.update_translations import UpdateTranslationsForm, UpdateTranslationsView

from cms.actions.following import refresh_source
from cms.actions.po_files import MOST_BYTES, take_in
from cms.actions.translating import (
    TranslationRefused,
    publish_translation,
    start_again,
    stop_translation,
    submit_translation,
)
from cms.machine import FAILURES
from cms.untranslated import LeftUntranslated


def _theirs(request: HttpRequest, translation_id: int) -> tuple[Translation, Page]:
    """The translation and its page. Raises Http404, and PermissionDenied for who may not edit the page."""
    translation = get_object_or_404(Translation.objects.select_related("source", "target_locale"), pk=translation_id)
    page = translation.get_target_instance()
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return translation, page


def _back(request: HttpRequest, page: Page) -> HttpResponse:
    return redirect(get_valid_next_url_from_request(request) or reverse("wagtailadmin_pages:edit", args=[page.pk]))


def _told(request: HttpRequest, deed: Callable[[], Page | None], done: str) -> None:
    """Do it, and say that it is done or why it is not. `done` may name the page as it is then."""
    try:
        page = deed()
    except (TranslationRefused, LeftUntranslated) as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, done % {"page": page.get_admin_display_title()} if page else done)


def on_edit(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before the editor of a translation answers: publishing it, and starting a stopped one again, are our deeds.

    The hook comes after Wagtail asked whether this person may edit the page.
    """
    if request.method != "POST":
        return None
    link = (
        Translation.objects.filter(source__object_id=page.translation_key, target_locale_id=page.locale_id)
        .select_related("source", "target_locale")
        .first()
    )
    if link is None:
        return None
    if "localize-convert-to-alias" in request.POST:
        return convert_to_alias(request, page.pk)
    if link.enabled and request.POST.get("action") == "publish":
        if not page.permissions_for_user(request.user).can_publish():
            raise PermissionDenied
        _told(
            request,
            lambda: publish_translation(translation=link, by=request.user),
            _("“%(page)s” is published."),
        )
        return redirect(request.path)
    if not link.enabled and "localize-restart-translation" in request.POST:
        _told(
            request,
            lambda: start_again(translation=link, by=request.user),
            _("The page is kept in step with its first language again. The texts written here are its translations."),
        )
        return redirect(request.path)
    return None


@require_POST
def submit(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Send the translation to be reviewed."""
    translation, page = _theirs(request, translation_id)
    _told(
        request,
        lambda: submit_translation(translation=translation, by=request.user),
        _("“%(page)s” is sent to be reviewed."),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@require_POST
def stop(request: HttpRequest, translation_id: int) -> HttpResponse:
    translation, page = _theirs(request, translation_id)
    _told(
        request,
        lambda: stop_translation(translation=translation, by=request.user),
        _("The page is edited by itself from now on, beginning with the texts translated so far."),
    )
    return _back(request, page)


def convert_to_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """Refused: an alias shows the first language's texts at the address of the second."""
    page = get_object_or_404(Page, pk=page_id)
    messages.error(
        request,
        _(
            "This page is not turned into an alias: readers of one language would find the other one. Unpublish it, "
            "and they read in their own language that it is not translated."
        ),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@require_POST
def upload(request: HttpRequest, translation_id: int) -> HttpResponse:
    """A PO file comes in. What is wrong with it is said; what was translated before stays."""
    translation, page = _theirs(request, translation_id)
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("Choose the PO file first."))
        return _back(request, page)
    try:
        # One byte more than is taken: enough to know that it is too large.
        result = take_in(translation=translation, content=file.read(MOST_BYTES + 1), by=request.user)
    except TranslationRefused as refusal:
        messages.error(request, refusal.text)
        return _back(request, page)
    messages.success(
        request,
        ngettext("%(count)s text taken from the file.", "%(count)s texts taken from the file.", result.taken)
        % {"count": result.taken},
    )
    for count, text in (
        (result.unknown, _("Not on the page any more, and left out: %(count)s.")),
        (result.fuzzy, _("Marked as uncertain (fuzzy), and left out: %(count)s.")),
        (result.kept, _("Changed here after the file was exported, and kept as they are here: %(count)s.")),
    ):
        if count:
            messages.warning(request, text % {"count": count})
    return _back(request, page)


@require_POST
def machine_translate(request: HttpRequest, translation_id: int) -> HttpResponse:
    _translation, page = _theirs(request, translation_id)
    try:
        return plugin.machine_translate(request, translation_id)
    except FAILURES:
        messages.error(request, _machine_failed())
        return _back(request, page)


def _machine_failed() -> str:
    return _("%(name)s did not translate: it could not be reached, or refused. Nothing was changed.") % {
        "name": get_machine_translator().display_name
    }


class SubmitPageView(SubmitPageTranslationView):
    """Begins from the page as it is now, where wagtail-localize would take the source of an earlier translation."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        source = TranslationSource.objects.get_for_instance_or_none(self.object)
        if source is None and not self.object.live:
            TranslationSource.update_or_create_from_instance(self.object.get_latest_revision_as_object())
        elif source is not None:
            refresh_source(source=source)
        return super().form_valid(form)


class UpdateView(UpdateTranslationsView):
    """Takes the page anew by hand. Publishes only what is translated."""

    def get_form(self) -> UpdateTranslationsForm:
        form = super().get_form()
        form.fields["publish_translations"].help_text = _(
            "Only translations that lack no text are published; the others stay as they are until somebody translates "
            "what is new."
        )
        return form

    def form_valid(self, form: UpdateTranslationsForm) -> HttpResponseBase:
        try:
            links = self._renew(form)
        except FAILURES:
            messages.error(self.request, _machine_failed())
            return redirect(self.request.get_full_path())
        if form.cleaned_data["publish_translations"]:
            for link in links:
                if link.get_target_instance().permissions_for_user(self.request.user).can_publish():
                    self._publish(link)
        messages.success(self.request, self.get_success_message())
        return redirect(self.get_success_url() or self.get_default_success_url())

    @transaction.atomic
    def _renew(self, form: UpdateTranslationsForm) -> list[Translation]:
        refresh_source(source=self.object)
        links = list(self.object.translations.filter(enabled=True).select_related("source", "target_locale"))
        for link in links:
            if form.cleaned_data.get("use_machine_translation"):
                plugin.apply_machine_translation(link.pk, self.request.user, get_machine_translator())
            link.source.update_target_view_restrictions(link.target_locale)
        self.components.save(self.object, sources_and_translations={self.object: links})
        return links

    def _publish(self, link: Translation) -> None:
        try:
            publish_translation(translation=link, by=self.request.user)
        except (TranslationRefused, LeftUntranslated) as refusal:
            messages.error(self.request, refusal.text)
