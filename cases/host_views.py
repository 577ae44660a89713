"""The host's own page: the draft of one visit report, and a yes or what should change. GET asks, POST answers."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.actions import signing
from cases.models import HostSignOff
from cases.refusals import NoteMissing, Refusal
from cms.translations import NAMES


class AnswerForm(forms.Form):
    """A name always; what should change when something should."""

    name = forms.CharField(
        label=_("Your name and function"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Say who answers for the host.")},
    )
    note = forms.CharField(
        label=_("What should change"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    answer = forms.ChoiceField(choices=HostSignOff.Answer, error_messages={"required": _("Choose one of the two.")})


@never_cache
@require_http_methods(["GET", "POST"])
def host(request: HttpRequest, token: str) -> HttpResponse:
    """Shows the very text that was asked about, and no other draft: after it ended, none at all."""
    response = _host(request, token)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _host(request: HttpRequest, token: str) -> HttpResponse:
    at = timezone.now()
    key = HostSignOff.key_in(token)
    asked = HostSignOff.objects.select_related("revision", "organisation").filter(key=key).first() if key else None
    if asked is None:
        return render(request, "cases/host_ended.html", {"is_unknown": True}, status=404)
    form = AnswerForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            asked = signing.answer_for_host(sign_off=asked, **form.cleaned_data, at=at)
        except NoteMissing as refusal:
            form.add_error("note", refusal.text())
        except Refusal:
            asked.refresh_from_db()
            status = 409
    # After the answer, the host may go on reading what it answered about, until the link ends.
    case = signing.shown(asked) if at < asked.ends_at else None
    is_open = case is not None and signing.is_open(asked, at=at)
    if not asked.answer and not is_open:
        return render(request, "cases/host_ended.html", {"asked": asked}, status=410)
    if form.is_bound and form.errors and is_open:
        status = 422
    return render(request, "cases/host.html", _context(request, asked, case, form, is_open), status=status)


def _context(request: HttpRequest, asked: HostSignOff, case: Any, form: AnswerForm, is_open: bool) -> dict[str, Any]:
    other = "en" if get_language() == "nl" else "nl"
    return {
        "asked": asked,
        "page": case,
        "form": form,
        "is_open": is_open,
        "errors": [
            (form[name].id_for_label if name in form.fields else "", message)
            for name, messages in form.errors.items()
            for message in messages
        ],
        "other_code": other,
        "other_name": NAMES[other],
        "other_url": translate_url(request.get_full_path(), other),
    }
