"""Results as tables of any library, as a line, as LaTeX, and as folders that are whole or not there."""

from __future__ import annotations

import builtins
import json
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evenhand import analysis, frames, sim
from evenhand.analysis.experiments import Axis
from evenhand.analysis.runs.digest import holds, of_file
from evenhand.errors import UsageError
from evenhand.result import Framed
from evenhand.scenarios import builder
from evenhand.storage.run_dir import open_run
from tests.support import small

HOW: dict[str, Any] = {"seed": 3, "replications": 2, "days": 25, "engine": "simpy"}
RATES = ["wrongful_denial_rate", "settled_share"]


@pytest.fixture(scope="module")
def run() -> sim.Run:
    """Two small worlds."""
    return sim.simulate(small.scenario(), small.policy(), **HOW)


@pytest.fixture(scope="module")
def results(run: sim.Run) -> dict[str, Framed]:
    """One of each kind of result."""
    rules = {"mild": small.policy(), "strict": small.policy({"decision": {"standard": 0.9, "band": 0.0}})}
    axis = Axis(name="decision.standard", low=0.4, high=0.7, base=0.5)
    compared = analysis.compare(small.scenario(), rules, metrics=RATES, by="buyer_group", **HOW)
    return {
        "run": run,
        "comparison": compared,
        "by_group": compared.by_group(),
        "selection": analysis.select(
            small.scenario(), rules, RATES[0], 0.05, n0=3, budget=4, seed=3, days=25, engine="simpy"
        ),
        "sweep": analysis.sweep(
            builder(small.scenario(), small.policy()), [axis], points=2, metrics=RATES, **HOW
        ),
        "audit": analysis.counterfactual.loops(
            small.scenario(), small.policy(), [(RATES[0], "buyer_group")], **HOW
        ),
        "panel": analysis.fairness.panel(run, draws=50),
        "outcomes": analysis.outcomes(run, RATES),
        "frame": analysis.metric_frame(run, "buyer_group", RATES),
        "gate": analysis.gate.Findings(
            [
                analysis.gate.judge(
                    analysis.gate.Gauge("settled_share", np.full(4, 0.5), 0.1), np.full(4, 0.51)
                )
            ]
        ),
    }


KINDS = ["run", "comparison", "by_group", "selection", "sweep", "audit", "panel", "outcomes", "frame", "gate"]


@pytest.mark.process
@pytest.mark.parametrize("kind", KINDS)
def test_a_result_is_a_line_and_a_table_of_every_library(kind: str, results: dict[str, Framed]) -> None:
    """The same rows in all of them; a notebook shows a table, a prompt one to a few lines."""
    pytest.importorskip("pandas"), pytest.importorskip("pyarrow"), pytest.importorskip("polars")
    one = results[kind]
    assert len(repr(one)) < 700
    assert repr(one).startswith("<")
    assert one._repr_html_().startswith(("<table", "<h4", "<p"))
    pandas, arrow, polars = one.to_pandas(), one.to_arrow(), one.to_polars()
    rows = len(pandas)
    assert rows == arrow.num_rows == polars.height > 0
    assert list(pandas.columns) == arrow.column_names == polars.columns == list(one.columns())
    latex = one.to_latex()
    assert latex.count(r"\\") == rows + 1
    assert latex.startswith(r"\begin{tabular}")
    if kind != "run":
        labels: dict[str, str] = one.labels  # type: ignore[attr-defined]
        assert set(one.columns()) <= set(labels)
        assert all(labels.values())


@pytest.mark.process
@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_result_has_a_manifest_that_holds(
    kind: str, results: dict[str, Framed], tmp_path: Path
) -> None:
    """Every file with its checksum, and what made it; the same place is not taken twice."""
    place = results[kind].save(tmp_path / "saved")
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    assert holds(manifest)
    assert manifest["versions"]["numpy"]
    if kind == "run":
        again = open_run(place)
        np.testing.assert_array_equal(again.disputes["refund"], results[kind].columns()["refund"])
    else:
        assert manifest["files"]
        assert manifest["files"] == {name: of_file(place / name) for name in manifest["files"]}
    with pytest.raises(UsageError, match="is not empty; name a new folder"):
        results[kind].save(place)
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]


@pytest.mark.process
def test_what_fails_on_the_way_leaves_nothing(
    results: dict[str, Framed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole or not at all."""

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evenhand.storage.saved.write_manifest", full)
    with pytest.raises(OSError, match="No space left"):
        results["comparison"].save(tmp_path / "saved")
    assert list(tmp_path.iterdir()) == []


def test_a_part_of_a_run_is_not_saved_as_a_run(run: sim.Run, tmp_path: Path) -> None:
    """Whoever opens it would take it for the whole."""
    with pytest.raises(UsageError, match="where cause = remorse"):
        run.where(cause="remorse").save(tmp_path / "part")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.process
def test_a_run_with_a_rule_says_so_when_it_is_read_again(tmp_path: Path) -> None:
    """Its records are not those of the policy alone."""

    def generous(file: sim.CaseFile) -> float:
        return 1.0

    run = sim.simulate(small.scenario(), small.policy(), decide=generous, **HOW)
    again = open_run(run.save(tmp_path / "saved"))
    assert again.rule == run.rule
    assert again.rule is not None
    assert "decided by generous" in repr(again)


@pytest.mark.parametrize(
    ("method", "library"), [("pandas", "pandas"), ("arrow", "pyarrow"), ("polars", "polars")]
)
def test_a_library_that_is_not_there_is_named_with_its_extra(
    method: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line that can be typed."""

    def none(name: str, *rest: Any) -> Any:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(frames, "import_module", none)
    found = analysis.metrics.frames.Estimates()
    with pytest.raises(ImportError, match=rf"need {library}: pip install {library} \(the extra 'research'\)"):
        getattr(found, f"to_{method}")()
    assert builtins.__import__


def test_latex_escapes_what_it_would_read() -> None:
    """Names have underscores, titles per cent; NaN and nothing are a dash."""
    table = {"a_b": ["50 % & more", ""], "n": [1200, 3], "x": [0.123456, nan]}
    text = frames.to_latex(table, digits=3, caption="All $x$")
    assert r"a\_b & n & x \\" in text
    assert r"50 \% \& more & 1200 & 0.123 \\" in text
    assert r"- & 3 & - \\" in text
    assert r"\caption{All \$x\$}" in text
    assert r"{lrr}" in text
    with pytest.raises(ValueError, match="columns: must be among a_b, n, x, found 'm'"):
        frames.to_latex(table, ["m"])


def test_html_shows_texts_as_texts_and_says_what_is_left_out() -> None:
    """A title with a tag is no tag."""
    text = frames.to_html({"name": ["<b>", *("x" for _ in range(70))]}, {"name": "A & B"})
    assert "&lt;b&gt;" in text
    assert "A &amp; B" in text
    assert "and 11 more rows" in text
