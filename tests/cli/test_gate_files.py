"""The file of a gate: what it must say, what is said of its mistakes, and what accepting does to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evenhand import renamed
from evenhand.analysis.gate import Reading
from evenhand.errors import UsageError
from evenhand.jobs.gate_accept import rewrite
from evenhand.jobs.gate_file import in_units, read
from evenhand.scenarios import BadFile
from evenhand.storage.version import version
from tests.support.app_files import write_files

PLAIN = """\
# What the rules do, as agreed on.
seed: 1
days: 60  # short, as builds are
replications: 10
budget: 12
gates:
  # the small market
  - scenario: world.yaml
    policy: rules.yaml
    metrics:
      wrongful_denial_rate:
        # as many refusals as before
        margin: 2 pt
      disputes: {margin: 20}  # either way

      p90_hours_to_close:
        role: not_worse
        margin: 1 d
"""
MEASURED = [
    [
        {"wrongful_denial_rate": 0.1 + i / 7, "disputes": 800.0 + i, "p90_hours_to_close": 300 / (i + 1)}
        for i in range(12)
    ]
]


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with a scenario, a policy and a gate, to work in."""
    write_files(tmp_path)
    (tmp_path / "expect.yaml").write_text(PLAIN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Path(tmp_path)


def gate(text: str) -> Path:
    path = Path("expect.yaml")
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(text: str) -> list[str]:
    with pytest.raises(BadFile) as failure:
        read(gate(text))
    return str(failure.value).splitlines()


def accept(path: Path, reason: str = "agreed", measured: Any = MEASURED) -> str:
    readings = [
        [{name: Reading(one, 10) for name, one in each.items()} for each in gate] for gate in measured
    ]
    rewrite(read(path, accepting=True), readings, reason)
    return path.read_text(encoding="utf-8")


def test_a_minimal_file_is_read_with_its_policy_and_its_margins(here):
    """Files are looked for beside the gate, so that it works from any folder."""
    file = read(here / "expect.yaml")
    (entry,) = file.gates
    assert (entry.scenario.title, entry.policy.title) == ("A small market", "Small rules")
    assert [(one.metric, one.margin, one.role, len(one.accepted)) for one in entry.gauges] == [
        ("wrongful_denial_rate", 0.02, "equivalence", 0),
        ("disputes", 20.0, "equivalence", 0),
        ("p90_hours_to_close", 24.0, "not_worse", 0),
    ]


DENIALS, DISPUTES = "gates.0.metrics.wrongful_denial_rate", "gates.0.metrics.disputes"
WRONG = [
    ("replications: 10", "replications: 5", ":4:15: replications: must be 10 or more, found 5"),
    ("budget: 12", "budget: 11\nbugdet: 9", ":6:1: bugdet: unknown setting; did you mean 'budget'?"),
    ("replications: 10", "replications: 30", ":5:9: budget: must be 30 (replications) or more"),
    ("days: 60", "seeds: 2", "days: must be given"),
    ("denial_rate", "denial_rat", f":11:7: {DENIALS[:-1]}: no such metric; did you mean 'wrongful_denial_"),
    ("2 pt", "2 h", f":13:17: {DENIALS}.margin: must be a number (unit: share) or points such as '0.5 pt'"),
    ("2 pt", "2", f"{DENIALS}.margin: must be above 0 and below 1, or points, found 2"),
    ("margin: 20", "margin: 0", f"{DISPUTES}.margin: must be above 0, found 0"),
    ("margin: 20", "margin: true", f"{DISPUTES}.margin: must be a number or text"),
    ("margin: 1 d", "margin: 1 dya", "number (unit: h) or a duration such as '2 h', found '1 dya'"),
    ("20}", "20, role: not_worse}", f":14:36: {DISPUTES}.role: must be 'equivalence', because neither way"),
    ("role: not_worse", "role: not_wrose", "found 'not_wrose'; did you mean 'not_worse'?"),
    ("rules.yaml", "rulse.yaml", ":9:13: gates.0.policy: 'rulse.yaml' is no file and no shipped policy"),
    ("days: 60", "days: 9", "windows.confirm: must not be longer than the run of 9 days"),
    ("budget: 12", "budget: [", "not valid YAML"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG, ids=[new for _, new, _ in WRONG])
def test_a_mistake_is_told_with_its_line_and_what_is_allowed(here, old, new, said):
    """A gate that silently watched nothing would be worse than none."""
    assert old in PLAIN
    assert any(said in line for line in mistakes(PLAIN.replace(old, new, 1)))


def test_all_mistakes_are_told_at_once_those_of_the_policy_too(here):
    """Nobody wants to run a build once for each mistake."""
    (here / "rules.yaml").write_text("kind: policy\ntitle: x\nwindow: {}\n", encoding="utf-8")
    said = mistakes(PLAIN.replace("margin: 20", "margin: -1").replace("2 pt", "two"))
    assert [line.split(":")[0] for line in said] == ["rules.yaml", "expect.yaml", "expect.yaml"]


@pytest.mark.parametrize(
    ("margin", "unit", "value"),
    [
        ("0.5pt", "share", 0.005),
        (" 2 pt", "share of amount", 0.02),
        (0.01, "share", 0.01),
        ("90 min", "h", 1.5),
        (3, "h", 3),
        (12.5, "count", 12.5),
        (7, "currency", 7),
    ],
)
def test_margins_are_written_as_people_say_them(margin, unit, value):
    """Points are not per cent of the value: 0.5 pt of a share is 0.005."""
    assert in_units(margin, unit) == pytest.approx(value, rel=1e-15)


def test_accepting_keeps_comments_order_and_everything_else(here):
    """The file is a document of a team; only the numbers are the program's."""
    text = accept(Path("expect.yaml"))
    lines = text.splitlines()
    kept = [line.strip() for line in PLAIN.splitlines() if line.strip()]
    moved = [line.replace("{margin: 20}  # either way", "") for line in kept]
    rest = iter(line.strip() for line in lines)
    assert all(any(line.strip() == one for line in rest) for one in moved if "disputes" not in one)
    for comment in (
        "# What the rules do",
        "  # short, as",
        "# the small market",
        "# as many",
        "# either way",
    ):
        assert comment in text
    assert text.index("wrongful_denial_rate") < text.index("disputes") < text.index("p90_hours_to_close")


def test_accepted_values_come_back_to_the_last_bit_with_reason_version_and_date(here):
    """Pairs are exact, or an unchanged policy would not differ by exactly nothing."""
    accept(Path("expect.yaml"), "because: it is # better")
    file = read(Path("expect.yaml"))
    for gauge in file.gates[0].gauges:
        np.testing.assert_array_equal(gauge.accepted, [one[gauge.metric] for one in MEASURED[0]])
    accepted = file.says.accepted
    assert accepted is not None
    assert (accepted.reason, accepted.evenhand) == ("because: it is # better", version())
    assert accepted.date.year >= 2025
    expected = file.says.gates[0].metrics["wrongful_denial_rate"].expected
    assert expected == pytest.approx(0.1 + 5.5 / 7)


def test_a_rate_is_accepted_with_the_cases_that_pool_it(here):
    """A gate shows the rate that a run shows: replications weigh as many cases as they count."""
    many = [
        {name: Reading(one, 10 + 90 * i) for name, one in each.items()} for i, each in enumerate(MEASURED[0])
    ]
    rewrite(read(Path("expect.yaml"), accepting=True), [many], "agreed")
    watched = read(Path("expect.yaml")).says.gates[0].metrics
    rate, counted = watched["wrongful_denial_rate"], watched["disputes"]
    assert rate.expected == pytest.approx(np.average(rate.values, weights=rate.cases))
    assert rate.expected != pytest.approx(np.mean(rate.values))
    assert counted.expected == pytest.approx(np.mean(counted.values))
    assert not counted.cases
    shorter = Path("expect.yaml").read_text(encoding="utf-8").replace("cases: [10, ", "cases: [", 1)
    assert "cases: must have 12 entries like the values, found 11" in mistakes(shorter)[0]


def test_a_file_may_keep_the_old_name_of_a_metric(here, capsys, monkeypatch):
    """It is read, judged and accepted under the name of today, and stays as its team wrote it."""
    monkeypatch.setattr(renamed, "_said", set())
    path = gate(PLAIN.replace("wrongful_denial_rate", "wrongful_charge_rate"))
    assert read(path).gates[0].gauges[0].metric == "wrongful_grant_rate"
    assert "'wrongful_charge_rate' is now called 'wrongful_grant_rate'" in capsys.readouterr().err
    now = [{name.replace("denial", "grant"): one for name, one in each.items()} for each in MEASURED[0]]
    assert "wrongful_charge_rate:" in accept(path, measured=[now])


def test_accepting_the_same_again_changes_nothing_else(here):
    """Whoever reviews the change sees the numbers that moved and no noise."""
    once = accept(Path("expect.yaml"))
    assert accept(Path("expect.yaml")) == once


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed: 1", "seed: 2", "expect.yaml:2:7: seed: was 1 when values were accepted, found 2"),
        ("days: 60", "days: 50", "expect.yaml:3:7: days: was 60 when values were accepted, found 50"),
        ("expected: 8", "expected: 9", f"{DISPUTES}.expected: must be the mean of the values, 805.5"),
        ("accepted:\n", "x_accepted:\n", "x_accepted: unknown setting"),
    ],
)
def test_accepted_values_of_other_worlds_or_changed_by_hand_are_refused(here, old, new, said):
    """Pairs of different worlds would say nothing and look like something."""
    text = accept(Path("expect.yaml"))
    assert old in text
    assert any(said in line for line in mistakes(text.replace(old, new, 1)))


def test_what_no_longer_fits_can_be_accepted_anew(here):
    """A new seed is a good reason to accept, so accepting must not stumble over it."""
    path = gate(accept(Path("expect.yaml")).replace("seed: 1", "seed: 2", 1))
    assert [len(one.accepted) for one in read(path, accepting=True).gates[0].gauges] == [0, 0, 0]
    accept(path, "another seed")
    assert read(path).says.accepted.seed == 2


def test_values_without_a_word_on_how_they_were_accepted_are_refused(here):
    """Nobody can tell any more which worlds they belong to."""
    text = accept(Path("expect.yaml"))
    assert "accepted: must be given where there are values" in mistakes(text[: text.index("accepted:\n")])[0]


def test_a_crash_while_accepting_leaves_the_old_file(here, monkeypatch):
    """Half a file of expectations is none."""

    def fail(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evenhand.analysis.runs.atomic.flush", fail)
    with pytest.raises(OSError, match="No space"):
        accept(Path("expect.yaml"))
    assert Path("expect.yaml").read_text(encoding="utf-8") == PLAIN
    assert {path.name for path in here.iterdir()} == {"expect.yaml", "rules.yaml", "world.yaml"}


def test_a_link_to_the_file_stays_a_link(here):
    """The file may be kept elsewhere; policies are looked for beside the file itself."""
    (here / "elsewhere").mkdir()
    link = here / "elsewhere" / "link.yaml"
    link.symlink_to(here / "expect.yaml")
    accept(link)
    assert link.is_symlink()
    assert "reason: agreed" in (here / "expect.yaml").read_text(encoding="utf-8")


def test_gates_that_share_their_metrics_by_an_alias_cannot_be_accepted(here):
    """One list of values cannot hold those of two policies."""
    shared = "    metrics: &panel\n      disputes: {margin: 20}\n"
    entry = "  - scenario: world.yaml\n    policy: rules.yaml\n"
    path = gate(f"days: 60\ngates:\n{entry}{shared}{entry}    metrics: *panel\n")
    with pytest.raises(UsageError, match="disputes is an alias; write the metrics of each gate out"):
        accept(path, measured=MEASURED * 2)
