"""Revenue models are entered by kind, said back in a sentence, archived rather than lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from payments.admin.lab.model_fields import ABOUT, fields_of
from payments.admin.lab.sentences import asks
from payments.lab.plans import KINDS, Plan, check
from payments.models import Experiment, RevenueModel
from tests import factories
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
MODELS = "/admin/revenue-lab/models/"
#: Kind -> what a person types, and the parameters that are kept.
TYPED = {
    "cost_price": ({"price": "97"}, {"price": "97"}),
    "members_free": ({"price": ""}, {}),
    "tiered": (
        {"tier_1_seats": "5", "tier_1_price": "60", "tier_2_seats": "10", "tier_2_price": "80", "tier_3_price": "100"},
        {"tiers": [{"seats": 5, "price": "60"}, {"seats": 10, "price": "80"}, {"price": "100"}]},
    ),
    "early_bird": (
        {"price": "110", "early_price": "85", "days": "30"},
        {"price": "110", "early_price": "85", "days": 30},
    ),
    "group": ({"price": "", "seats": "3", "discount": "15"}, {"seats": 3, "discount": "0.15"}),
    "season_pass": ({"price": "", "pass_price": "250", "seats": "4"}, {"pass_price": "250", "seats": 4}),
    "sponsor": ({"price": "50", "sponsor": "1000"}, {"price": "50", "sponsor": "1000"}),
    "subsidy": (
        {"price": "0", "per_participant": "40", "for_members": "on"},
        {"price": "0", "per_participant": "40", "for_members": True},
    ),
    "pay_what_you_can": ({"average": "45", "nothing": "12.5"}, {"average": "45", "nothing": "0.125"}),
    "deposit": ({"price": "", "deposit": "25"}, {"deposit": "25"}),
}


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(factories.user("Programme managers"))
    return client


def test_every_kind_has_a_form_and_a_sentence() -> None:
    assert set(TYPED) == set(ABOUT) == set(KINDS)
    for kind in KINDS:
        for field in fields_of(kind).values():
            assert field.label and field.help_text


@pytest.mark.parametrize("kind", list(TYPED))
def test_a_model_is_kept_as_the_lab_reads_it_and_shown_as_it_was_typed(manager: Client, kind: str) -> None:
    typed, parameters = TYPED[kind]
    assert manager.get(f"{MODELS}new/?kind={kind}").status_code == 200
    answer = manager.post(f"{MODELS}new/", {"kind": kind, "name": "Model", "free_quota": "", "note": "", **typed})
    assert answer.status_code == 302
    made = RevenueModel.objects.get()
    assert (made.kind, made.parameters, made.free_quota) == (kind, parameters, None)
    check(made.as_plan())
    assert asks(made.as_plan())
    form = manager.get(f"{MODELS}edit/{made.pk}/").context["form"]
    again = {name: str(form[name].value()) for name, value in typed.items() if value not in ("", "on")}
    assert again == {name: value for name, value in typed.items() if value not in ("", "on")}
    manager.post(f"{MODELS}edit/{made.pk}/", {"name": "Ander", "free_quota": "2", "note": "", **typed})
    made.refresh_from_db()
    assert (made.name, made.parameters, made.free_quota) == ("Ander", parameters, 2)


def test_without_a_kind_the_kinds_are_shown(manager: Client) -> None:
    for url in (f"{MODELS}new/", f"{MODELS}new/?kind=free_beer"):
        text = manager.get(url).content.decode()
        assert all(f"?kind={kind}" in text for kind in KINDS)
    assert manager.post(f"{MODELS}new/", {"name": "x"}).status_code == 200
    assert not RevenueModel.objects.exists()


@pytest.mark.parametrize(
    ("kind", "typed", "where"),
    [
        ("cost_price", {"price": "-1"}, ["price"]),
        ("cost_price", {"price": "veel"}, ["price"]),
        ("early_bird", {"early_price": "85"}, ["days"]),
        ("group", {"seats": "1", "discount": "10"}, ["seats"]),
        ("group", {"seats": "3", "discount": "101"}, ["discount"]),
        ("pay_what_you_can", {"nothing": "10"}, ["average"]),
        ("tiered", {}, ["tier_1_price"]),
        ("tiered", {"tier_1_price": "60", "tier_2_price": "80"}, ["tier_1_seats"]),
        ("tiered", {"tier_1_price": "60", "tier_2_seats": "3"}, ["tier_2_price"]),
        ("deposit", {"deposit": "25", "free_quota": "1001"}, ["free_quota"]),
        ("deposit", {"deposit": "25", "name": ""}, ["name"]),
    ],
)
def test_what_makes_no_model_is_refused_beside_its_field(manager: Client, kind: str, typed: dict, where: list) -> None:
    answer = manager.post(f"{MODELS}new/", {"kind": kind, "name": "Model", "free_quota": "", "note": "", **typed})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == where
    assert not RevenueModel.objects.exists()


def test_a_name_is_used_once(manager: Client) -> None:
    RevenueModel.objects.create(name="Model", kind="cost_price")
    answer = manager.post(f"{MODELS}new/", {"kind": "cost_price", "name": "Model"})
    assert list(answer.context["form"].errors) == ["name"]


def test_what_it_asks_is_said_before_it_is_kept(manager: Client) -> None:
    said = {"kind": "deposit", "name": "Waarborg", "deposit": "25", "free_quota": "1", "preview": "1"}
    answer = manager.post(f"{MODELS}new/", said)
    assert answer.context["asks"] == asks(Plan("deposit", {"deposit": "25"}, 1))
    assert not RevenueModel.objects.exists()
    assert "asks" not in manager.post(f"{MODELS}new/", said | {"deposit": ""}).context
    made = RevenueModel.objects.create(name="Waarborg", kind="deposit", parameters={"deposit": "10"})
    answer = manager.post(f"{MODELS}edit/{made.pk}/", said)
    assert answer.context["asks"] == asks(Plan("deposit", {"deposit": "25"}, 1))
    made.refresh_from_db()
    assert made.parameters == {"deposit": "10"}


@pytest.mark.parametrize(
    ("kind", "quota", "sentence"),
    [
        ("cost_price", 0, "Everybody who is not free pays €97.00. Nobody is free."),
        ("members_free", None, "Everybody who is not free pays the price of the visit. Members are always free."),
        (
            "tiered",
            1,
            "Of those who are not free: the first 5 pay €60.00, the next 10 pay €80.00, all others pay €100.00. Of "
            "each member organisation 1 seat per visit is free.",
        ),
        (
            "pay_what_you_can",
            2,
            "Who is not free pays what they choose: 12.5 % nothing, the others €45.00 on average (an assumption). Of "
            "each member organisation 2 seats per visit are free.",
        ),
    ],
)
def test_a_model_is_said_in_a_sentence(kind: str, quota: int | None, sentence: str) -> None:
    with override("en"):
        assert asks(Plan(kind, TYPED[kind][1], quota)) == sentence


def experiment(control: RevenueModel, trial: RevenueModel) -> Experiment:
    return Experiment.objects.create(
        name="Proef",
        hypothesis="x",
        measure="filled",
        control=control,
        trial=trial,
        share_now="0.6",
        share_hoped="0.8",
        look_on=NOON.date() + timedelta(days=90),
        decision_rule="x",
    )


def test_a_model_in_an_experiment_is_archived_and_not_deleted(manager: Client) -> None:
    control = RevenueModel.objects.create(name="Nu", kind="members_free")
    trial = RevenueModel.objects.create(name="Waarborg", kind="deposit", parameters={"deposit": "25"})
    experiment(control, trial)
    answer = manager.post(f"{MODELS}delete/{trial.pk}/")
    assert answer.status_code == 409 and answer.context["instead"]
    said = {"name": "Waarborg", "deposit": "25", "free_quota": "", "note": "", "is_archived": "on"}
    manager.post(f"{MODELS}edit/{trial.pk}/", said)
    trial.refresh_from_db()
    assert trial.is_archived
    assert list(manager.get(MODELS).context["object_list"]) == [control, trial]


def test_a_model_that_nothing_refers_to_is_deleted(manager: Client) -> None:
    made = RevenueModel.objects.create(name="Nu", kind="members_free")
    assert manager.post(f"{MODELS}delete/{made.pk}/").status_code == 302
    assert not RevenueModel.objects.exists()


@pytest.mark.parametrize("group", ["Finance", "Organisers"])
def test_others_write_no_models(group: str) -> None:
    client = Client()
    client.force_login(factories.user(group))
    assert client.post(f"{MODELS}new/", {"kind": "cost_price", "name": "x"}).status_code == 302
    assert not RevenueModel.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_models_takes_as_many_queries_whatever_stands_on_it(
    manager: Client, count: int, django_assert_num_queries
) -> None:
    for number in range(count):
        RevenueModel.objects.create(name=f"Model {number}", kind="members_free")
    manager.get(MODELS)
    with django_assert_num_queries(10):
        manager.get(MODELS)
