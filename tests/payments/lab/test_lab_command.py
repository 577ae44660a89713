"""manage.py revenue_lab: each sub-command prints one JSON object; what cannot be computed is said, with a status."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override


def answered(*arguments: str) -> dict:
    out = StringIO()
    call_command("revenue_lab", *arguments, stdout=out)
    (line,) = out.getvalue().splitlines()
    return json.loads(line)


def refused(*arguments: str) -> str:
    with override("en"), pytest.raises(CommandError) as error:
        call_command("revenue_lab", *arguments, stdout=StringIO())
    return str(error.value)


def test_break_even() -> None:
    assert answered("break-even", "--price", "100", "--variable", "20", "--fixed", "18000") == {
        "units": 225,
        "exact": 225,
        "contribution": 80,
        "ratio": 0.8,
        "revenue": 22_500,
    }
    assert refused("break-even", "--price", "20", "--variable", "20", "--fixed", "1") == (
        "No number of seats breaks even: a seat brings 20 and costs 20."
    )
    assert (
        refused("break-even", "--price=-5", "--variable", "20", "--fixed", "1")
        == "The price cannot be below zero (-5)."
    )


def test_van_westendorp(tmp_path: Path) -> None:
    """The five answers of test_willingness, one that falls, and an empty line, as a Belgian spreadsheet writes them."""
    file = tmp_path / "answers.csv"
    rows = ["10;30;50;70", "20;40;60;80", "30;50;70;90", "", "90;40;60;80", "40;60;80;100", "50,00;70;90;110"]
    file.write_text("\ufefftoo_cheap;cheap;expensive;too_expensive\r\n" + "\r\n".join(rows), encoding="utf-8")
    found = answered("van-westendorp", str(file))
    assert {name: found[name] for name in ("opp", "ipp", "n", "dropped", "convention")} == {
        "opp": 60,
        "ipp": 60,
        "n": 5,
        "dropped": 1,
        "convention": "original",
    }
    assert (round(found["pmc"], 9), round(found["pme"], 9)) == (45, 75)
    other = answered("van-westendorp", str(file), "--convention", "narrower")
    assert (round(other["pmc"], 9), round(other["pme"], 9), other["convention"]) == (50, 70, "narrower")
    low, high = found["intervals"]["opp"]
    assert low <= 60 <= high


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("too_cheap,cheap\n1,2\n", "The file lacks the columns expensive, too_expensive."),
        (
            "too_cheap,cheap,expensive,too_expensive\n1,2,3,4\n1,2,much,4\n",
            "Line 3: expensive: “much” is not an amount.",
        ),
        ("", "The file lacks the columns too_cheap, cheap, expensive, too_expensive."),
        (
            "too_cheap,cheap,expensive,too_expensive\n1,2,3,4\n",
            "1 usable answer: four curves need at least two (0 left out because their prices fall).",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_said_by_line(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(text)
    assert refused("van-westendorp", str(file)) == sentence


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "none.csv"
    asked = ("demand", str(file), "--cost", "3", "--fixed", "1", "--market", "9")
    assert refused(*asked) == f"There is no file “{file}”."
    file.write_bytes(b"price,share\n\xff")
    assert refused(*asked) == f"“{file}” is no text in UTF-8."
    file.unlink()
    file.mkdir()
    assert refused(*asked).startswith(f"“{file}” cannot be read (")


LAYOUTS = {
    "shares": "price,share\n4,0.32\n6,0.31\n8,0.21\n10,0.05\n12,0.04\n",
    "counts": "price,yes,asked\n4,32,100\n6,31,100\n8,21,100\n10,5,100\n12,4,100\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_demand(tmp_path: Path, layout: str) -> None:
    file = tmp_path / "demand.csv"
    file.write_text(LAYOUTS[layout])
    found = answered("demand", str(file), "--cost", "3", "--fixed", "5000", "--market", "10000")
    assert (found["asked_price"], found["asked_profit"]) == (8, 5_500)
    assert (found["price"], round(found["profit"])) == (7.34, 6_024)


def test_demand_of_people_shows_who_contradicts_himself(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    answers = {"an": "yyn", "bo": "nyn", "cy": "nnn", "di": "ynn"}
    rows = [
        f"{who},{price},{'yes' if said == 'y' else 'no'}"
        for who, all_ in answers.items()
        for price, said in zip((50, 80, 110), all_, strict=True)
    ]
    file.write_text("person,price,answer\n" + "\n".join(rows))
    found = answered("demand", str(file), "--cost", "10", "--fixed", "0", "--market", "30")
    assert found["intransitive"] == ["bo"]
    assert [(point["price"], point["asked"]) for point in found["points"]] == [(50, 3), (80, 3), (110, 3)]
    assert found["asked_price"] == 50
    file.write_text("person,price,answer\nan,50,perhaps\n")
    assert refused("demand", str(file), "--cost", "1", "--fixed", "0", "--market", "9") == (
        "Line 2: “perhaps” is neither yes nor no."
    )


def test_two_proportions_and_sample_size() -> None:
    found = answered("two-proportions", "28", "254", "36", "301")
    assert (round(found["z"], 3), round(found["p"], 4), found["verdict"]) == (-0.344, 0.7307, "not decidable")
    assert found["interval"][0] < 0 < found["interval"][1]
    assert answered("sample-size", "0.3", "0.4") == {"per_group": 356, "total": 712}
    assert refused("sample-size", "0.3", "0.3") == (
        "The two shares are equal: no number of people shows a difference that is not there."
    )
    assert refused("sample-size", "0.3", "0.30000001") == (
        "0.3 and 0.30000001 lie so close that it takes more than 10000000 people per group: seek a larger difference."
    )


def test_a_season(tmp_path: Path) -> None:
    file = tmp_path / "season.json"
    event = {"name": "A", "capacity": 25, "registrations": 13, "price": 95, "fixed": 900, "per_participant": 25}
    file.write_text(
        json.dumps({"events": [event], "models": {"sponsor": {"sponsor": 300}}, "uncertain": {"demand": [0.6, 1, 1.3]}})
    )
    with_sponsor = answered("season", str(file), "--model", "sponsor", "--runs", "500", "--seed", "3")
    without = answered("season", str(file), "--model", "cost_price", "--runs", "500", "--seed", "3")
    assert round(with_sponsor["mean"] - without["mean"], 6) == 300
    assert answered("season", str(file), "--model", "sponsor", "--runs", "500", "--seed", "3") == with_sponsor
    assert [one["name"] for one in with_sponsor["tornado"]] == ["demand"]
    assert list(with_sponsor["subsidy"]) == ["0.05", "0.25", "0.5", "0.75", "0.95"]
    assert refused("season", str(file), "--model", "barter").startswith(
        "There is no revenue model “barter”: choose one of"
    )
    assert refused("season", str(file), "--model", "sponsor", "--runs", "1") == "Runs: 1 is not between 2 and 1000000."
    file.write_text('{"events": "x"}')
    assert refused("season", str(file), "--model", "sponsor") == "“events” is a list of visits."
    file.write_text(json.dumps({"events": [event], "fee_share": 1}))
    assert refused("season", str(file), "--model", "sponsor").startswith("fee_share is 100 %: nothing would be left.")
    early = {"early_bird": {"price": 80, "early_price": 120, "days": 30, "early_share": 0.5}}
    file.write_text(json.dumps({"events": [event], "models": early}))
    assert refused("season", str(file), "--model", "early_bird").startswith("The early price (120) is above")
    file.write_text("{")
    assert refused("season", str(file), "--model", "sponsor").startswith("The file is not JSON:")
