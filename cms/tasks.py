"""Work the worker does for the house."""

from django.core.mail import EmailMessage
from django_tasks import task


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
