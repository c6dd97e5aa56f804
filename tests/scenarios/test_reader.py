"""Scenario and policy files are found, laid over their bases, and keep their places and sources."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from evenhand import scenarios
from evenhand.scenarios import BadFile, Provenance, catalogue, reader
from evenhand.sim.policy.compatibility import Misfit
from evenhand.sim.sampling.inverse_cdf import median_of
from evenhand.sim.scenario.distributions import Exponential
from evenhand.sim.scenario.units import Window

DATA = Path(__file__).parents[1] / "data"
RULES = Provenance("the rule book, article 3", "first-party")


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write files into an empty folder and work there."""
    monkeypatch.chdir(tmp_path)
    for file in DATA.glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")

    def _write(name: str, text: str) -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    return _write


@pytest.fixture
def shipped(write, tmp_path, monkeypatch):
    """Ship a world `tiny` and the policies `plain` and `tiny`."""
    monkeypatch.setattr(catalogue, "HOME", tmp_path)
    write("worlds/tiny.yaml", Path("tiny.yaml").read_text(encoding="utf-8"))
    write("policies/plain.yaml", Path("plain.yaml").read_text(encoding="utf-8"))
    write("policies/tiny.yaml", "title: Tiny rules")
    return write


def test_importing_the_reader_stays_light():
    """`evenhand list` must answer at once, so neither the compiler nor the charts are loaded."""
    code = "import sys, evenhand.scenarios; print({'numba', 'matplotlib', 'simpy'} & set(sys.modules))"
    root = Path(scenarios.__file__).parent.parent
    said = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


@pytest.mark.parametrize("entry", scenarios.available(), ids=lambda entry: f"{entry.kind}-{entry.name}")
def test_every_shipped_file_is_whole_and_titled(entry):
    """A user's first command is with a shipped file: none may be broken, none nameless."""
    loaded = scenarios.read(entry.path)
    assert (loaded.kind, loaded.name) == (entry.kind, entry.name)
    assert loaded.model.title
    assert entry.title


def test_a_scenario_and_a_policy_load_as_models():
    """The two calls that all other code uses give the models of `sim`."""
    assert scenarios.load(DATA / "tiny.yaml").market.festivals[0].name == "双十一"
    assert scenarios.policy(str(DATA / "plain.yaml")).windows.review == Window(72.0, business=True)


def test_the_name_of_the_file_is_the_name_unless_one_is_given(write):
    """Reports need a name even where the author gave none; a patch is not named like its base."""
    write("own.yaml", "base: plain.yaml\nname: mine")
    write("heir.yaml", "base: own.yaml")
    assert [scenarios.policy(f"{file}.yaml").name for file in ("plain", "own", "heir")] == [
        "plain",
        "mine",
        "heir",
    ]


def test_aliases_repeat_what_they_stand_for(write):
    """Anchors are how YAML says 'the same again'; eight causes should not need eight copies."""
    causes = scenarios.load("tiny.yaml").causes
    assert causes.counterfeit == causes.quality_defect


# Patches


def test_a_patch_changes_what_it_names_and_nothing_else(write):
    """A what-if is a few lines: all else must be exactly the base."""
    plain, longer = scenarios.policy("plain.yaml"), scenarios.policy("longer.yaml")
    assert longer.windows.file == Window(30 * 24.0)
    assert longer.windows == plain.windows.model_copy(update={"file": Window(30 * 24.0)})
    assert longer.review == plain.review


def test_patches_of_patches_and_bases_relative_to_the_file(write):
    """A study keeps its variants in folders, each a step from the one before."""
    write("study/a.yaml", "base: ../plain.yaml\nreview: {limit: 3}")
    write("study/b.yaml", "base: a.yaml\nreview: {fee_fixed: 5}")
    review = scenarios.policy("study/b.yaml").review
    assert (review.limit, review.fee_fixed) == (3, 5)


def test_lists_are_replaced_and_never_joined(write):
    """Nobody could take an entry away if lists were joined."""
    write("new.yaml", "base: tiny.yaml\ncalendar: {holidays: [2026-02-01]}")
    assert scenarios.load("new.yaml").calendar.holidays == (date(2026, 2, 1),)


def test_another_law_replaces_the_old_one_and_its_parameters(write):
    """A median left over from the old law would be an unknown setting of the new one."""
    write("new.yaml", "base: tiny.yaml\nmarket: {delivery: {law: exponential, mean: 2 d}}")
    assert scenarios.load("new.yaml").market.delivery == Exponential(law="exponential", mean=48)


@pytest.mark.parametrize(
    ("change", "expected"),
    [("market: {delivery: {median: 3 d}}", 72), ("evidence: {supplement_delay: {value: 9 h}}", 9)],
)
def test_a_parameter_of_a_law_can_change_alone(write, change, expected):
    """'Deliveries take three days' is one line; so is the value of a constant, which looks like a wrapper."""
    write("new.yaml", f"base: tiny.yaml\n{change}")
    world = scenarios.load("new.yaml")
    law = world.market.delivery if "market" in change else world.evidence.supplement_delay
    assert median_of(law) == pytest.approx(expected)


# Provenance and places


def test_sources_hold_for_a_block_until_overridden(write):
    """One citation for a block, another for the odd value in it."""
    plain = scenarios.read("plain.yaml")
    assert plain.provenance_of("windows.file") == RULES
    assert plain.provenance_of("windows.merchant_reply") == RULES._replace(note="as amended")
    assert plain.provenance_of("windows.review") == Provenance("a news report", "secondary")
    assert plain.provenance_of("review.limit") is None


def test_a_note_ends_where_another_source_begins(write):
    """'Chosen by hand' must not stand beside a measured number."""
    block = "{source: a, confidence: assumed, note: by hand, limit: 1, fee_fixed: {value: 2, source: b}}"
    write("new.yaml", f"base: plain.yaml\nreview: {block}")
    new = scenarios.read("new.yaml")
    assert new.provenance_of("review.limit") == Provenance("a", "assumed", "by hand")
    assert new.provenance_of("review.fee_fixed") == Provenance("b", "assumed", "")


def test_a_source_never_covers_a_default_or_a_changed_value(write):
    """A citation beside a number that its source does not contain is worse than none."""
    longer = scenarios.read("longer.yaml")
    assert longer.provenance_of("windows.ship") is None
    assert longer.provenance_of("windows.file") is None
    assert longer.provenance_of("windows.merchant_reply") == RULES._replace(note="as amended")
    assert longer.provenance_of("reforms[0].changes.windows.merchant_reply") == Provenance("a draft")


def test_places_lead_to_the_file_that_says_so(write):
    """A mistake in a base must not be looked for in the patch."""
    longer = scenarios.read("longer.yaml")
    assert str(longer.place_of("windows.file")) == "longer.yaml:5:9"
    assert str(longer.place_of("windows.merchant_reply")) == "plain.yaml:8:27"
    assert str(longer.place_of("reforms[0].starts")) == "longer.yaml:7:13"
    assert longer.place_of("windows.ship") == longer.place_of("windows")


# Shipped names


def test_shipped_files_are_found_by_name(shipped):
    """The same name may be a world and a policy: what is asked for decides."""
    assert [(entry.kind, entry.name, entry.title) for entry in scenarios.available()] == [
        ("scenario", "tiny", "A tiny market"),
        ("policy", "plain", "Plain rules"),
        ("policy", "tiny", "Tiny rules"),
    ]
    assert scenarios.load("tiny").days == 30
    assert scenarios.policy("tiny").title == "Tiny rules"
    assert scenarios.read("policies/tiny").kind == "policy"
    with pytest.raises(
        BadFile, match=r"^tiny: is a scenario and a policy; write 'worlds/tiny' or 'policies/tiny'$"
    ):
        scenarios.read("tiny")


def test_a_base_may_be_a_shipped_name(shipped):
    """The usual patch is of a shipped file, wherever the patch is kept; it need not say its kind."""
    shipped("mine.yaml", "base: plain\nreview: {limit: 0}")
    assert scenarios.policy("mine.yaml").review.limit == 0
    assert scenarios.read("mine.yaml").kind == "policy"


def test_a_broken_file_is_listed_without_its_title(shipped):
    """One broken file must not take the list of all others away."""
    shipped("policies/broken.yaml", "title: [")
    assert ("broken", "") in [(entry.name, entry.title) for entry in scenarios.available()]


# Showing and checking together


def test_settings_show_every_value_as_written_with_its_source(write):
    """`evenhand show` is how a reader of a report learns what was assumed."""
    shown = {setting.path: setting for setting in scenarios.settings(scenarios.read("longer.yaml"))}
    assert shown["windows.file"] == (
        "windows.file",
        "30 d",
        "From delivery to the application for intervention.",
        "",
        "unmarked",
        "",
        "423.5 h to 51 d (default)",
        "",
    )
    assert shown["windows.merchant_reply"][1:6:2] == ("48 h", "the rule book, article 3", "as amended")
    assert shown["windows.ship"][1:6:3] == ("7 d", "default")
    assert shown["screening.request_period"].value == "90 d"
    assert shown["reforms.0.changes.windows.merchant_reply"].value == "24 h"
    assert [*shown][:3] == ["name", "title", "description"]


def test_a_law_is_one_setting(write):
    """A delay is one thing to a reader, however many parameters it has."""
    shown = {setting.path: setting for setting in scenarios.settings(scenarios.read("tiny.yaml"))}
    delivery = shown["market.delivery"]
    assert (delivery.value, delivery.confidence) == ("lognormal, median 48 h, sigma 0.4", "first-party")
    assert shown["market.weekdays.mon"].description == "Weight of Mondays, relative to the other days."


def test_a_pair_that_does_not_fit_is_told_with_places(write, monkeypatch):
    """Each file may be right and both together wrong: the line to change is still named."""
    both = [
        Misfit("policy", "windows.file", "too long"),
        Misfit("scenario", "desks.mediation", "is missing"),
    ]
    monkeypatch.setattr(reader, "misfits", lambda *_: both)
    with pytest.raises(BadFile) as raised:
        scenarios.check_pair(scenarios.read("tiny.yaml"), scenarios.read("longer.yaml"), 30)
    assert str(raised.value).splitlines() == [
        "longer.yaml:5:9: windows.file: too long",
        "tiny.yaml:60:3: desks.mediation: is missing",
    ]


def test_a_pair_that_fits_passes(write):
    """The real check of `sim` accepts the plainest pair."""
    scenarios.check_pair(scenarios.read("tiny.yaml"), scenarios.read("plain.yaml"), 30)


def test_a_file_that_does_not_state_its_kind_is_known_by_its_settings(tmp_path):
    """A designer who copies the first example of the README has written no `kind`."""
    file = tmp_path / "strict.yaml"
    file.write_text("title: Strict\nbase: tmall\nwindows:\n  merchant_evidence: 48 h\n", encoding="utf-8")
    assert reader.read(file).kind == "policy"
    file.write_text("title: Busy\nbase: tmall\nmarket:\n  orders_per_day: 9000\n", encoding="utf-8")
    assert reader.read(file).kind == "scenario"
