"""The road a draft takes: an editor sends it in, a reviewer asks for changes or approves, and approving publishes.

The group, what it may do with pages and the workflow are made together, once, when the group is first made. From then
on they are the administrator's: what somebody renames, takes away or adds in the admin is never undone by a migration.
"""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Workflow, WorkflowPage, WorkflowTask

REVIEWERS = "Reviewers"
#: What may be done with every page of the site. Editors may publish: a small office has nobody to wait for; where it
#: has, an administrator unticks it. Reviewers mend and publish what others wrote, and make no pages of their own.
PAGE_PERMISSIONS = {
    "Editors": ["add_page", "change_page", "publish_page"],
    REVIEWERS: ["change_page", "publish_page"],
}


def give_pages() -> None:
    """Give the working groups their permissions on the site's root. Twice changes nothing; without a root, nothing."""
    root = Page.get_first_root_node()
    if root is None:
        return
    for name, codenames in PAGE_PERMISSIONS.items():
        group = Group.objects.get(name=name)
        for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=codenames):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def make_workflow(reviewers: Group) -> Workflow:
    """One step, by this group, for what stands below every page that is reviewed below and has no workflow yet."""
    with override(settings.LANGUAGE_CODE):
        name = _("Review")
    workflow = Workflow.objects.create(name=name)
    task = GroupApprovalTask.objects.create(name=name)
    task.groups.add(reviewers)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for page in Page.objects.filter(workflowpage__isnull=True).specific():
        if getattr(page, "is_reviewed_below", False):
            WorkflowPage.objects.create(page=page, workflow=workflow)
    return workflow


def review_below(page: Page) -> None:
    """What stands below this new page goes past the reviewers, while there is an active workflow of theirs."""
    workflow = (
        Workflow.objects.active()
        .filter(workflow_tasks__task__groupapprovaltask__groups__name=REVIEWERS)
        .order_by("pk")
        .first()
    )
    if workflow is not None:
        WorkflowPage.objects.get_or_create(page_id=page.pk, defaults={"workflow": workflow})
