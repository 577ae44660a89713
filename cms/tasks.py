"""Work the worker does for the house."""

from functools import partial
from typing import Any

from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from wagtail.models import Page
from wagtail_localize.models import TranslationSource, cleanup_translation_on_delete

from cms.actions.delivering import bring
from cms.actions.demo import load_demo
from cms.actions.following import follow, is_carrying
from cms.actions.links import note_answer
from cms.conf import configured
from cms.links.knocking import knock
from cms.models import OutsideAddress


@task()
def mail(to: str, subject: str, text: str, language: str) -> None:
    """Send a plain mail to one colleague about something that can be read in the admin as well.

    It is not sent again: what it tells does not depend on it.
    """
    EmailMessage(
        subject=" ".join(subject.split()),
        body=text,
        to=[to],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": language},
    ).send()


@task()
def follow_later(page_id: int) -> None:
    """What the publishing of a page asks of its translations; nothing when the page is gone meanwhile."""
    page = Page.objects.filter(pk=page_id).first()
    if page is not None:
        follow(page=page)


@task()
def load_demo_content() -> None:
    """What the control panel's button asks for; refused where the settings allow none."""
    try:
        load_demo(at=timezone.now())
    finally:  # what was loaded before something failed is found all the same
        call_command("update_index", verbosity=0)


@task()
def try_address(pk: int) -> None:
    """Ask an address that was claimed for this whether it is still there, and keep the answer. Once, whatever comes."""
    address = OutsideAddress.objects.filter(pk=pk).first()
    if address is not None and configured.FOLLOW_LINKS:
        note_answer(pk=pk, answer=knock(address.url), at=timezone.now())


@task()
def bring_webhook(pk: int) -> None:
    """Try to bring a webhook to who wants it, when it is due and nobody else is at it."""
    bring(pk=pk, at=timezone.now())


def on_publish(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Wagtail's own signal page_published: whichever way it came about."""
    if not is_carrying():
        transaction.on_commit(partial(follow_later.enqueue, instance.pk), robust=True)


def on_delete(instance: Page, **_kwargs: Any) -> None:
    """A page of the first language takes its translated texts along; those of a deleted translation are kept.

    Translating the page again begins with them. wagtail-localize would delete both, or neither.
    """
    if TranslationSource.objects.filter(object_id=instance.translation_key, locale=instance.locale_id).exists():
        cleanup_translation_on_delete(instance)
