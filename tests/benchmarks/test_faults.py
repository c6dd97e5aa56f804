"""The benchmark of faults in a small, seeded form: what is damaged is refused in words or read rightly."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals, limits and pipes")

if os.name != "nt":
    from benchmarks.faults import inputs
    from benchmarks.faults.__main__ import KINDS, as_json, counted
    from benchmarks.faults.child import ChildAnswer
    from benchmarks.faults.flips import flipped
    from benchmarks.faults.mutations import mutate_file
    from benchmarks.faults.verdict import Fault, FaultTally, FaultVerdict, judged


@pytest.mark.process
def test_faults_are_survived_refused_or_told(tmp_path):
    """A kill, flips, damage and hostile inputs: nothing is lost, believed, hung or traced back.

    Kills at moments that follow from nothing are right whenever they come; so this does not depend on timing.
    """
    sizes = {"kills": 1, "flips": 2, "mutations": 4, "damages": 4, "inputs": 8}
    tallies = counted(sizes, seed=SEED, folder=tmp_path)
    assert [tally.tried for tally in tallies] == list(sizes.values())
    assert [tally.bad for tally in tallies] == [[]] * len(sizes)


SEED = 1


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (ChildAnswer(0, "right", ""), "unharmed"),
        (ChildAnswer(0, "wrong", ""), "wrongly accepted"),
        (ChildAnswer(2, "", "evenhand: no\n"), "refused"),
        (ChildAnswer(1, "", ""), "tracebacks"),
        (ChildAnswer(1, "", "Traceback (most recent call last):\n"), "tracebacks"),
        (ChildAnswer(-11, "", ""), "tracebacks"),
        (ChildAnswer(None, "", ""), "hangs"),
    ],
)
def test_an_answer_is_judged_by_what_it_says_and_how_it_ends(answer, verdict):
    """The table would be worth nothing if a wrong answer counted as a good one."""
    assert judged(answer, "right") == verdict


def test_what_is_bad_is_kept_to_be_looked_at():
    """A count alone does not say what to mend."""
    tally = FaultTally("kills")
    for verdict in FaultVerdict:
        tally.add(Fault("one", verdict))
    assert tally.tried == len(FaultVerdict)
    assert [fault.verdict for fault in tally.bad] == list(FaultVerdict)[2:]
    assert as_json(tally)["lost"] == 1


def test_one_bit_is_turned():
    """Eight bits would be another fault, and one that is found more easily."""
    sound = bytes(range(256))
    found = flipped(sound, 7, 3)
    assert [at for at in range(256) if found[at] != sound[at]] == [7]
    assert found[7] == 7 ^ 8


def test_a_mutation_leaves_sound_json_that_says_something_else(tmp_path):
    """Broken JSON is another fault; an unchanged file is none."""
    path, sound = tmp_path / "plan.json", {"a": {"b": [1, 2.5, "x"]}, "c": None, "d": {}}
    for k in range(50):
        path.write_text(json.dumps(sound), encoding="utf-8")
        assert mutate_file(path, Random(k))
        assert json.loads(path.read_text(encoding="utf-8")) != sound


def test_the_same_seed_makes_the_same_inputs():
    """What was found can be found again."""
    text = "kind: policy\nbase: tmall\nwindows: {file: 5 d}\n"
    one, other = ([inputs.hostile(text, Random(k)) for k in range(40)] for _ in range(2))
    assert one == other
    assert len(set(one)) > 30


def test_every_kind_of_fault_has_a_file_and_a_name():
    """The table and the options follow from one list."""
    assert {tried.__module__ for _, tried in KINDS.values()} == {
        f"benchmarks.faults.{path.stem}"
        for path in Path(inputs.__file__).parent.glob("*.py")
        if "def faults(" in path.read_text(encoding="utf-8")
    }
