"""Ask a host whether a visit report may be public, and keep its answer."""

from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task
from wagtail.log_actions import log

from cases.models import CasePage, HostSignOff
from cases.obstacles import obstacles
from cases.refusals import AnsweredBefore, NoReport, NoteMissing, NotReadyToAsk, QuestionEnded
from cases.substance import digest_of, digests_of, original_of
from cms.actions.publishing import tell
from cms.models import Organisation, OrganiserSettings
from cms.templatetags.cms_tags import long_date

#: How it stands in the history of a page; said in words in cases.wagtail_hooks.
ASKED, AGREED, REFUSED = "cases.host.asked", "cases.host.agreed", "cases.host.refused"


@transaction.atomic
def ask_host(
    *, case: CasePage, organisation: Organisation, email: str, language: str, by: Any, at: datetime
) -> HostSignOff:
    """Ask this organisation about the newest draft, by a link that is mailed after the commit. Earlier questions about
    the case end. Raises NoReport and NotReadyToAsk.

    Of a translation that is kept in step the text it is translated from is asked about: that is what it rests on.
    The draft is kept as a revision of its own: Wagtail's autosave goes on writing in the one an editor has open.
    """
    case = CasePage.objects.select_for_update(of=("self",)).get(pk=original_of(case).pk)
    draft: CasePage = case.get_latest_revision_as_object()
    if draft.kind != CasePage.Kind.VISIT_REPORT:
        raise NoReport
    if missing := obstacles(draft):
        raise NotReadyToAsk(missing)
    revision = draft.save_revision(user=by, changed=False)
    sign_off = HostSignOff.objects.create(
        translation_key=draft.translation_key,
        revision=revision,
        content_digest=digest_of(revision.as_object()),
        organisation=organisation,
        email=email,
        language=language,
        asked_at=at,
        asked_by=by,
    )
    log(instance=draft, action=ASKED, user=by, revision=revision, data={"organisation": str(organisation)})
    transaction.on_commit(partial(mail_question.enqueue, sign_off.pk), robust=True)
    return sign_off


def shown(sign_off: HostSignOff) -> CasePage | None:
    """The draft the host was asked about; None when it is gone, or is not the same text any more."""
    if sign_off.revision is None or sign_off.revision.content_object is None:
        return None
    draft: CasePage = sign_off.revision.as_object()
    return draft if sign_off.content_digest in digests_of([draft])[0] else None


def is_open(sign_off: HostSignOff, *, at: datetime) -> bool:
    """It can be answered, as long as there is something to show: not answered, not too old, and the last one asked."""
    newer = HostSignOff.objects.filter(translation_key=sign_off.translation_key, pk__gt=sign_off.pk)
    return not sign_off.answer and at < sign_off.ends_at and not newer.exists()


@transaction.atomic
def answer_for_host(*, sign_off: HostSignOff, answer: str, name: str, note: str, at: datetime) -> HostSignOff:
    """Keep what the host said, once, and tell whoever asked. `name` is who says so, not empty.

    Raises AnsweredBefore, QuestionEnded, and NoteMissing for a request to change nothing.
    """
    sign_off = HostSignOff.objects.select_for_update(of=("self",)).get(pk=sign_off.pk)
    if sign_off.answer:
        raise AnsweredBefore
    case = shown(sign_off)
    if case is None or not is_open(sign_off, at=at):
        raise QuestionEnded
    if answer == HostSignOff.Answer.REFUSED and not note:
        raise NoteMissing
    sign_off.answer, sign_off.name, sign_off.note, sign_off.answered_at = answer, name, note, at
    sign_off.save(update_fields=["answer", "name", "note", "answered_at"])
    is_agreed = answer == HostSignOff.Answer.AGREED
    data = {"organisation": str(sign_off.organisation), "name": name, "note": note}
    log(instance=case, action=AGREED if is_agreed else REFUSED, revision=sign_off.revision, data=data)
    people = {pk for pk in (sign_off.asked_by_id, case.owner_id) if pk}
    tell(people, partial(_answer_told, sign_off, case))
    return sign_off


def _answer_told(sign_off: HostSignOff, case: CasePage) -> tuple[str, list[str]]:
    facts = {"title": case.title, "name": sign_off.name, "organisation": sign_off.organisation}
    if sign_off.answer == HostSignOff.Answer.AGREED:
        said = _("%(name)s (%(organisation)s) agrees to “%(title)s” as it was shown. It can go live.") % facts
    else:
        said = _("%(name)s (%(organisation)s) asks for a change of “%(title)s”.") % facts
    url = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('wagtailadmin_pages:edit', args=[case.pk])}"
    return _("Answer of the host: %(title)s") % facts, [said, *([sign_off.note] if sign_off.note else []), url]


def url_of(sign_off: HostSignOff) -> str:
    """The host's own page, absolute, in the host's language."""
    with override(sign_off.language):
        return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('cases:host', args=[sign_off.token])}"


@task()
def mail_question(sign_off_pk: int) -> None:
    """Mail one question. When the mail server does not take it, the duty tries again."""
    send_question(sign_off_pk, at=timezone.now())


@transaction.atomic
def send_question(sign_off_pk: int, *, at: datetime) -> bool:
    """Mail the question unless it was mailed, is being mailed, or has ended. Raises what the mail server raises."""
    sign_off = (
        HostSignOff.objects.to_mail(at)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("organisation")
        .filter(pk=sign_off_pk)
        .first()
    )
    if sign_off is None or (case := shown(sign_off)) is None or not is_open(sign_off, at=at):
        return False
    organiser = OrganiserSettings.load()
    with override(sign_off.language):
        paragraphs = [
            _("Dear host,"),
            _("We wrote a report of the visit to %(organisation)s: “%(title)s”.")
            % {"organisation": sign_off.organisation, "title": case.title},
            _(
                "It becomes public once you agree. Read it with the link below, and say there whether you agree or "
                "what should change. You need no login."
            ),
            url_of(sign_off),
            _("The link works until %(day)s, and shows nothing but this report. Whoever has it can answer for you.")
            % {"day": long_date(sign_off.ends_at)},
            f"--\n{organiser.name}\n{organiser.email}",
        ]
        subject = _("May we publish this? %(title)s") % {"title": case.title}
    EmailMessage(
        subject=" ".join(subject.split()),
        body="\n\n".join(paragraphs) + "\n",
        to=[sign_off.email],
        reply_to=[organiser.email],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": sign_off.language},
    ).send()
    sign_off.mailed_at = at
    sign_off.save(update_fields=["mailed_at"])
    return True
