"""Gives the working groups just the permissions the installed plugins name for them."""

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions

from cms.plugins import installed_plugins


def grant_groups(**kwargs: Any) -> None:
    """After migrating: create each group and add the permissions the plugins ask. Never takes a permission away.

    With the reviewers come, once, the permissions on pages and the workflow (cms.review).
    Raises LookupError for a permission that does not exist, so that a misspelt one is noticed at once.
    """
    using = kwargs.get("using", "default")
    # Models may be imported only once all apps are loaded; this module is imported before.
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415

    from cms import review  # noqa: PLC0415

    wanted: dict[str, set[str]] = defaultdict(set)
    for plugin in installed_plugins():
        for name, asked in plugin.groups.items():
            wanted[name].update(asked)
    for config in apps.get_app_configs():  # post_migrate reaches us before it reaches django.contrib.auth
        create_permissions(config, verbosity=0, using=using)
    known = {
        f"{label}.{codename}": pk
        for pk, label, codename in Permission.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    reviewers = None
    for name, permissions in wanted.items():
        unknown = permissions - known.keys()
        if unknown and kwargs.get("plan"):  # emptying a database also takes what migrations had put in it: not wrong
            raise LookupError(f"The group {name} asks permissions nobody defines: {', '.join(sorted(unknown))}")
        group, is_new = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*(known[permission] for permission in permissions - unknown))
        if is_new and name == review.REVIEWERS:
            reviewers = group
    if reviewers is not None:
        review.give_pages()
        review.make_workflow(reviewers)
