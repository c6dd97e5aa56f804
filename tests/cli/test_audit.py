"""`evenhand audit`: a table for a person, one document for a program, one line for a mistake."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand.cli.main import app
from tests.support.app_files import write_files
from tests.support.often import often

AUDITS = ("flip", "noise", "arms", "loops")
FLIP = ("--attribute", "merchant.group", "--from", "small", "--to", "flagship")
SMALL = ("--days", "20", "--replications", "2", "--engine", "simpy")


def evenhand(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Small files: a policy and `--scenario` with its market."""
    folder = tmp_path_factory.mktemp("files")
    write_files(folder)
    return str(folder / "rules.yaml"), "--scenario", str(folder / "world.yaml")


@pytest.mark.process
@pytest.mark.parametrize("audit", often(AUDITS, {"arms"}))
def test_a_program_gets_one_document_with_every_finding(audit: str, files: tuple[str, ...]) -> None:
    """Names, plain numbers or null, counts and units; and the same in the text."""
    arguments = ("audit", audit, *files, *(FLIP if audit == "flip" else ()), *SMALL)
    found = json.loads(evenhand(*arguments, "--format", "json").stdout)
    assert found["audit"] == audit
    assert (found["seed"], found["replications"], found["days"]) == (1, 2, 20)
    assert found["sentence"]
    for one in found["findings"]:
        assert list(one) == ["measure", "title", "part", "value", "ci", "n", "unit"]
        assert one["value"] is not None or one["ci"] is None
    text = evenhand(*arguments).stdout
    assert found["sentence"].split(";", maxsplit=1)[0][:40] in text
    assert "95 % interval" in text or "Added by feedback" in text
    shown = " ".join(text.split())
    for one in found["findings"][:3]:
        assert one["title"].removesuffix(", frozen").split(",")[0] in shown or audit == "loops"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("flip", *FLIP[:-1], "huge"), "merchant.group: must be one of flagship, small, found 'huge'"),
        (("flip", *FLIP, "--paths", "luck"), "paths: must be some of arbiter, evidence, delay, filing"),
        (("noise", "--judges", "99"), "judges: must be from 2 to the scenario's 8 arbiters, found 99"),
        (("arms", "--delta", "much"), "--delta: must be 'sd' or a number of nats, found 'much'"),
        (("loops", "--replications", "0"), "must be 1 to 1,000,000, found 0"),
    ],
)
def test_what_cannot_be_audited_gets_one_line(
    arguments: tuple[str, ...], said: str, files: tuple[str, ...]
) -> None:
    """Exit status 2, nothing on stdout, no traceback."""
    done = evenhand("audit", arguments[0], *files, *SMALL, *arguments[1:])
    assert done.exit_code == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert said in lines[-1]
    assert len(lines) == 1


@pytest.mark.process
def test_a_reason_that_never_applied_is_not_shown(files: tuple[str, ...]) -> None:
    """But the rule itself always is: that it is 0 is the finding."""
    found = json.loads(evenhand("audit", "arms", *files, *SMALL, "--format", "json").stdout)["findings"]
    text = evenhand("audit", "arms", *files, *SMALL).stdout
    assert "by the rule itself" in text.split("One more unit")[0]
    never = [
        one["title"] for one in found if one["measure"] == "backfires_by_withdrawal" and one["value"] == 0
    ]
    assert len(never) >= 2
    assert text.count("because the buyer no longer gives up") <= 3 - len(never)
