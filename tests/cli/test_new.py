"""The first file of somebody who writes rules, and what a shell and an editor know of them."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import pytest

from evenhand import scenarios
from evenhand.cli import completion, new
from evenhand.errors import UsageError
from evenhand.scenarios import BadFile, begin
from evenhand.scenarios.catalogue import KINDS, Kind
from evenhand.scenarios.yaml import parse
from tests.support.app_files import finished


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_file_is_its_base_until_it_is_edited(kind: Kind, tmp_path, monkeypatch, capsys) -> None:
    """Nobody should start from built-in defaults by mistake: the base line is there from the first day."""
    monkeypatch.chdir(tmp_path)
    new.carry_out("my-rules", "tmall", kind)
    assert "evenhand check my-rules.yaml" in capsys.readouterr().out
    mine = scenarios.read("my-rules.yaml")
    assert (mine.kind, mine.model.title) == (kind, "My rules")
    assert scenarios.content_key(mine.model) == scenarios.content_key(scenarios.read("tmall", kind).model)


@pytest.mark.parametrize("kind", KINDS)
def test_its_example_works_when_the_comment_is_taken_off(kind: Kind, tmp_path, monkeypatch) -> None:
    """A first change is one that a reader uncomments."""
    monkeypatch.chdir(tmp_path)
    new.carry_out("x", "tmall", kind)
    text = Path("x.yaml").read_text(encoding="utf-8")
    group = begin.EXAMPLES[kind][0].partition(".")[0]
    start = text.index(f"# {group}:")
    changed = text[:start] + "\n".join(line.removeprefix("# ") for line in text[start:].splitlines())
    seen = scenarios.check_text(changed + "\n", "x.yaml", folder=tmp_path)
    assert seen.loaded is not None
    assert scenarios.content_key(seen.loaded.model) != scenarios.content_key(scenarios.read("x.yaml").model)


def test_its_first_line_leads_an_editor_to_the_schema(tmp_path, monkeypatch) -> None:
    """The YAML language server reads that line; a path that is not there would be silence."""
    monkeypatch.chdir(tmp_path)
    new.carry_out("x", "tmall", "policy")
    first = Path("x.yaml").read_text(encoding="utf-8").splitlines()[0]
    address = first.removeprefix("# yaml-language-server: $schema=")
    schema = json.loads(Path(url2pathname(urlparse(address).path)).read_text(encoding="utf-8"))
    assert schema["title"] == "Evenhand policy"


def test_a_file_that_is_there_is_never_replaced(tmp_path, monkeypatch) -> None:
    """A second `new` of the same name would destroy a day's work."""
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already; nothing was written"):
        new.carry_out("x", "tmall", "policy")
    assert Path("x.yaml").read_text(encoding="utf-8") == "mine"


def test_the_folder_of_a_run_takes_no_new_file(tmp_path, monkeypatch) -> None:
    """It would be what nobody knows when the run is to be replaced."""
    monkeypatch.chdir(tmp_path)
    finished(Path("run"), replications=1, days=20)
    before = sorted(path.name for path in Path("run").iterdir())
    with pytest.raises(UsageError, match="NAME: must not be in the folder of a run"):
        new.carry_out("run/mine", "tmall", "policy")
    assert sorted(path.name for path in Path("run").iterdir()) == before


def test_a_base_may_be_a_file_and_is_named_as_seen_from_the_new_one(tmp_path, monkeypatch) -> None:
    """Bases are relative to the file that names them, wherever the command was given."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("kind: policy\ntitle: a\nbase: tmall\n", encoding="utf-8")
    new.carry_out("rules/b", "a.yaml", "policy")
    assert scenarios.policy("rules/b.yaml").windows == scenarios.policy("a.yaml").windows
    with pytest.raises(BadFile, match="did you mean 'tmall'"):
        new.carry_out("c", "tmal", "policy")
    assert not Path("c.yaml").exists()


def test_the_title_is_safe_whatever_the_name_is(tmp_path) -> None:
    """A name with quotation marks or colons is a text like any other."""
    text = new.text('a": {b}', 'c"\\d', scenarios.read("tmall", "policy"))
    assert parse(text, "x", []).data() == {"kind": "policy", "title": 'A": {b}', "base": 'c"\\d'}


def test_a_shell_offers_names_files_and_settings(tmp_path, monkeypatch) -> None:
    """What completes must be what the command then understands."""
    monkeypatch.chdir(tmp_path)
    Path("taobao-mine.yaml").write_text("", encoding="utf-8")
    Path("taobao.txt").write_text("", encoding="utf-8")
    assert completion.policies("taobao") == [
        "taobao_autonomy_2024",
        "taobao_jury_31",
        "taobao_refund_only_2023",
        "taobao-mine.yaml",
    ]
    assert completion.worlds("n") == ["nyc_mediation"]
    assert completion.names("tm") == ["tmall_unresponsive", "tmall_image_check_2026"]
    assert completion.names("worlds/t") == ["worlds/tmall", "worlds/tmall_unresponsive"]
    assert completion.settings("windows.merchant_e") == ["windows.merchant_evidence="]
    market, rules = scenarios.load("tmall"), scenarios.policy("tmall")
    for offered in completion.settings("answer."):
        assert scenarios.builder(market, rules)({offered.rstrip("="): 0.0}) is not None
