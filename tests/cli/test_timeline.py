"""`evenhand timeline`: on the screen, as a picture, as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from evenhand.cli.main import app
from evenhand.errors import UsageError
from evenhand.scenarios import BadFile

RUN = CliRunner()


def timeline(*arguments: str) -> str:
    done = RUN.invoke(app, ["timeline", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def court(tmp_path: Path) -> Path:
    path = tmp_path / "court.yaml"
    path.write_text(
        "title: 闲鱼小法庭\nbase: tmall\nwindows: {merchant_reply: 5 business days}\n", encoding="utf-8"
    )
    return path


def test_the_screen_shows_each_step_with_its_length_and_what_silence_means(court):
    """The quick look: no file, no picture, every policy below the other on one scale."""
    told = timeline("tmall", str(court))
    assert told.index("Tmall customer-service intervention [tmall]") < told.index("闲鱼小法庭 [court]")
    for words in ("Statement and evidence", "3 d", "counts against", "5 business days"):
        assert words in told
    ask = next(line for line in told.splitlines() if "Time to ask the platform" in line)
    assert "=" in ask
    ruling = next(line for line in told.splitlines() if "Ruling at a desk" in line)
    assert "*" in ruling
    assert "=" not in ruling


def test_a_scenario_gives_the_calendar(court):
    """Five business days from a Monday end on Saturday's midnight; without a calendar they are a week."""

    def closes(*options: str) -> float:
        (one,) = json.loads(timeline(str(court), "--format", "json", *options))
        (phase,) = (phase for phase in one["phases"] if phase["key"] == "windows.merchant_reply")
        return float(phase["closes"]) / 24

    assert closes() == 7
    assert closes("--scenario", "tmall") == 5


@pytest.mark.process
@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf", ".PNG"])
def test_a_picture_is_written_whole_in_the_format_of_its_name(tmp_path, court, suffix):
    """With Chinese in it, and nothing else left in the folder."""
    out = tmp_path / "deep" / f"wall{suffix}"
    assert f"wrote {out}" in timeline("tmall", str(court), "--out", str(out))
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    head = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[suffix.lower()]
    assert out.read_bytes().startswith(head)
    if suffix == ".png":
        with Image.open(out) as picture:
            assert picture.width == 2800
    if suffix == ".svg":
        text = out.read_text(encoding="utf-8")
        assert "闲鱼小法庭" in text, "words stay words"
        assert "Noto Sans CJK SC" in text


@pytest.mark.process
def test_the_same_policy_gives_the_same_file(tmp_path):
    """Pictures in a repository must not change when nothing has changed."""
    for suffix in ("svg", "png"):
        for name in ("a", "b"):
            timeline("mediation", "--out", str(tmp_path / f"{name}.{suffix}"))
        assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


def test_what_cannot_be_drawn_is_refused_before_any_work(tmp_path):
    """The message says what is allowed."""
    with pytest.raises(UsageError, match=r"must end in \.png, \.svg or \.pdf, found 'wall\.gif'"):
        _refused("timeline", "tmall", "--out", "wall.gif")
    with pytest.raises(UsageError, match="leave out --out"):
        _refused("timeline", "tmall", "--out", "wall.png", "--format", "json")
    with pytest.raises(BadFile, match="did you mean 'tmall'"):
        _refused("timeline", "tmal")


def _refused(command: str, *arguments: str) -> None:
    """Carry out a command as `main` does, but let what it raises come through."""
    from evenhand.cli.timeline import carry_out

    options = dict(zip(arguments[1::2], arguments[2::2], strict=True))
    out = Path(options["--out"]) if "--out" in options else None
    carry_out(arguments[:1], None, out, force=False, as_json=options.get("--format") == "json")
