"""Stories 15 to 17: queues and theories of disputes as files, with closed forms (docs/closed-forms.md).

Closed forms are held within intervals over replications; Priest and Klein's half and Shavell's appeals by
sign and order.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.sim.engine.test_leaving_lines import erlang_a
from tests.stories.conftest import Ask
from tests.support.app_files import ROOT

PAGE = (ROOT / "docs" / "closed-forms.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def section(here: Path, ask: Ask) -> Any:
    """Write the files of a section, and run its commands; gives what the last one prints."""
    for name in ("court.yaml", "court_rules.yaml"):
        shutil.copy(ROOT / "benchmarks" / "validity" / name, here / name)

    def followed(title: str, form: str = "") -> list[str]:
        (text,) = (text for name, text in SECTIONS.items() if name.startswith(title))
        for name, file in re.findall(r"^```yaml\n# (\S+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            (here / name).write_text(file, encoding="utf-8")
        lines = re.search(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        assert lines
        return [ask(f"{alone(line)} {form}".strip()) for line in lines[1].splitlines()]

    return followed


def alone(line: str) -> str:
    """A line as it stands, done in this process: others would have to load the compiled code, too."""
    return f"{line} --workers 1" if line.startswith(("evenhand run", "evenhand sweep")) else line


def rows(answer: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer)))


def near(values: list[str], theory: float) -> None:
    """The mean over replications is within 3.5 standard errors of the closed form, and these are small."""
    found = np.array(values, float)
    assert len(found) == 16
    error = found.std(ddof=1) / 4
    assert error < theory / 8
    assert abs(found.mean() - theory) < 3.5 * error, (found.mean(), theory, error)


def erlang_c(staff: int, offered: float) -> float:
    """Chance that a case has to wait in M/M/c (Erlang 1917)."""
    busy = offered**staff / factorial(staff) / (1 - offered / staff)
    return busy / (sum(offered**k / factorial(k) for k in range(staff)) + busy)


def printed(value: float) -> None:
    """The page gives this figure."""
    assert f"{value:.3f}" in PAGE


@pytest.mark.process
def test_a_file_of_a_few_lines_is_erlangs_desk_and_check_says_its_load(section: Any) -> None:
    """M/M/2: the share that waits and the mean wait; the expected load is told before anything runs."""
    checked, _, answer = section("M/M/c")
    assert "decision desk" in checked
    assert re.search(r"70 %|0\.70?\b", checked), checked
    c = erlang_c(2, 1.4)
    found = rows(answer)
    near([row["waits"] for row in found], c)
    near([row["wait"] for row in found], c * 1.4 / 0.6)
    printed(c)
    printed(c * 1.4 / 0.6)


@pytest.mark.process
def test_classes_in_the_line_wait_as_cobham_says(section: Any) -> None:
    """Those with small amounts first: both classes, without taking a case out of anybody's hands."""
    found = rows(section("Two classes")[-1])
    for column, theory in (("first", 0.49 / 0.65), ("second", 0.49 / 0.65 / 0.3)):
        near([row[column] for row in found], theory)
        printed(theory)


@pytest.mark.process
def test_lines_that_people_leave_are_erlangs_a(section: Any) -> None:
    """A load of 1.3, and no wait for ever."""
    leave, _, _ = erlang_a(1, 1.3, 3.0)
    near([row["leave"] for row in rows(section("Erlang A")[-1])], leave)
    printed(leave)


@pytest.mark.process
def test_the_root_of_the_load_more_serves_desks_of_any_size_alike(section: Any) -> None:
    """Six for four hours and twenty for sixteen: about as many wait, and no desk is said to be overloaded."""
    small, large, answer = section("Staff by the square root")
    assert "cannot keep up" not in small + large
    found = rows(answer)
    for run, staff, offered in (("small_desk", 6, 4.0), ("large_desk", 20, 16.0)):
        near([row["waits"] for row in found if row["run"] == run], erlang_c(staff, offered))
        printed(erlang_c(staff, offered))


def swept(answer: str, metric: str) -> list[tuple[float, float, float, float]]:
    """Setting, value and ends of its interval at each point, in order of the setting."""
    document = json.loads(answer)
    (axis,) = (one["name"] for one in document["axes"])
    found = {
        (row[axis], row["value"], row["low"], row["high"])
        for row in document["points"]
        if row["metric"] == metric and row[axis] is not None
    }
    return sorted({setting: (setting, *others) for setting, *others in found}.values())


@pytest.mark.process
def test_the_better_both_sides_know_the_nearer_rulings_are_to_one_half(section: Any) -> None:
    """Priest and Klein: what is not settled is in doubt, and of what is in doubt either side wins half."""
    (answer,) = section("Who goes to court", "--format json")
    ruled, won = swept(answer, "ruled_share"), swept(answer, "buyer_win_share")
    assert ruled[0][1] < ruled[-1][1] / 3
    assert won[0][3] < won[-1][2], "intervals are apart"
    assert abs(won[0][1] - 0.5) < abs(won[-1][1] - 0.5) / 2


@pytest.mark.process
def test_a_fee_sorts_appeals_by_whether_they_are_right(section: Any) -> None:
    """Shavell: wronged losers go on appealing where those who were rightly refused no longer do."""
    (answer,) = section("Who appeals", "--format json")
    wronged, right = swept(answer, "review_share_wronged"), swept(answer, "review_share_rightly_refused")
    assert [one[0] for one in wronged] == [0, 0.25, 0.5]
    assert wronged[0][1] > 0.95
    assert right[0][1] > 0.95
    for fee in (1, 2):
        assert wronged[fee][2] > right[fee][3], "intervals are apart"
        assert wronged[fee][1] < wronged[fee - 1][1]
        assert right[fee][1] < right[fee - 1][1]


@pytest.mark.process
def test_who_weighs_the_trouble_contests_fewer_chargebacks(here: Path, ask: Ask) -> None:
    """Story 17, as it comes out: dear answers let chargebacks go; at usual costs nearly all are contested.

    Published: less than a fifth contested, about half of those won; the page says how far the model is off.
    """
    text = "title: A small corner\nbase: worlds/tmall\nmarket: {orders_per_day: 300}\n"
    text += "merchants: {count: 60}\nstart_up: 0 d\n"
    cost = "behaviour: {contest: {answer_cost: {median: 60, sigma: 0.5}}}\n"
    (here / "dear.yaml").write_text(text + cost, encoding="utf-8")
    (here / "usual.yaml").write_text(text, encoding="utf-8")
    shares = []
    for scenario in ("dear.yaml", "usual.yaml"):
        how = "--days 45 --replications 2 --workers 1 --format json"
        done = ask(f"evenhand run card_visa --scenario {scenario} {how} --out {scenario}.run")
        found = json.loads(done)["metrics"]["contest_share"]
        assert found["n"] > 30
        shares.append(found["value"])
    assert shares[0] < 0.9
    assert shares[1] > 0.95
