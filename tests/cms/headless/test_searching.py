"""Free text over pages of any type: what the site's own search page finds, the best first."""

from typing import Any

import pytest
from django.test import Client

from tests.cms.headless.making import API, READING, conforms, page, private

pytestmark = READING


def found(client: Client, asked: str) -> list[str]:
    answer = client.get(f"{API}/pages/?{asked}")
    conforms(answer, "/api/v1/pages/")
    assert answer.json()["total"] == len(answer.json()["items"])
    return [item["title"] for item in answer.json()["items"]]


def test_words_are_found_in_their_own_language_the_best_page_first(client: Client) -> None:
    page(title="Over aankopers", search_description="Ook over aankopers")
    page(
        title="Iets anders",
        intro="Voor een aankoper is dit niets, want het gaat over het weer van gisteren.",
        both=True,
    )
    page(title="Weer")

    assert found(client, "q=aankoper&locale=nl") == ["Over aankopers", "Iets anders"]
    assert found(client, "q=aankoper&locale=nl&order=title") == ["Iets anders", "Over aankopers"]
    assert found(client, "q=aankoper+gisteren&locale=nl") == ["Iets anders"]
    assert found(client, "q=gent&locale=en") == []
    (english,) = found(client, "q=texts&locale=en")
    assert english.startswith("Text ")
    assert found(client, "q=%20&locale=nl&title=Weer") == ["Weer"]


def test_it_goes_together_with_what_else_is_asked(client: Client) -> None:
    parent = page(title="Lampen")
    page(title="Lampen in Gent", under=parent)

    assert found(client, "q=lampen&locale=nl") == ["Lampen", "Lampen in Gent"]
    assert found(client, f"q=lampen&locale=nl&child_of={parent.pk}") == ["Lampen in Gent"]
    assert found(client, "q=lampen&locale=nl&type=cms.StandardPage&title__contains=gent") == ["Lampen in Gent"]


def test_nobody_finds_what_is_hidden_from_them(client: Client) -> None:
    private(page(title="Geheim tarief"))
    page(title="Ontwerp van een tarief", live=False)

    assert found(client, "q=tarief&locale=nl") == []


@pytest.mark.parametrize(
    "asked", ["q=lamp", f"locale=nl&q={'a' * 201}", "locale=nl&q=a&q=b", "locale=nl&order=found_at&q=a"]
)
def test_what_cannot_be_sought_is_a_422(client: Client, asked: str) -> None:
    page()
    assert client.get(f"{API}/pages/?{asked}").status_code == 422


@pytest.mark.parametrize("question", ["%22", "'", "%5C", "%26%7C!%3A*", "%F0%9F%92%A1", "a:b", "(((", "-", "*"])
def test_any_signs_are_words_that_are_not_there(client: Client, question: str) -> None:
    page(title="Lamp")
    assert found(client, f"q={question}&locale=nl") == []


@pytest.mark.parametrize("number", [1, 3])
def test_a_question_costs_as_much_however_many_answer_it(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    for one in range(number):
        page(title=f"Lamp {one}")
    found(client, "q=lamp&locale=nl")
    with django_assert_num_queries(8):
        assert len(found(client, "q=lamp&locale=nl")) == number
