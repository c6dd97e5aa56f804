"""`evenhand compare` from files to what a person or a program reads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from evenhand import analysis
from evenhand.analysis.metrics.cautions import FEW
from evenhand.cli.compare_table import FEW_SAID
from evenhand.cli.main import app
from evenhand.errors import UsageError
from evenhand.jobs.amounts import amount, targets
from tests.support.app_files import left_in, write_files

SHORT = ("--scenario", "world.yaml", "--days", "20", "--engine", "simpy")
MARKET = {"market": {"orders_per_day": 120}}


def compare(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["compare", *arguments, *SHORT], catch_exceptions=False)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with a world and two sets of rules, to work in."""
    write_files(tmp_path, MARKET)
    (tmp_path / "harsh.yaml").write_text(
        "kind: policy\nbase: rules.yaml\ntitle: Harsh\ndecision: {standard: 0.9, band: 0}\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return Path(tmp_path)


@pytest.fixture
def quick(monkeypatch) -> None:
    """A page that takes no time, for tests of everything around it."""

    def write(_: object, path: Path, **__: object) -> None:
        path.write_text("<html>", encoding="utf-8")

    monkeypatch.setattr("evenhand.analysis.report.comparison.write", write)


def test_the_table_has_each_metric_and_sentences_follow(here):
    """What a policy designer sees: differences, how sure they are, and what they mean."""
    told = compare("rules.yaml", "harsh.yaml", "--replications", "4")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert lines[0] == "harsh less rules"
    assert lines[1] == "in: A small market [world], 20 days, 4 worlds, seed 1"
    for metric in analysis.METRICS.values():
        title = re.compile(re.escape(metric.title) + r"( \*\d+)?  ")
        assert sum(bool(title.match(line)) for line in lines) == 1
    assert any(line.startswith("Valid claims refused: ") and "harsh" in line for line in lines)
    adjusted = [line for line in lines if re.search(r"  (\d\.\d{3}|<0\.001)  ", line)]
    assert f"Adj. p: adjusted (Holm) for {len(adjusted)} differences shown." in lines
    assert "world: world 4 of 4" in told.stderr
    assert not left_in(here) - {"harsh.yaml"}


def test_a_rate_of_few_cases_is_marked_and_the_mark_is_explained(here):
    """Two worlds of a few days have rates of a handful of cases, which no interval over worlds betrays."""
    told = compare("rules.yaml", "harsh.yaml", "--replications", "2", "--metric", "wrongful_denial_rate")
    (line,) = [line for line in told.stdout.splitlines() if line.startswith("Valid claims refused *")]
    assert 0 < int(line.split("*")[1].split()[0]) < FEW
    assert FEW_SAID.format(few=FEW) in told.stdout.splitlines()
    whole = compare("rules.yaml", "harsh.yaml", "--replications", "2", "--metric", "filed_share")
    assert "*" not in whole.stdout


@pytest.mark.process
def test_json_is_one_object_of_the_promised_shape_and_nothing_else(here):
    """Programs parse stdout; progress and remarks belong on stderr."""
    told = compare(
        "rules.yaml", "harsh.yaml", "--replications", "3", "--metric", "filed_share", "--format", "json"
    )
    (one,) = json.loads(told.stdout)["comparisons"]
    assert list(one) == [
        "scenario",
        "metric",
        "policy",
        "baseline",
        "difference",
        "ci",
        "n",
        "cases",
        "p_adjusted",
        "variance_reduction",
        "why",
    ]
    assert (one["scenario"], one["policy"], one["baseline"], one["n"]) == ("world", "harsh", "rules", 3)


def test_a_policy_against_itself_is_exactly_the_same(here):
    """Asked for by the same name twice."""
    told = compare("rules.yaml", "rules.yaml", "--replications", "2", "--metric", "settled_share")
    assert told.stdout.startswith("rules (2) less rules\n")
    assert "Settled: exactly the same under rules (2) and rules in each of 2 worlds." in told.stdout


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("rules.yaml", "harsh.yaml"), ("harsh", "rules")),
        (("rules.yaml", "harsh.yaml", "--baseline", "harsh.yaml"), ("rules", "harsh")),
        (("rules.yaml", "--baseline", "harsh.yaml"), ("rules", "harsh")),
    ],
)
def test_the_baseline_is_the_first_or_the_one_named(here, arguments, names):
    """A baseline that is not in the list joins it."""
    told = compare(*arguments, "--replications", "1", "--metric", "disputes", "--format", "json")
    (one,) = json.loads(told.stdout)["comparisons"]
    assert (one["policy"], one["baseline"]) == names


@pytest.mark.process
def test_a_folder_holds_every_value_and_how_to_make_them_again(here):
    """Parquet for the values, JSON for the differences, and a manifest that says why it stopped."""
    told = compare("rules.yaml", "harsh.yaml", "--replications", "3", "--out", "both", "--format", "json")
    assert "Records: both" in told.stderr
    folder = here / "both"
    assert {path.name for path in folder.iterdir()} == {
        "values.parquet",
        "ways.parquet",
        "comparison.json",
        "comparison.html",
        "manifest.json",
    }
    assert (folder / "comparison.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    document = json.loads(told.stdout)
    assert json.loads((folder / "comparison.json").read_text(encoding="utf-8")) == document
    query = """
        SELECT sum(n.value * n.n) / sum(n.n) - sum(o.value * o.n) / sum(o.n)
        FROM 'both/values.parquet' n JOIN 'both/values.parquet' o
        USING (metric, scenario, replication)
        WHERE metric = 'filed_share' AND n.policy = 'harsh' AND o.policy = 'rules'
            AND n."group" = '' AND o."group" = ''
    """
    one = next(c for c in document["comparisons"] if c["metric"] == "filed_share")
    assert duckdb.sql(query).fetchall()[0][0] == pytest.approx(one["difference"])
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "comparison"
    assert [policy["name"] for policy in manifest["policies"]] == ["rules", "harsh"]
    (world,) = manifest["scenarios"]
    assert (world["name"], world["replications"], world["stopped"]) == (
        "world",
        3,
        "as many as were asked for",
    )
    assert len({entry["sha256"] for entry in [*manifest["policies"], world]}) == 3
    table = duckdb.sql("SELECT * FROM 'both/values.parquet'")
    assert manifest["rows"]["values"] == len(table) > 2 * 3 * len(analysis.METRICS)
    assert dict(zip(table.columns, map(str, table.types), strict=True)) == {
        "metric": "VARCHAR",
        "scenario": "VARCHAR",
        "policy": "VARCHAR",
        "replication": "INTEGER",
        "group": "VARCHAR",
        "value": "DOUBLE",
        "n": "BIGINT",
        "clusters": "BIGINT",
    }
    groups = {group for (group,) in table.select('"group"').distinct().fetchall()}
    assert groups == {
        "",
        "buyer_group:new",
        "buyer_group:regular",
        "buyer_group:power",
        "merchant_group:flagship",
        "merchant_group:small",
    }
    unknown = table.filter("clusters IS NULL").select("metric").distinct().fetchall()
    assert {name for (name,) in unknown} == {"desk_utilisation", "backlog_peak", "payroll_per_dispute"}


@pytest.mark.process
def test_the_page_looks_at_the_disputes_of_five_worlds(here, monkeypatch):
    """Enough for intervals between worlds; those of all would not fit into memory."""
    shown: dict[str, Any] = {}

    def write(_: object, path: Path, *, runs: dict[str, Any], **__: object) -> None:
        shown.update(runs)
        path.write_text("<html>", encoding="utf-8")

    monkeypatch.setattr("evenhand.analysis.report.comparison.write", write)
    asked = ("rules.yaml", "harsh.yaml", "--replications", "7", "--metric", "disputes", "--out", "both")
    assert compare(*asked).exit_code == 0
    assert {name: (run.replications, run.seed, run.days) for name, run in shown.items()} == {
        "rules": (5, 1, 20),
        "harsh": (5, 1, 20),
    }


def test_what_needs_a_run_says_that_a_comparison_is_none(here, quick):
    """Records of a comparison are not kept."""
    asked = ("rules.yaml", "harsh.yaml", "--replications", "1", "--metric", "disputes", "--out", "both")
    assert compare(*asked).exit_code == 0
    told = CliRunner().invoke(app, ["report", "both"], catch_exceptions=False)
    assert (told.exit_code, told.stderr) == (
        2,
        "evenhand: 'both' is a comparison, not a run: make a run with evenhand run\n",
    )


@pytest.mark.process
def test_an_earlier_comparison_is_replaced_only_when_asked(here, quick):
    """Nobody loses results by a typing mistake."""
    asked = ("rules.yaml", "harsh.yaml", "--replications", "1", "--metric", "disputes", "--out", "both")
    assert compare(*asked).exit_code == 0
    refused = compare(*asked)
    assert (refused.exit_code, "add --force" in refused.stderr) == (2, True)
    assert compare(*asked, "--force", "--seed", "2").exit_code == 0
    assert json.loads((here / "both" / "manifest.json").read_text(encoding="utf-8"))["seed"] == 2


@pytest.mark.process
def test_worlds_are_added_until_intervals_are_as_narrow(here):
    """And the reader learns how many, why no more, and what pairing saved."""
    told = compare(
        "rules.yaml",
        "harsh.yaml",
        "--until",
        "settled_share=±8pt",
        "--metric",
        "settled_share",
        "--budget",
        "40",
    )
    assert told.exit_code == 0
    assert "world: stopped after 15 worlds, because every target was met" in told.stdout
    assert "Independent seeds would need about" in told.stdout


@pytest.mark.process
def test_the_best_is_picked(here):
    """With the chance of being right, and the winner in fresh worlds."""
    told = compare("rules.yaml", "harsh.yaml", "--select", "wrongful_denial_rate", "--margin", "10pt")
    assert told.exit_code == 0
    assert (
        "Valid claims refused: rules is lowest after 12 worlds; the chance that this is right" in told.stdout
    )
    assert "In 12 fresh worlds it is" in told.stdout
    told = compare(
        "rules.yaml",
        "harsh.yaml",
        "--select",
        "wrongful_denial_rate",
        "--margin",
        "0.1",
        "--replications",
        "5",
        "--format",
        "json",
    )
    document = json.loads(told.stdout)["selection"]
    assert (document["winner"], document["certain"]) == ("rules", True)
    assert 5 <= document["n"]["rules"] == document["n"]["harsh"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rules.yaml",), "compare: needs two policies or more, found one"),
        (
            ("rules.yaml", "harsh.yaml", "--replications", "0"),
            "--replications: must be 1 to 1,000,000, found 0",
        ),
        (("rules.yaml", "harsh.yaml", "--seed", "-1"), "--seed: must be 0 to 4,611,"),
        (("rules.yaml", "harsh.yaml", "--days", "0"), "--days: must be 1 to 36,500, found 0"),
        (("rules.yaml", "harsh.yaml", "--metric", "filed"), "--metric: no metric 'filed'; did you mean"),
        (("rules.yaml", "harsh.yaml", "--until", "filed_share"), "--until: write METRIC=±WIDTH"),
        (("rules.yaml", "harsh.yaml", "--until", "filed_share=1%"), "--until: write filed_share as 0.2pt"),
        (
            ("rules.yaml", "harsh.yaml", "--until", "filed_share=1pt", "--budget", "9"),
            "--budget: must be 10 to 1,000,000, found 9",
        ),
        (("rules.yaml", "harsh.yaml", "--select", "filed_share"), "--select: needs --margin too"),
        (("rules.yaml", "harsh.yaml", "--margin", "1pt"), "--margin: needs --select too"),
        (
            ("rules.yaml", "harsh.yaml", "--select", "filed_share", "--margin", "1pt"),
            "--select: filed_share is neither better high nor low",
        ),
        (
            ("rules.yaml", "harsh.yaml", "--select", "wrongful_denial_rate", "--margin", "1pt", "--out", "x"),
            "--out: has no meaning beside --select",
        ),
        (("rules.yaml", "harsh.yaml", "--force"), "--force: replaces the folder given by --out"),
    ],
)
def test_what_cannot_be_done_is_one_line(here, arguments, said):
    """Exit status 2, no traceback, nothing left behind."""
    days = () if "--days" in arguments else ("--days", "20")
    whole = ["compare", *arguments, "--scenario", "world.yaml", "--engine", "simpy", *days]
    told = CliRunner().invoke(app, whole, catch_exceptions=False)
    assert told.exit_code == 2
    assert told.stderr.startswith(f"evenhand: {said}")
    assert told.stderr.count("\n") == 1
    assert not told.stdout
    assert not left_in(here) - {"harsh.yaml"}


def test_mistakes_in_all_files_come_together(here):
    """One look at the screen, all of them mended."""
    (here / "one.yaml").write_text("kind: policy\nbase: rules.yaml\nwindow: {}\n", encoding="utf-8")
    (here / "two.yaml").write_text("kind: policy\nbase: rules.yaml\nreview: {limit: -1}\n", encoding="utf-8")
    told = compare("one.yaml", "two.yaml", "nowhere.yaml", "--out", "x")
    assert told.exit_code == 2
    assert [line.split(":")[0] for line in told.stderr.splitlines()] == [
        "one.yaml",
        "two.yaml",
        "nowhere.yaml",
    ]
    assert not (here / "x").exists()


@pytest.mark.parametrize(
    ("written", "metric", "value"),
    [
        ("±0.2pt", "wrongful_denial_rate", 0.002),
        ("0.2 pt", "wrongful_denial_rate", 0.002),
        ("+-0.2pt", "refund_bias", 0.002),
        ("+/-.2pt", "refund_bias", 0.002),
        ("0.002", "wrongful_denial_rate", 0.002),
        ("±2h", "median_hours_to_close", 2.0),
        ("1.5d", "median_hours_to_close", 36.0),
        ("3", "p90_hours_to_close", 3.0),
        ("2e-3", "open_share", 0.002),
        ("±0.5", "platform_cost_per_dispute", 0.5),
    ],
)
def test_widths_are_written_as_people_write_them(written, metric, value):
    """Points for shares, hours and days for times, numbers for the rest."""
    assert amount(written, analysis.METRICS[metric], "--until") == pytest.approx(value)
    assert targets([f"{metric}={written}"]) == pytest.approx({metric: value})


@pytest.mark.parametrize("written", ["", "±", "0", "-1", "2h", "x", "1pt2", "inf", "nan", "1e999", "0.2 %"])
def test_widths_that_mean_nothing_are_refused(written):
    """And the line says how to write one."""
    with pytest.raises(
        UsageError, match=r"--until: write filed_share as 0.2pt for 0.2 points, or 0.002, above 0"
    ):
        amount(written, analysis.METRICS["filed_share"], "--until")


def test_a_target_given_twice_is_a_mistake():
    """Which one is meant?"""
    with pytest.raises(UsageError, match="filed_share is given twice"):
        targets(["filed_share=1pt", "filed_share=2pt"])


@pytest.mark.process
def test_a_flipped_group_is_drawn_on_the_page_and_nonsense_is_refused(here):
    """The waterfall of paths needs lives of its own, so it is asked for; a typo must not cost a run."""
    two = ("rules.yaml", "harsh.yaml", "--replications", "2")
    assert compare(*two, "--out", "flipped", "--flip", "merchant.group:small:flagship").exit_code == 0
    assert "paths-1" in (here / "flipped" / "comparison.html").read_text(encoding="utf-8")
    for text, said in (
        ("merchant.group:small", "must be like"),
        ("merchant.size:small:flagship", "must begin with"),
        ("merchant.group:small:huge", "must be one of"),
    ):
        told = compare(*two, "--out", "not", "--flip", text)
        assert told.exit_code == 2
        assert said in told.stderr
    assert not (here / "not").exists()
    assert "no folder" in compare(*two, "--flip", "merchant.group:small:flagship").stderr


BY = ("--replications", "4", "--by", "buyer_group:regular", "--metric", "effective_denial_rate")


def test_a_comparison_by_group_has_a_table_and_the_gaps_before_and_after(here):
    """Who is better off is on the screen: rows are groups, with n beside every rate, then gap for gap."""
    told = compare("rules.yaml", "harsh.yaml", *BY, "--chart", "who.svg")
    assert told.exit_code == 0
    head = "Valid grievances without remedy, by group of buyers: harsh less rules"
    lines = told.stdout.splitlines()
    start = lines.index(head)
    names = [re.split(r"  +", line.strip()) for line in lines[start + 1 : start + 5]]
    assert names[0] == [
        "Group",
        "rules",
        "n",
        "harsh",
        "n",
        "Difference",
        "95 % interval",
        "Adj. p",
        "Worlds",
    ]
    assert {one[0] for one in names[1:]} == {"New", "Regular", "Power"}
    assert all(len(one) == len(names[0]) and one[-1] == "4" for one in names[1:])
    gaps = [line for line in lines if line.startswith("Gap between ")]
    said = r"Gap between (\w+) and Regular: before .*, after .*, change "
    assert {found[1] for found in (re.match(said, line) for line in gaps) if found} == {"New", "Power"}
    assert (
        "Adj. p: Holm over 3 differences in groups (measures x groups x policies); changes of gaps"
        in told.stdout
    )
    drawn = (here / "who.svg").read_text(encoding="utf-8")
    assert "Valid grievances without remedy, by group of buyers" in drawn
    for line in (line for line in lines if line.startswith("Gap between ")):
        assert line.partition(":")[0] in drawn


@pytest.mark.process
def test_groups_stand_beside_the_other_parts_and_change_none_of_them(here, quick):
    """Without --by nothing is said of groups and no file has them; with it the rest stays as it was."""
    plain = compare("rules.yaml", "harsh.yaml", "--replications", "4", "--metric", "effective_denial_rate")
    split = compare("rules.yaml", "harsh.yaml", *BY, "--out", "both", "--format", "json")
    document = json.loads(split.stdout)
    without = compare("rules.yaml", "harsh.yaml", *BY[:2], *BY[4:], "--out", "alone", "--format", "json")
    assert json.loads(without.stdout) == {name: part for name, part in document.items() if name != "by"}
    assert "by group" not in plain.stdout
    assert compare("rules.yaml", "harsh.yaml", *BY).stdout.startswith(plain.stdout)
    assert not (here / "alone" / "groups.parquet").exists()
    (by,) = document["by"]
    rows = duckdb.sql("SELECT * FROM 'both/groups.parquet'")
    known = rows.filter("reference = ''").select('"group", difference, baseline_n, worlds').fetchall()
    assert known == [(g["group"], g["difference"], g["baseline_n"], g["n"]) for g in by["groups"]]
    gaps = rows.filter("reference = 'regular'").select('"group", difference, baseline_n').fetchall()
    assert gaps == [(g["group"], g["difference"], None) for g in by["gaps"]]
    assert (
        "groups.parquet" in json.loads((here / "both" / "manifest.json").read_text(encoding="utf-8"))["files"]
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--by", "buyer_grup"),
            "--by must be among buyer_group, merchant_group, .*did you mean 'buyer_group'",
        ),
        (
            ("--by", "buyer_group:nwe"),
            "--by: buyer_group has no group 'nwe'; did you mean 'new'.*there are new",
        ),
        (
            ("--by", "buyer_group", "--metric", "backlog_peak"),
            "--by: backlog_peak cannot be split by buyer_group",
        ),
        (("--chart", "a.png"), "--chart: draws the groups of one column"),
        (("--by", "claimed", "--chart", "a.png"), "--chart: draws one measure"),
        (
            ("--by", "claimed", "--metric", "filed_share", "--chart", "a.gif"),
            r"--chart: must end in \.png, \.svg or \.pdf, found 'a.gif'",
        ),
        (
            ("--by", "claimed", "--select", "filed_share", "--margin", "1pt"),
            "--by: has no meaning beside --select",
        ),
    ],
)
def test_what_cannot_be_split_or_drawn_is_refused_before_anything_runs(here, arguments, said):
    """One line that says what there is, and nothing is left behind."""
    told = compare("rules.yaml", "harsh.yaml", *arguments)
    assert told.exit_code == 2
    assert re.search(said, " ".join(told.stderr.split()))
    assert "world 1" not in told.stderr
    assert not left_in(here) - {"harsh.yaml"}
