"""`evenhand attribute`: where two policies part, and which settings made the difference."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand.cli.main import app
from tests.support.app_files import write_files

SMALL = ("--days", "40", "--replications", "2", "--engine", "simpy")


def evenhand(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Two policies, the second harsher and quicker, and the small market."""
    a, b = (tmp_path_factory.mktemp(name) for name in "ab")
    write_files(a)
    write_files(b, rules={"decision": {"standard": 0.65}, "windows": {"merchant_evidence": "24 h"}})
    return str(a / "rules.yaml"), str(b / "rules.yaml"), "--scenario", str(a / "world.yaml")


def test_help_shows_examples_with_options_that_exist() -> None:
    """An example is what people read first."""
    told = evenhand("attribute", "--help").stdout
    examples = [line.split() for line in told.splitlines() if line.strip().startswith("evenhand ")]
    assert len(examples) == 3
    for words in examples:
        assert words[1] == "attribute"
        assert all(word in told.split("Options:")[1] for word in words if word.startswith("--"))


@pytest.mark.process
def test_a_program_gets_settings_changes_partings_flips_and_shares(files: tuple[str, ...]) -> None:
    """One document; the shares of the settings sum to the whole difference."""
    arguments = ("attribute", *files, *SMALL, "--dearest", "3", "--metric", "buyer_win_share")
    found = json.loads(evenhand(*arguments, "--format", "json").stdout)
    assert [one["path"] for one in found["settings"]] == ["windows.merchant_evidence", "decision.standard"]
    assert len(found["dearest"]) == 3
    for flip in found["dearest"]:
        assert flip["a"]["upheld"] != flip["b"]["upheld"]
        assert flip["a"]["dispute"] == flip["b"]["dispute"] == flip["dispute"]
        assert flip["events_a"] != flip["events_b"] or flip["parting"].endswith("another result")
    shares = {one["part"]: one["value"] for one in found["shapley"]["findings"]}
    total = shares.pop("all settings")
    assert sum(shares.values()) == pytest.approx(total, abs=1e-12)
    assert set(shares) == {"windows.merchant_evidence", "decision.standard"}
    without = json.loads(evenhand("attribute", *files, *SMALL, "--format", "json").stdout)
    assert without["shapley"] is None
    assert len(without["dearest"]) == 20


@pytest.mark.process
def test_a_person_gets_tables_and_both_lives_of_the_dearest_flip(files: tuple[str, ...]) -> None:
    """The same dispute explained twice, once under each policy."""
    text = evenhand("attribute", *files, *SMALL, "--dearest", "2", "--explain", "1").stdout
    for heading in ("Where lives part", "The dearest flips", "decision.standard", "To wrong"):
        assert heading in text
    assert text.count("What decided it") == 2
    assert "under A" in text
    assert "under B" in text
    assert "0.65" in text


@pytest.mark.process
def test_a_policy_against_itself_parts_nowhere(files: tuple[str, ...]) -> None:
    """Nothing to list, and nothing to split."""
    same = (files[0], files[0], *files[2:])
    found = json.loads(evenhand("attribute", *same, *SMALL, "--format", "json").stdout)
    assert found["settings"] == found["partings"] == found["dearest"] == []
    assert "0.0 % go another way" in evenhand("attribute", *same, *SMALL).stdout
    refused = evenhand("attribute", *same, *SMALL, "--metric", "buyer_win_share")
    assert refused.exit_code == 2
    assert "there is nothing to split" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--metric", "buyer_win_shar"), "did you mean 'buyer_win_share'?"),
        (("--dearest", "-1"), "--dearest: must be 0 or more, found -1"),
        (
            ("--metric", "buyer_win_share", "--by", "letter"),
            "by: must be one of auto, setting, section, chapter",
        ),
    ],
)
def test_what_cannot_be_attributed_gets_one_line(
    arguments: tuple[str, ...], said: str, files: tuple[str, ...]
) -> None:
    """Before anything runs: exit status 2 and nothing else."""
    done = evenhand("attribute", *files, *SMALL, *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_help_of_both_commands_needs_none_of_the_heavy_libraries() -> None:
    """The modules that declare options import nothing but typer."""
    for name in ("attribute", "audit", "options"):
        source = (Path(__file__).parents[2] / "evenhand" / "cli" / f"{name}.py").read_text(encoding="utf-8")
        top = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
        assert all(
            line.split()[1].removeprefix("evenhand.").split(".")[0]
            in {"__future__", "cli", "errors", "enum", "locale", "pathlib", "typer", "typing"}
            for line in top
        )
