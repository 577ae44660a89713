"""What becomes of the links that lead outside: a page's are noted, an address is tried, its answer is kept."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page

from cms.links.found import links_in
from cms.links.knocking import Answer, Sort
from cms.models.links import RESPITE, OutsideAddress, OutsideLink, PageReading

Verdict = OutsideAddress.Verdict


@transaction.atomic
def read_links(*, page: Page, at: datetime) -> None:
    """Note which addresses a page leads to, as it is public now; nothing when it is gone meanwhile.

    Safe to run twice, and twice at once: the page is locked, and addresses are always written in the same order.
    """
    found = Page.objects.select_for_update(of=("self",)).filter(pk=page.pk).first()
    if found is None:
        return
    urls = sorted({link.url for link in links_in(found.specific)})
    OutsideAddress.objects.bulk_create([OutsideAddress(url=url) for url in urls], ignore_conflicts=True)
    addresses = OutsideAddress.objects.filter(url__in=urls)
    OutsideLink.objects.filter(page=page).exclude(address__in=addresses).delete()
    links = [OutsideLink(page=page, address=address) for address in addresses]
    OutsideLink.objects.bulk_create(links, ignore_conflicts=True)
    PageReading.objects.update_or_create(page=page, defaults={"read_at": at})


def claim_due(*, at: datetime, most: int) -> list[int]:
    """Take addresses to try, at most so many and no two of one host; whoever has one is alone with it for a week.

    A claim is kept even when nothing comes of it: an address that breaks the worker is not tried every minute.
    """
    claimed: list[int] = []
    hosts: set[str | None] = set()
    # Many links lead to few hosts: enough are looked at to find as many different ones.
    for address in OutsideAddress.objects.due(at)[: most * 20]:
        host = urlsplit(address.url).hostname
        if len(claimed) == most or host in hosts:
            continue
        hosts.add(host)
        free = OutsideAddress.objects.filter(pk=address.pk).filter(Q(tried_at=None) | Q(tried_at__lte=at - RESPITE))
        if free.update(tried_at=at):
            claimed.append(address.pk)
    return claimed


@transaction.atomic
def note_answer(*, pk: int, answer: Answer, at: datetime) -> None:
    """Keep what an address answered. Nothing when it was forgotten meanwhile.

    Dead is what says so itself (404, 410), and a name that is not known on two different days, while other names were:
    where no name is known, it is we who are cut off. Whoever refuses us, is overloaded or silent may be there for
    everybody else: that is unsure, and takes no earlier no back.
    """
    address = OutsideAddress.objects.select_for_update().filter(pk=pk).first()
    if address is None:
        return
    before = address.failing_since
    address.status, address.tried_at = answer.status, at
    match answer.sort:
        case Sort.FINE:
            address.verdict, address.failing_since = Verdict.WORKS, None
        case Sort.GONE:
            address.verdict, address.failing_since = Verdict.DEAD, before or at
        case Sort.NAMELESS:
            is_sure = before is not None and timezone.localdate(before) < timezone.localdate(at) and _answered(before)
            address.verdict = Verdict.DEAD if is_sure else Verdict.UNSURE
            address.failing_since = before or at
        case Sort.UNSURE:
            address.verdict = Verdict.UNSURE
    address.save(update_fields=["verdict", "status", "tried_at", "failing_since"])


def _answered(since: datetime) -> bool:
    """Whether anything on the web answered us since then."""
    return OutsideAddress.objects.filter(tried_at__gte=since, status__isnull=False).exists()
