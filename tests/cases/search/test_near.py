"""What is near to what was typed: the same sound, and the branch a code stands in."""

import pytest

from cases import cpv

pytestmark = pytest.mark.django_db


def titles(client, words):
    return [item.case.title for item in client.get("/nl/cases/", {"q": words}).context["found"]]


def test_a_y_is_an_ij(client, case):
    case(title="Bibliotheek Kortrijk")

    assert titles(client, "kortryk") == ["Bibliotheek Kortrijk"]
    assert client.get("/nl/cases/?q=kortryk").context["answer"].meant == ["kortrijk"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("18113000-4", ["Werkkledij", "Bovenkledij"]),
        ("18113000", ["Werkkledij", "Bovenkledij"]),
        ("18110000", ["Werkkledij", "Bovenkledij", "Brandweer"]),
        ("18114000", ["Brandweer", "Werkkledij", "Bovenkledij"]),
        ("19210000", []),
    ],
)
def test_a_code_finds_what_carries_it_or_one_below_or_above_it_and_not_what_stands_beside_it(
    client, case, words, found
):
    case(title="Werkkledij", cpv=["18110000"])
    case(title="Bovenkledij", cpv=["18000000"])
    case(title="Brandweer", cpv=["18114000"])
    case(title="Licht", cpv=["31520000"])

    assert sorted(titles(client, words)) == sorted(found)


def test_the_branches_of_a_code():
    assert cpv.above("18113000-4") == ["18110000", "18100000", "18000000"]
    assert cpv.above("45213150") == ["45213100", "45213000", "45210000", "45200000", "45000000"]
    assert (cpv.above("18000000"), cpv.above("181"), cpv.above("kledij")) == ([], [], [])
