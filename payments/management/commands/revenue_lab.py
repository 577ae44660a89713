"""The revenue-model lab on the command line: each sub-command prints one JSON object. Amounts are in the currency's
unit."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from payments.lab import break_even, demand, files, proportions, season, tariffs, van_westendorp
from payments.lab.plans import KINDS
from payments.lab.refusal import CannotCompute


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)

        part = parts.add_parser("break-even", help="Seats that carry the fixed cost.")
        for name in ("price", "variable", "fixed"):
            part.add_argument(f"--{name}", required=True, metavar="AMOUNT")

        part = parts.add_parser("van-westendorp", help="Four price points from four prices a person.")
        part.add_argument("file", help="CSV with the columns too_cheap, cheap, expensive, too_expensive.")
        part.add_argument("--convention", default="original", help=" or ".join(van_westendorp.CONVENTIONS))

        part = parts.add_parser("demand", help="The best price by Gabor-Granger answers.")
        part.add_argument(
            "file", help="CSV with the columns price, share; or price, yes, asked; or person, price, answer."
        )
        part.add_argument("--cost", required=True, metavar="AMOUNT", help="Per seat.")
        part.add_argument("--fixed", required=True, metavar="AMOUNT")
        part.add_argument("--market", required=True, metavar="N", help="People who could come.")

        part = parts.add_parser("two-proportions", help="Is the first share better, worse or not decidable?")
        for name in ("x1", "n1", "x2", "n2"):
            part.add_argument(name)
        part.add_argument("--alpha", type=float, default=0.05)

        part = parts.add_parser("sample-size", help="People in each of two groups, to see p1 become p2.")
        part.add_argument("p1")
        part.add_argument("p2")
        part.add_argument("--alpha", type=float, default=0.05)
        part.add_argument("--power", type=float, default=0.8)

        part = parts.add_parser("season", help="A season drawn many times under one revenue model.")
        part.add_argument("file", help="JSON: events, models, uncertain. See docs/revenue-lab.md.")
        part.add_argument("--model", required=True, help=", ".join(KINDS))
        part.add_argument("--runs", default="10000")
        part.add_argument("--seed", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        answer = {
            "break-even": self._break_even,
            "van-westendorp": self._van_westendorp,
            "demand": self._demand,
            "two-proportions": self._two_proportions,
            "sample-size": self._sample_size,
            "season": self._season,
        }[options["part"]]
        try:
            self.stdout.write(json.dumps(answer(options), default=float))
        except CannotCompute as error:
            raise CommandError(str(error)) from error

    def _text(self, path: str) -> str:
        try:
            return Path(path).read_text(encoding="utf-8-sig")
        except FileNotFoundError as error:
            raise CommandError(_("There is no file “%(path)s”.") % {"path": path}) from error
        except UnicodeDecodeError as error:
            raise CommandError(_("“%(path)s” is no text in UTF-8.") % {"path": path}) from error
        except OSError as error:
            # What the system says of it, in the system's own words.
            said = {"path": path, "problem": error.strerror}
            raise CommandError(_("“%(path)s” cannot be read (%(problem)s).") % said) from error

    def _break_even(self, options: dict[str, Any]) -> dict[str, Any]:
        found = break_even.break_even(options["price"], options["variable"], options["fixed"])
        return {
            "units": found.units,
            "exact": found.exact,
            "contribution": found.contribution,
            "ratio": found.ratio,
            "revenue": found.revenue,
        }

    def _van_westendorp(self, options: dict[str, Any]) -> dict[str, Any]:
        answers = files.price_answers(self._text(options["file"]))
        found = van_westendorp.price_sensitivity(answers, options["convention"])
        points = found.points
        return {
            "opp": points.opp,
            "ipp": points.ipp,
            "pmc": points.pmc,
            "pme": points.pme,
            "n": found.n,
            "dropped": len(found.dropped),
            "dropped_rows": [place + 2 for place in found.dropped],
            "convention": found.convention,
            "intervals": found.intervals,
        }

    def _demand(self, options: dict[str, Any]) -> dict[str, Any]:
        points, intransitive = files.demand_answers(self._text(options["file"]))
        cost, fixed, market = options["cost"], options["fixed"], options["market"]
        curve = demand.fitted(points)
        low, high = min(point.price for point in points), max(point.price for point in points)
        best = demand.best_on_cent_grid(curve, cost, fixed, market, low, high)
        asked = demand.best_asked(points, cost, fixed, market)
        return {
            "price": best.price,
            "profit": best.profit,
            "seats": best.seats,
            "asked_price": asked.price,
            "asked_profit": asked.profit,
            "curve": {"ceiling": curve.ceiling, "b0": curve.b0, "b1": curve.b1},
            "points": [
                {"price": point.price, "share": point.share, "asked": point.asked, "interval": point.interval}
                for point in points
            ],
            "intransitive": intransitive,
        }

    def _two_proportions(self, options: dict[str, Any]) -> dict[str, Any]:
        counts = [options[name] for name in ("x1", "n1", "x2", "n2")]
        found = proportions.two_proportions(*counts, alpha=options["alpha"])
        return {
            "z": found.z,
            "p": found.p,
            "fisher": found.fisher,
            "interval": found.interval,
            "verdict": found.verdict,
        }

    def _sample_size(self, options: dict[str, Any]) -> dict[str, Any]:
        size = proportions.sample_size(options["p1"], options["p2"], alpha=options["alpha"], power=options["power"])
        return {"per_group": size, "total": 2 * size}

    def _season(self, options: dict[str, Any]) -> dict[str, Any]:
        planned = files.planned_season(self._text(options["file"]))
        model, seed = options["model"], options["seed"]
        parameters = planned.models.get(model, {})
        tariff = [tariffs.tariff(model, parameters, visit, planned.fee_share) for visit in planned.visits]
        found = season.simulate(planned.visits, tariff, planned.assumptions, runs=options["runs"], seed=seed)
        swings = season.tornado(planned.visits, tariff, planned.assumptions, seed=seed)
        return {
            "model": model,
            "runs": found.runs,
            "seed": found.seed,
            "mean": found.mean,
            "standard_error": found.standard_error,
            "p_loss": found.p_loss,
            "p_loss_interval": found.p_loss_interval,
            "subsidy": {str(level): value for level, value in found.subsidy},
            "result": {str(level): value for level, value in found.result},
            "mean_revenue": found.mean_revenue,
            "mean_cost": found.mean_cost,
            "mean_participants": found.mean_participants,
            "tornado": [{"name": one.name, "low": one.at_low, "high": one.at_high} for one in swings],
        }
