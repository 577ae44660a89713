"""Price studies on screen: answers in from a file, and what they show with how sure it is."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from payments.actions.asking import keep_answers
from payments.models import PriceStudy
from tests import factories

pytestmark = pytest.mark.django_db
HEAD = "too_cheap,cheap,expensive,too_expensive,segment,paid\n"


def study(method: str = "four_prices", **facts: Any) -> PriceStudy:
    return PriceStudy.objects.create(
        **{
            "name": f"Bevraging {PriceStudy.objects.count()}",
            "method": method,
            "question": "Vanaf welke prijs …?",
            "source": "na een bezoek",
            "starts_on": date(2027, 1, 1),
            "ends_on": date(2027, 2, 1),
            **facts,
        }
    )


def four(n: int, *, segment: str = "", paid: str = "") -> str:
    return "".join(f"{20 + k},{50 + k},{90 + k},{130 + k},{segment},{paid}\n" for k in range(n))


@pytest.fixture
def manager() -> Client:
    client = Client()
    user = factories.user("Programme managers")
    client.force_login(user)
    return client


def page(client: Client, made: PriceStudy, query: str = "") -> Any:
    with override("en"):
        return client.get(f"/admin/revenue-lab/studies/inspect/{made.pk}/{query}", headers={"accept-language": "en"})


def upload(client: Client, made: PriceStudy, content: bytes) -> Any:
    file = SimpleUploadedFile("answers.csv", content, content_type="text/csv")
    return client.post(f"/admin/revenue-lab/studies/{made.pk}/answers/", {"file": file})


def test_answers_come_in_from_a_file_and_the_study_shows_both_conventions(manager: Client) -> None:
    made = study()
    assert upload(manager, made, (HEAD + four(12) + "90,50,40,20,,\n").encode()).status_code == 302
    shown = page(manager, made).context
    assert (shown["n"], shown["seen"], len(shown["dropped"])) == (13, 12, 1)
    original, narrower = shown["conventions"]
    assert [point["label"].split(",")[0] for point in original["points"]] == ["OPP", "IPP", "PMC", "PME"]
    assert [one["n"] for one in (original, narrower)] == [12, 12]
    # The optimum and the indifference point are the same by both; the acceptable range is not.
    assert [point["value"] for point in original["points"][:2]] == [point["value"] for point in narrower["points"][:2]]
    assert all("–" in point["interval"] for point in original["points"])
    assert {len(one["curves"].drawings[0].lines) for one in shown["conventions"]} == {4}


def test_a_bad_line_is_named_and_nothing_of_the_file_is_kept(manager: Client) -> None:
    made = study()
    answer = upload(manager, made, (HEAD + four(3) + "1,2,veel,4,,\n").encode())
    assert answer.status_code == 200
    assert "5" in answer.context["form"].errors["file"][0]
    assert "veel" in answer.context["form"].errors["file"][0]
    assert made.answers.count() == 0


@pytest.mark.parametrize(
    "content", [b"", HEAD.encode(), b"\x00\xff\xfe", b"%PDF-1.7", "prijs;ja\n".encode("cp1252"), b"a" * 1_100_000]
)
def test_a_file_that_is_none_is_refused_in_words(manager: Client, content: bytes) -> None:
    made = study()
    answer = upload(manager, made, content)
    assert (answer.status_code, made.answers.count()) == (200, 0)
    assert answer.context["form"].errors["file"]


def test_a_spreadsheet_of_windows_with_semicolons_is_read(manager: Client) -> None:
    made = study()
    text = HEAD.replace(",", ";") + "10,50;50;90;130;collega’s;\n"
    assert upload(manager, made, text.encode("cp1252")).status_code == 302
    assert made.answers.get().segment == "collega’s"


def test_the_template_is_a_file_that_can_be_handed_in(manager: Client) -> None:
    for method in ("four_prices", "asked_prices"):
        made = study(method)
        template = manager.get(f"/admin/revenue-lab/studies/{made.pk}/answers/template.csv")
        assert upload(manager, made, template.content).status_code == 302
        assert made.answers.count() == 2


def test_no_answers_too_few_and_all_the_same_are_said_in_a_sentence(manager: Client) -> None:
    for text in ("", "10,20,30,40,,\n", "10,20,30,40,,\n" * 5, "40,30,20,10,,\n" * 3):
        made = study()
        if text:
            keep_answers(study=made, text=HEAD + text)
        answer = page(manager, made)
        assert answer.status_code == 200
        assert "conventions" not in answer.context
        assert bool(text) == ("problem" in answer.context)
        said = answer.content.decode()
        assert "Read the intervals" not in said and "Lees de intervallen" not in said, "there are none"


def test_a_segment_is_shown_apart_from_ten_answers_on(manager: Client) -> None:
    made = study()
    keep_answers(study=made, text=HEAD + four(10, segment="member") + four(9, segment="guest"))
    segments = {one["name"]: one for one in page(manager, made).context["segments"]}
    assert (segments["member"]["n"], len(segments["member"]["cells"])) == (10, 4)
    assert (segments["guest"]["n"], segments["guest"]["cells"]) == (9, [])


def test_what_people_say_is_held_against_what_they_paid(manager: Client) -> None:
    made = study()
    keep_answers(study=made, text=HEAD + four(3, paid="95") + "10,20,30,40,,95\n" + "90,50,40,20,,500\n" + four(2))
    paid = page(manager, made).context["paid"]
    # 130, 131, 132 and 40 against four times 95; the answer whose prices fall, and who says nothing, do not count.
    assert (paid.n, paid.above, paid.stated, paid.paid) == (4, 1, Decimal("130.50"), Decimal("95.00"))


def test_a_study_in_which_nobody_paid_says_so(manager: Client) -> None:
    made = study()
    keep_answers(study=made, text=HEAD + four(3))
    answer = page(manager, made)
    assert answer.context["paid"] is None


ASKED = "person,price,answer,segment,paid\n" + "".join(
    f"{person},{price},{'yes' if price <= limit else 'no'},,{paid}\n"
    for person, limit, paid in [
        (1, 50, ""),
        (2, 50, "95"),
        (3, 95, "95"),
        (4, 120, ""),
        (5, 0, "95"),
        (6, 95, ""),
    ]
    for price in (50, 95, 120)
)


def test_asked_prices_show_demand_the_best_price_and_who_contradicts(manager: Client) -> None:
    made = study("asked_prices")
    keep_answers(study=made, text=ASKED + "7,50,no,,\n7,95,yes,,\n7,120,no,,\n")
    shown = page(manager, made, "?cost=20&fixed=300&market=60").context
    assert [(row["price"], row["asked"], row["share"]) for row in shown["rows"]] == [
        (Decimal(50), 6, "83.3 %"),
        (Decimal(95), 6, "50 %"),
        (Decimal(120), 6, "16.7 %"),
    ]
    # 60 people: 30 seats at 95 - 20, less 300.
    assert (shown["found"].best_asked.price, shown["found"].best_asked.profit) == (Decimal(95), Decimal("1950.00"))
    assert Decimal(50) <= shown["found"].best.price <= Decimal(120)
    assert [(person["yes"], person["no"]) for person in shown["contradicting"]] == [("95", "50, 120")]
    # 50, 95 and nothing, against three times 95.
    assert (shown["paid"].n, shown["paid"].above, shown["paid"].stated) == (3, 2, Decimal(50))


def test_two_asked_prices_have_no_curve_and_no_market_has_no_figures_of_its_own(manager: Client) -> None:
    made = study("asked_prices")
    keep_answers(study=made, text="person,price,answer\n1,50,yes\n1,90,no\n2,50,yes\n2,90,yes\n")
    shown = page(manager, made).context
    assert (shown["found"].best, shown["market"].people) == (None, 100)
    assert shown["found"].why
    assert page(manager, made, "?cost=-1&fixed=x&market=0").context["form"].errors.keys() == {"cost", "fixed", "market"}


def test_answers_are_deleted_after_asking_once_more_and_the_study_stays(manager: Client) -> None:
    made = study()
    keep_answers(study=made, text=HEAD + four(3))
    url = f"/admin/revenue-lab/studies/{made.pk}/answers/delete/"
    assert manager.get(url).context["count"] == 3
    assert made.answers.count() == 3
    assert manager.post(url).status_code == 302
    assert (made.answers.count(), PriceStudy.objects.count()) == (0, 1)


def test_the_method_stays_once_there_are_answers(manager: Client) -> None:
    made = study()
    keep_answers(study=made, text=HEAD + four(1))
    facts = {
        "name": "Nieuw",
        "method": "asked_prices",
        "question": "q",
        "source": "s",
        "starts_on": "2027-01-01",
        "ends_on": "2027-01-02",
    }
    assert manager.post(f"/admin/revenue-lab/studies/edit/{made.pk}/", facts).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.method) == ("Nieuw", "four_prices")


def test_a_study_that_ends_before_it_begins_is_refused(manager: Client) -> None:
    facts = {
        "name": "x",
        "method": "four_prices",
        "question": "q",
        "source": "s",
        "starts_on": "2027-02-01",
        "ends_on": "2027-01-02",
    }
    assert manager.post("/admin/revenue-lab/studies/new/", facts).status_code == 200
    assert not PriceStudy.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_studies_as_for_one(
    manager: Client, django_assert_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        keep_answers(study=study(), text=HEAD + four(2))
    manager.get("/admin/revenue-lab/studies/")
    with django_assert_num_queries(LIST):
        answer = manager.get("/admin/revenue-lab/studies/")
    assert [row.n for row in answer.context["object_list"]] == [2] * count


LIST = 10


@pytest.mark.parametrize(
    ("group", "reads", "changes"), [("Programme managers", 200, 200), ("Finance", 200, 302), ("Organisers", 302, 302)]
)
def test_finance_reads_what_programme_managers_keep(group: str, reads: int, changes: int) -> None:
    made = study()
    client = Client()
    client.force_login(factories.user(group))
    urls = ["", f"inspect/{made.pk}/"]
    assert {client.get(f"/admin/revenue-lab/studies/{url}").status_code for url in urls} == {reads}
    urls = ["new/", f"edit/{made.pk}/", f"{made.pk}/answers/", f"{made.pk}/answers/delete/"]
    urls = [*urls, f"{made.pk}/answers/template.csv"]
    assert {client.get(f"/admin/revenue-lab/studies/{url}").status_code for url in urls} == {changes}
