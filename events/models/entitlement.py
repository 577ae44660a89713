"""Why a registration has the price it has, and who has to say yes to it before it goes on."""

from datetime import datetime
from itertools import takewhile

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.membership import Membership
from events.models.registration import ByRightOf, Registration
from events.words import forgotten, is_nobody

_signer = signing.Signer(salt="events.approval", sep=".")


class EntitlementQuerySet(models.QuerySet["Entitlement"]):
    def current(self) -> "EntitlementQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class Entitlement(models.Model):
    """Why a registration has a scheme's price: whose membership, proven how. Evidence: withdrawn, never rewritten."""

    class Proof(models.TextChoices):
        CODE = "code", _("Organisation code")
        MAILBOX = "mailbox", _("Confirmed mailbox")
        DECISION = "decision", _("Organiser's decision")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="entitlements")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="entitlements")
    proof = models.CharField(_("proof"), max_length=10, choices=Proof)
    evidence = models.CharField(_("evidence"), max_length=250, help_text=_("The code or domain as it was then."))
    claimed_at = models.DateTimeField(_("claimed at"))
    proven_at = models.DateTimeField(_("proven at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_why = models.CharField(_("reason of withdrawal"), max_length=250, blank=True)

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("entitlement")
        verbose_name_plural = _("entitlements")
        ordering = ["claimed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(withdrawn_at__isnull=True), name="entitlement_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership} ({self.get_proof_display()})"

    @property
    def in_words(self) -> ByRightOf:
        """Whose membership, of what, proven how."""
        organisation, scheme = self.membership.organisation.name, self.membership.scheme.name
        return ByRightOf(organisation, scheme, str(self.get_proof_display()), self.evidence)


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def open(self) -> "ApprovalQuerySet":
        return self.filter(answer="")

    def for_organiser(self) -> "ApprovalQuerySet":
        """A registration waits for the organiser's yes."""
        return self.open().filter(
            asked=Approval.Asked.ORGANISER, registration__status=Registration.Status.AWAITING_APPROVAL
        )


class Approval(models.Model):
    """Somebody has to say yes: the registrant's own approver, or the organiser. Its answer is given once."""

    class Asked(models.TextChoices):
        APPROVER = "approver", _("Approver of the registrant")
        ORGANISER = "organiser", _("Organiser")

    class Answer(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    class Reason(models.TextChoices):
        """Why the organiser is asked of this one, when not of every registration."""

        QUOTA = "quota", _("beyond the quota")
        VETO = "veto", _("the host would rather not receive them")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="approvals")
    asked = models.CharField(_("asked"), max_length=10, choices=Asked)
    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: Seen by the organiser alone: the reasons it is asked for, as words of Reason, then what was noted at the answer.
    private_note = models.CharField(_("private note"), max_length=250, blank=True)
    #: What the approver wrote to the requester.
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "asked"], name="approval_asked_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="approval_answer_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(asked="approver") | ~Q(email=""), name="approval_approver_can_be_written_to"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_asked_display()}: {self.get_answer_display() or '?'}"

    @property
    def reasons(self) -> list[Reason]:
        return [self.Reason(word) for word in takewhile(self.Reason.values.__contains__, self.private_note.split())]

    @property
    def note(self) -> str:
        """What was noted at the answer."""
        return " ".join(self.private_note.split()[len(self.reasons) :])

    @property
    def is_for_quota_alone(self) -> bool:
        """A no is to the seats beyond the quota, and to nothing else."""
        return self.reasons == [self.Reason.QUOTA] and not self.registration.event.requires_approval

    @property
    def token(self) -> str:
        """Stands in the approver's mail alone: whoever has it may answer."""
        return _signer.sign(str(self.pk))

    @classmethod
    def pk_in(cls, token: str) -> int | None:
        """Which approval a token names, None when the token is not ours."""
        try:
            return int(_signer.unsign(token))
        except (signing.BadSignature, ValueError):
            return None

    @property
    def addressee(self) -> str:
        """Whom we asked, as whoever gave the address knows them; empty for the organiser."""
        if self.is_forgotten:
            return forgotten()
        return f"{self.name} ({self.email})" if self.name != self.email else self.email

    @property
    def is_forgotten(self) -> bool:
        """Who was asked is not known any more."""
        return is_nobody(self.email)

    def answer_by(self) -> datetime | None:
        """Until when an answer counts: the end of the hold."""
        return self.registration.hold_expires_at
