"""`evenhand calibrate` as a user meets it: guesses, files that come out, scores, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from evenhand import scenarios
from evenhand.cli.main import app

MAP = """
source: a made-up office
columns: {opened: received, closed: closed, outcome: result, cause: reason, merchant: shop, amount: claim}
outcomes: {agreed: settled, refused: ruled merchant}
causes: {late: late_dispatch, broken: quality_defect}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a log of 90 days and its mapping."""
    rng = np.random.default_rng(20201102)
    rows = ["received,closed,result,reason,shop,claim"]
    for day in range(90):
        for _ in range(rng.poisson(5)):
            begun = np.datetime64("2020-01-06") + day
            done = begun + int(20 * rng.weibull(1.5))
            ended = str(done) if done < np.datetime64("2020-04-05") else ""
            result = ("agreed" if rng.random() < 0.6 else "refused") if ended else ""
            reason = "late" if rng.random() < 0.3 else "broken"
            amount = np.exp(4 + rng.standard_normal())
            rows.append(f"{begun},{ended},{result},{reason},shop {rng.zipf(1.8)},{amount:.2f}")
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def calibrate(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["calibrate", "log.csv", *arguments], catch_exceptions=False)


def refused(*arguments: str) -> str:
    """What is said of a command that cannot be carried out."""
    done = calibrate(*arguments)
    assert done.exit_code == 2, done.output
    return str(done.stderr)


QUICK = ("--policy", "mediation", "--trials", "0", "--replications", "1", "--engine", "simpy")


@pytest.mark.process
def test_a_scenario_and_a_page_come_out(folder: Path) -> None:
    """The file can be checked and run; the page needs nothing else to be read."""
    done = calibrate("--map", "map.yaml", "--out", "made.yaml", *QUICK)
    assert "Distance from log.csv (2020-01-06 to 2020-04-04" in done.stdout
    assert "Two halves" in done.stdout
    made = scenarios.read(folder / "made.yaml", "scenario")
    scenarios.check_pair(made, scenarios.read("mediation", "policy"), made.model.days)  # type: ignore[union-attr]
    said = made.provenance_of("market.weekdays.mon")
    assert said is not None
    assert said.source == "a made-up office"
    page = (folder / "made.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


@pytest.mark.process
def test_held_out_days_are_scored_apart(folder: Path) -> None:
    """Beside the days that were fitted, which are a rival of their own."""
    done = calibrate(
        "--map", "map.yaml", "--out", "made.yaml", "--hold-out", "2020-03-01", "--format", "json", *QUICK
    )
    fitted, held = json.loads(done.stdout)["logs"]
    assert (fitted["last"], held["first"]) == ("2020-02-29", "2020-03-01")
    assert set(held["score"]) == {"Calibrated", "Base (tmall_unresponsive)", "The fitted days"}
    assert all(0 <= value <= 1 for value in held["score"].values())
    assert held["score"]["Calibrated"] < held["score"]["Base (tmall_unresponsive)"]


@pytest.mark.process
def test_a_scenario_can_be_checked_on_a_log_without_fitting(folder: Path) -> None:
    """Other months, or another office."""
    done = calibrate("--map", "map.yaml", "--check", "tmall_unresponsive", "--format", "json", *QUICK)
    (scored,) = json.loads(done.stdout)["logs"]
    assert set(scored["score"]) == {"tmall_unresponsive"}
    assert {"kind", "n", "floor", "floor_95", "tmall_unresponsive"} == set(scored["distances"]["outcomes"])
    assert not (folder / "made.yaml").exists()


@pytest.mark.process
def test_guesses_are_printed_and_used_only_where_that_is_asked(folder: Path) -> None:
    """A wrong guess that nobody saw would be worse than none."""
    guessed = calibrate("--guess").stdout
    assert "opened: received  # its name, and its cells are times" in guessed
    assert "agreed: settled" in guessed
    assert "--guess > map.yaml" in refused("--out", "made.yaml", *QUICK)
    done = calibrate("--accept-guesses", "--out", "made.yaml", *QUICK)
    assert "opened: received" in done.stderr
    assert (folder / "made.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--map", "map.yaml"), "--out: must be given"),
        (("--map", "map.yaml", "--out", "made.txt"), "--out: must end in .yaml, found 'made.txt'"),
        (("--map", "map.yaml", "--out", "map.yaml"), "'map.yaml' is read by this command"),
        (("--map", "map.yaml", "--out", "m.yaml", "--trials", "-1"), "--trials: must be 0 or more, found -1"),
        (("--map", "map.yaml", "--out", "m.yaml", "--seed", str(2**62)), "--seed: must be 0 to"),
        (("--map", "map.yaml", "--out", "m.yaml", "--from", "May"), "--from: must be a date such as 2015-"),
        (("--map", "map.yaml", "--out", "m.yaml", "--hold-out", "2030-01-01"), "must be a day of the log"),
        (("--map", "map.yaml", "--out", "m.yaml", "--until", "2020-01-10"), "14 days and 20 disputes"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_line(arguments: tuple[str, ...], said: str) -> None:
    """Before any work, and with what is allowed."""
    assert said in refused(*arguments, "--policy", "mediation", "--engine", "simpy")


def test_a_wrong_mapping_says_its_line(folder: Path) -> None:
    """As every other file does."""
    (folder / "map.yaml").write_text(MAP.replace("agreed: settled", "agreed: yes"), encoding="utf-8")
    said = refused("--map", "map.yaml", "--out", "made.yaml", *QUICK)
    assert "map.yaml:4:20: outcomes.agreed: must be 'settled'" in said


@pytest.mark.process
def test_without_the_library_the_search_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra."""
    import sys

    monkeypatch.setitem(sys.modules, "cmaes", None)
    said = refused("--map", "map.yaml", "--out", "made.yaml", "--policy", "mediation", "--trials", "2")
    assert "pip install optuna cmaes (the extra 'search'), or --trials 0" in said
