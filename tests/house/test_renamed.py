"""Names of before are understood for one release, and the new one is said once, on stderr."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from evenhand import renamed, scenarios, sim
from evenhand.cli.main import app
from tests.support import small
from tests.support.app_files import write_files
from tests.support.runs import differing


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has been told in this process yet."""
    monkeypatch.setattr(renamed, "_said", set())


@pytest.mark.process
def test_an_option_of_before_does_what_the_new_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--clock compiled` is `--engine numba`; stdout stays as it is, and stderr has a line for each name."""
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    words = ["run", "rules.yaml", "--scenario", "world.yaml", "--days", "20", "--replications", "1"]
    words += ["--format", "json"]
    old = CliRunner().invoke(app, [*words, "--clock", "simpy", "--out", "a"], catch_exceptions=False)
    new = CliRunner().invoke(app, [*words, "--engine", "simpy", "--out", "b"], catch_exceptions=False)
    assert old.exit_code == new.exit_code == 0
    assert old.stdout == new.stdout
    assert "'--clock' is now called '--engine'" in old.stderr
    assert "is now called" not in new.stderr
    assert renamed.words_of_today(["run", "x", "--engine=compiled", "--", "--clock"]) == [
        "run",
        "x",
        "--engine=numba",
        "--",
        "--clock",
    ]
    assert renamed.words_of_today(["run", "--clock", "compiled"]) == ["run", "--engine", "numba"]


def test_an_argument_of_before_does_what_the_new_one_does(capsys: pytest.CaptureFixture[str]) -> None:
    """A notebook of last month runs; both names at once are a mistake."""
    old: dict[str, str] = {"clock": "simpy"}
    one = sim.simulate(small.scenario(), small.policy(), days=20, **old)  # type: ignore[arg-type]
    other = sim.simulate(small.scenario(), small.policy(), days=20, engine="simpy")
    assert differing(one, other) == []
    assert one.engine == other.engine == "simpy"
    assert capsys.readouterr().err.count("is now called") == 1
    with pytest.raises(TypeError, match="under its old and its new name"):
        sim.simulate(small.scenario(), small.policy(), days=20, engine="simpy", **old)  # type: ignore[arg-type]


def test_the_engine_of_an_old_manifest_is_understood() -> None:
    """A run folder of the release before can be asked about."""
    assert renamed.engine_of({"clock": "compiled"}) == "numba"
    assert renamed.engine_of({"engine": "simpy"}) == "simpy"


@pytest.mark.parametrize("old", renamed.SETTINGS)
def test_a_setting_of_before_is_read_and_told(
    old: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An own file with an old key is the same scenario or policy as with the new one."""
    now = renamed.SETTINGS[old]
    of_policy = old.partition(".")[0] in sim.Policy.model_fields
    kind, value = ("policy", "true") if of_policy else ("scenario", "0.25")
    load = scenarios.policy if of_policy else scenarios.load

    def loaded(path: str) -> object:
        *groups, key = path.split(".")
        text = f"base: tmall\ntitle: mine\nkind: {kind}\n"
        text += "".join(f"{'  ' * depth}{group}:\n" for depth, group in enumerate(groups))
        text += f"{'  ' * len(groups)}{key}: {value}\n"
        file = tmp_path / "mine.yaml"
        file.write_text(text, encoding="utf-8")
        return load(file)

    assert loaded(old) == loaded(now) != load("tmall")
    assert f"'{old}' is now called '{now}'" in capsys.readouterr().err


def test_a_setting_cannot_have_both_names(tmp_path: Path) -> None:
    """Which of the two would count cannot be told from the file."""
    file = tmp_path / "mine.yaml"
    file.write_text("base: tmall\ntitle: m\nkind: scenario\njurors: {lean: 1, bias: 2}\n", encoding="utf-8")
    with pytest.raises(scenarios.BadFile, match="given twice: 'bias'"):
        scenarios.load(file)


@pytest.mark.parametrize("old", renamed.SCENARIOS)
def test_a_scenario_of_before_is_found_and_told(old: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its nearest name by spelling may be another market."""
    now = renamed.SCENARIOS[old]
    assert scenarios.load(old) == scenarios.load(now)
    assert f"'{old}' is now called '{now}'" in capsys.readouterr().err
    with pytest.raises(scenarios.BadFile, match="is no file and no shipped policy"):
        scenarios.policy(old)
