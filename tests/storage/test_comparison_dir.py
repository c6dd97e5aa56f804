"""A comparison that is read from its folder says the same to the bit, and refuses what is damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from evenhand import jobs, sim
from evenhand.analysis.runs.background import Assumed
from evenhand.analysis.runs.digest import sealed
from evenhand.errors import UsageError
from evenhand.locale.current import language
from evenhand.storage.comparison_dir import background_of, open_comparison, split_by
from tests.support import small

pytestmark = pytest.mark.process
SHORT = {"windows": {"merchant_evidence": "6 h"}}
SLOW = {"staff": 1, "service": {"law": "lognormal", "median": "30 h", "sigma": 0.6}}
MARKET = {"market": {"orders_per_day": 120}, "desks": {"decision": SLOW}}


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> jobs.Compared:
    """Two policies against a baseline, by groups with a reference of one's own, of a cohort."""
    experiment = sim.Experiment.of(
        small.scenario(MARKET),
        small.policy(),
        seed=3,
        replications=4,
        days=40,
        engine="simpy",
        events=False,
        cohort="5..30",
    )
    rules = {
        "rules": small.policy(),
        "short": small.policy(SHORT),
        "other": small.policy({"review": {"limit": 0}}),
    }
    return jobs.compare(
        experiment,
        rules,
        baseline="rules",
        by=["buyer_group:power", "amount_band"],
        out=Path(tmp_path_factory.mktemp("runs")) / "one",
        assumed=[Assumed("policy", "short", 3, 4)],
    )


def test_everything_that_was_found_is_found_again(compared):
    """Differences, groups, gaps to the reference that was named, ways, reasons and overloads."""
    again, first = open_comparison(compared.folder), compared.comparison
    assert repr(again.differences) == repr(first.differences)
    assert json.dumps(again.to_json()) == json.dumps(first.to_json())
    for one, other in zip(again.by, first.by, strict=True):
        assert json.dumps(one.table()) == json.dumps(other.table())
        assert (one.titles, one.policies) == (other.titles, other.policies)
    assert first.overloads["scenario"]
    assert again.overloads == {name: found for name, found in first.overloads.items() if found}
    assert str(again.cohort) == "5..30"
    with language("zh"):
        said = [again.why(one) for one in again.differences]
        assert [one and one.sentence for one in said] == [
            why and why.sentence for why in map(first.why, first.differences)
        ]
        assert any(said)


def test_groups_that_were_measured_and_not_asked_for_can_be_judged(compared):
    """Merchants' groups stand beside; a column of which there is nothing is refused."""
    assert split_by(compared.folder) == ["buyer_group", "amount_band", "merchant_group"]
    (groups,) = open_comparison(compared.folder, ["merchant_group"]).by
    assert {one.group for one in groups.groups} == set(small.scenario().merchant_groups)
    with pytest.raises(UsageError, match="has no values by cause"):
        open_comparison(compared.folder, ["cause"])


def test_how_much_is_assumed_is_kept(compared):
    """The page of a comparison can say so again, in any language."""
    assert background_of(compared.folder).assumed == (Assumed("policy", "short", 3, 4),)


def test_a_damaged_folder_is_refused_in_one_line(compared, tmp_path):
    """A changed file, places that are none, measures that nobody knows, a model that is none."""
    changed = tmp_path / "changed"
    shutil.copytree(compared.folder, changed)
    with (changed / "values.parquet").open("ab") as file:
        file.write(b"more")
    with pytest.raises(UsageError, match="is not as it was written"):
        open_comparison(changed)
    manifest = json.loads((compared.folder / "manifest.json").read_text(encoding="utf-8"))
    for number, change in enumerate(
        (
            {"metrics": ["nobodys"]},
            {"policies": [{"name": "rules", "model": {"windows": 3}}]},
            {"scenarios": []},
            {"baseline": "nobody"},
            {"files": 3},
        )
    ):
        place = tmp_path / str(number)
        shutil.copytree(compared.folder, place)
        (place / "manifest.json").write_text(json.dumps(sealed({**manifest, **change})), encoding="utf-8")
        with pytest.raises(UsageError) as refused:
            open_comparison(place)
        assert "\n" not in str(refused.value)


def test_without_ways_there_are_only_no_reasons(compared, tmp_path):
    """A folder whose paths are counted otherwise, by another version, is read without them."""
    place = tmp_path / "old"
    shutil.copytree(compared.folder, place)
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    manifest["ways"]["paths"] = ["other"]
    (place / "manifest.json").write_text(json.dumps(sealed(manifest)), encoding="utf-8")
    found = open_comparison(place)
    assert found.ways == ()
    assert repr(found.differences) == repr(compared.comparison.differences)
