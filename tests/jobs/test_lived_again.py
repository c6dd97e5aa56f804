"""Single disputes of a comparison are told from its folder: the same lives that were counted."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evenhand import jobs, sim
from evenhand.analysis.compare.paths import PATHS, paths
from evenhand.analysis.runs.digest import sealed
from evenhand.cli.main import app
from evenhand.errors import UsageError
from evenhand.explain.dispute import find
from evenhand.jobs.lived_again import is_comparison, live_again
from tests.support import small
from tests.support.app_files import write_files

pytestmark = pytest.mark.process
SHORT = {"windows": {"merchant_evidence": "6 h"}}
MARKET = {"market": {"orders_per_day": 120}}


def experiment() -> sim.Experiment:
    return sim.Experiment.of(
        small.scenario(MARKET), small.policy(), seed=3, replications=3, days=40, engine="simpy", events=False
    )


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> jobs.Compared:
    """Three policies in three worlds, in a folder."""
    folder = Path(tmp_path_factory.mktemp("compared")) / "both"
    rules = {
        "rules": small.policy(),
        "short": small.policy(SHORT),
        "other": small.policy({"review": {"limit": 0}}),
    }
    return jobs.compare(experiment(), rules, baseline="rules", out=folder)


def told(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_a_world_that_is_lived_again_has_the_paths_that_were_counted(compared):
    """Each example takes, under either policy, the path that it stands for."""
    for way in compared.comparison.ways:
        for one in way.largest(6):
            runs = live_again(compared.folder, one.world, policy=way.policy)
            assert list(runs) == ["rules", way.policy]
            for run, path in zip(runs.values(), (one.move.before, one.move.after), strict=True):
                mine = run.disputes["dispute"] == one.dispute
                if not one.move.other_disputes:
                    assert [PATHS[number] for number in paths(run)[mine]] == [path]
                assert len(run.events["case"])


def test_disputes_of_every_world_are_told(compared):
    """The second world as well as the first; another number than that of the world is refused."""
    for world in (0, 1):
        run = live_again(compared.folder, world)["rules"]
        first = int(run.disputes["dispute"][0])
        assert find(run, first, world)["replication"] == world
    with pytest.raises(UsageError, match="--replication: must be 1 in this run, found 0"):
        find(run, first, 0)


def test_the_command_that_a_comparison_prints_tells_both_lives(tmp_path, monkeypatch):
    """It can be pasted as it stands, and names the policies above each life."""
    write_files(tmp_path, MARKET)
    text = "title: short\nbase: rules.yaml\nwindows: {merchant_evidence: 6 h}\n"
    (tmp_path / "short.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    asked = ("rules.yaml", "short.yaml", "--scenario", "world.yaml", "--replications", "2", "--days", "40")
    done = told("compare", *asked, "--engine", "simpy", "--metric", "merchant_missed_share", "--out", "two")
    assert "Changed against rules:\n  Windows: for the merchant's evidence: " in done.stdout
    assert "    Why: " in done.stdout
    line = next(x for x in re.findall(r"evenhand (explain .*)", done.stdout) if "--replication" in x)
    life = told(*shlex.split(line))
    assert life.exit_code == 0
    assert "Under rules" in life.stdout
    assert "Under short" in life.stdout
    assert life.stdout.count("What happened") == 2


def test_what_a_comparison_has_not_is_refused_in_one_line(compared, tmp_path):
    """Worlds, policies and scenarios by their names; a folder that was changed, or made by other code."""
    folder = compared.folder
    assert is_comparison(folder)
    assert not is_comparison(tmp_path)
    for how, said in (
        ({"replication": 3}, "--replication: must be 0 to 2 in this comparison, found 3"),
        ({"replication": 0, "policy": "shrot"}, "did you mean 'short'"),
        ({"replication": 0, "scenario": "nowhere"}, "--scenario: no 'nowhere' in this comparison"),
    ):
        with pytest.raises(UsageError, match=re.escape(said)):
            live_again(folder, **how)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for change, said in (
        ({"seed": 4}, "is not as it was written"),
        ({"sources": "other"}, "was written by another version"),
        ({"decide": True}, "a rule in Python decided there"),
    ):
        document = {**manifest, **change}
        if "seed" not in change:
            document = sealed(document)
        copy = tmp_path / next(iter(change))
        copy.mkdir()
        (copy / "manifest.json").write_text(json.dumps(document), encoding="utf-8")
        with pytest.raises(UsageError, match=said):
            live_again(copy, 0)
    wrong = told("explain", str(folder), "999999")
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (2, 1)
