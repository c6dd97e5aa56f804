"""The STRESS-DES page: twenty boxes, what the run knows in them, and the author's boxes named."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evenhand.analysis import METRICS
from evenhand.analysis.report.stress import answers, stress_des
from evenhand.analysis.report.stress_items import ITEMS, LEFT
from evenhand.analysis.report.stress_text import escape, leaves, said
from evenhand.analysis.runs.digest import sealed
from evenhand.cli.main import app
from evenhand.sim.scenario.vocabulary import ENDINGS
from evenhand.storage.run_dir import read_manifest
from tests.support.app_files import finished

REFORM = {"starts": "2025-09-20", "changes": {"windows": {"file": "10 d"}}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A small finished run with a reform and a title that looks like markup."""
    at = Path(tmp_path_factory.mktemp("runs")) / "small"
    finished(at, {"title": "<b>Small</b> | _rules_ *1*", "reforms": [REFORM]}, replications=2, days=40)
    return at


@pytest.fixture(scope="module")
def manifest(folder) -> dict[str, Any]:
    """Its manifest."""
    return read_manifest(folder)


@pytest.fixture(scope="module")
def page(manifest) -> str:
    """Its page."""
    return stress_des(manifest)


def report(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["report", *arguments], catch_exceptions=False)


def box(page: str, number: str) -> str:
    """The text under the heading of an item."""
    return page.split(f"\n### {number} ")[1].split("\n##", maxsplit=1)[0]


def test_the_page_has_all_twenty_items_in_their_order(page):
    """A checklist with a box missing is not that checklist."""
    assert re.findall(r"^### (\S+)", page, re.MULTILINE) == list(ITEMS)
    assert len(ITEMS) == 20
    assert [len([n for n in ITEMS if n[0] == s]) for s in "123456"] == [3, 5, 4, 3, 4, 1]


def test_every_box_is_answered_or_left_for_the_author(manifest, page):
    """An empty box that nobody is told of would be taken for a full one."""
    found = answers(manifest)
    for number in ITEMS:
        assert found.get(number) or number in LEFT, number
        assert ("For the author" in box(page, number)) == (number in LEFT)
    tasks = re.findall(r"^- \[ \] \*\*(\S+) ", page, re.MULTILINE)
    assert tasks == list(LEFT)
    assert f"{20 - len(tasks)} of 20 items are filled whole, {len(tasks)} need the author" in page


def test_what_was_run_stands_in_the_boxes(page, manifest):
    """Whoever reads the page must be able to run the same again."""
    assert "2 replications. Stopped: after the replications that were asked for." in box(page, "4.3")
    assert "40 days" in box(page, "4.2")
    assert "2025-09-01" in box(page, "4.1")
    assert "Seed 1:" in box(page, "5.2")
    assert "Philox" in box(page, "5.2")
    assert "simpy engine" in box(page, "5.3")
    for name, number in {"Evenhand": manifest["evenhand"], **manifest["versions"]}.items():
        assert f"{name} {number}" in box(page, "5.1")
    for kind in ("scenario", "policy"):
        assert manifest[kind]["sha256"] in box(page, "6.1")


def test_every_metric_is_there_with_value_interval_count_and_formula(page, manifest):
    """Outputs that are reported without their definition cannot be compared with another study's."""
    outputs = box(page, "1.2")
    assert outputs.count("Formula: ") >= len(manifest["metrics"]) - 1
    for name, figures in manifest["metrics"].items():
        (line,) = [line for line in outputs.splitlines() if line.startswith(f"- **{name}**")]
        assert f"n = {figures['n']:,}." in line
        assert ("undefined" if figures["value"] is None else f"{figures['value']:.4g}") in line
        assert escape(METRICS[name].sentence) in line
        if figures["ci"]:
            assert f"({figures['ci'][0]:.4g} to {figures['ci'][1]:.4g})" in line


def test_components_name_people_desks_queue_and_exits(page, manifest):
    """Entities, resources and queues are what makes a model one of discrete events."""
    components = box(page, "2.5")
    assert f"{manifest['rows']['disputes']:,} disputes" in components
    assert "2,000 buyers (new, regular, power)" in components
    assert "60 merchants (flagship, small)" in components
    for desk in ("screening", "decision", "review", "mediation"):
        assert f"{desk} desk (staff " in components
    assert "service lognormal (median 1, sigma 0.6)" in components
    assert "fifo at decision and review" in components
    assert all(ending in components for ending in ENDINGS if ending != "open")


def test_the_rules_and_their_reforms_stand_in_the_logic(page):
    """A reader must see what the policy says without the file."""
    assert "merchant_reply 2 business days" in box(page, "2.2")
    assert "silence adverse_inference" in box(page, "2.2")
    assert "Reform on 2025-09-20, for disputes filed from then on: (windows (file 10 d))" in box(page, "2.3")


def test_every_setting_of_the_scenario_is_in_the_appendix(page, manifest):
    """'Every input parameter' means every one."""
    rows = [line.split(" | ") for line in page.split("## Appendix")[1].splitlines() if line.startswith("| ")]
    settings = dict(leaves(manifest["scenario"]["model"]))
    assert {row[0].removeprefix("| ") for row in rows[1:]} == set(settings)
    assert settings["buyers.groups.new.patience"] == "weibull (shape 1.5, scale 40)"
    assert settings["desks.decision.works_on_holidays"] == "no"


def test_titles_appear_as_the_text_they_are(page):
    """Names come from files that anybody may have written."""
    assert page.splitlines()[0] == (r"# STRESS-DES: \<b\>Small\</b\> \| \_rules\_ \*1\* in A small market")
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("wrongful_denial_rate", "wrongful_denial_rate"),
        ("__init__", r"\_\_init\_\_"),
        ("a\n# b", "a # b"),
        ("[x](y)", r"\[x\](y)"),
        ("&lt;", r"\&lt;"),
        ("`rm`", r"\`rm\`"),
        ("电商", "电商"),
    ],
)
def test_markup_in_a_text_is_no_markup(text, shown):
    """One line, and no more than was written."""
    assert escape(text) == shown


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "none"),
        (True, "yes"),
        (False, "no"),
        (0.1 + 0.2, "0.3"),
        (1200, "1200"),
        ([], "none"),
        ({}, "none"),
        (["a", 1], "a, 1"),
        ({"law": "constant", "value": 2.0}, "constant (value 2)"),
        ({"a": {"b": 1}}, "(a (b 1))"),
    ],
)
def test_settings_are_said_in_words(value, words):
    """true, null and braces are for programs."""
    assert said(value) == words


def test_an_open_loop_is_reported(manifest):
    """Frozen behaviour changes what the numbers mean."""
    assert "Behaviour is free" in answers(manifest)["2.3"][0]
    assert "Behaviour is frozen" in answers({**manifest, "open_loop": True})["2.3"][0]


def test_the_command_prints_the_page_or_writes_it(folder, page, tmp_path):
    """On the screen to look at, in a file to keep."""
    assert report("--stress-des", str(folder)).stdout == page
    out = tmp_path / "stress.md"
    told = report("--stress-des", str(folder), "--out", str(out))
    assert (told.exit_code, told.stdout) == (0, f"Checklist: {out}\n")
    assert out.read_text(encoding="utf-8") == page


def test_what_is_there_is_not_overwritten(folder, tmp_path):
    """The author writes into the file; a second run of the command must not take that away."""
    out = tmp_path / "stress.md"
    out.write_text("mine", encoding="utf-8")
    told = report("--stress-des", str(folder), "--out", str(out))
    assert told.exit_code == 2
    assert "is there already" in told.stderr
    assert out.read_text(encoding="utf-8") == "mine"


def test_what_cannot_be_reported_is_told_in_a_line(folder, tmp_path):
    """No traceback, no half a page."""
    assert "there is no such folder" in report("--stress-des", str(tmp_path / "none")).stderr
    broken = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del broken["metrics"]
    cut = Path(shutil.copytree(folder, tmp_path / "cut"))
    (cut / "manifest.json").write_text(json.dumps(sealed(broken)), encoding="utf-8")
    told = report("--stress-des", str(cut))
    assert (told.exit_code, told.stdout) == (2, "")
    assert "its manifest.json is damaged" in told.stderr
    assert told.stderr.count("\n") == 1
    (tmp_path / "file").touch()
    below = report("--stress-des", str(folder), "--out", str(tmp_path / "file" / "stress.md"))
    assert (below.exit_code, len(below.stderr.splitlines())) == (1, 1)
