"""Whatever a program says to a person goes through a catalogue; what does not is named here, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.said import outside

ROOT = Path(__file__).parents[2]
ROOMS = (
    "evenhand/cli",
    "evenhand/explain",
    "evenhand/jobs",
    "evenhand/parallel",
    "evenhand/storage",
    "scenarios",
    "sim/policy",
    "sim/scenario",
    "analysis/policy_timeline",
    "analysis/counterfactual",
    "evenhand/studio",
    "sim/runs",
)
"""Rooms that speak to people; pages have their words in classes, which `test_catalogues` holds."""
PROGRAM = "import evenhand as eh\n"
"""A program that makes the same again, shown to be copied."""
EXCEPTIONS = {
    "evenhand: {}": "the name of the command before what it says",
    "evenhand {}": "the name of the command and its version",
    "evenhand cluster {}": "the name by which a part of a cluster knows itself",
    "panel invited": "a name in the event log",
    "no verdict": "a name in the event log",
    "panel ruled": "a name in the event log",
    "in a worker process:\n": "a note below a traceback, for who mends the program",
    "not installed": "a version in manifests, which are the same in every language",
    "yes or no": "the code of a unit; `scenarios.labels.unit` says it",
    "{}, and over it: {}": "the title of two files in the records, which are the same in every language",
    "one plausible future, written by evenhand robust": "a note in a file, the same in every language",
    "{} business days": "a duration as files write it",
    "{}, decided by {}": "the title of a policy in the records, which are the same in every language",
    "{} in {}: decided in Python, so it runs under SimPy alone": "a line of a checklist, which is English",
    "{} in {}: {} disputes, equal to the bit in every column": "a line of a checklist, which is English",
    "kind: {}\ntitle: {}\nbase: {}\n": "the beginning of a file",
    "{}, candidate {} of a search": "a title in a file, which is the same in every language",
    "{}, changed for {}": "a title in a file, which is the same in every language",
    "{}: no option '{}'": "says that a file is damaged, and is told as that",
    "cohort: {}": "the name of an argument before what is wrong with it",
    "{} in {}, seed {}, {} of {} days": "how a run shows itself to who programs",
    "{}; {} disputes{}; {} engine": "how a run shows itself to who programs",
    "{} replications": "how a run shows itself to who programs",
    ", cohort {}": "how a run shows itself to who programs",
    " where {}": "how a run shows itself to who programs",
    ": {} and {}": "two values after what is said of them",
    "event: end\ndata: end\n\n": "the protocol of a stream of events",
    ": still here\n\n": "the protocol of a stream of events",
    "data: {}\n": "the protocol of a stream of events",
    'attachment; filename="{}.html"': "a header of the protocol",
    "evenhand studio: {}\n\n  {}\n\n": "the name of the command before what it says",
    " at {}:{}": "a place in the program, for who mends it",
}
"""Texts that stay as they are in every language."""


@pytest.mark.parametrize("room", ROOMS)
def test_no_text_is_outside_a_catalogue(room: str) -> None:
    """Wrap a new text in `gettext` where it stands, then `python -m docs.build.messages` and translate it."""
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    found = [one for path in files for one in outside(path, ROOT)]
    said = [one for one in found if one.text not in EXCEPTIONS and not one.text.startswith(PROGRAM)]
    assert said == []


def test_the_search_finds_what_is_said_and_leaves_alone_what_is_not(tmp_path: Path) -> None:
    """A rule that finds nothing would hold for ever."""
    path = tmp_path / "some.py"
    path.write_text(
        '''"""What a module says."""
def say(name, style):
    """What a function says."""
    print("two words", style="bold underline")
    print(gettext("two words"))
    raise UsageError(f"--out: no folder {name}")
def check(name):
    if name == "two words":
        raise TypeError("takes no words")
    return {"two words": gettext("{n} cases").format(n=1)}
''',
        encoding="utf-8",
    )
    assert [(one.line, one.text) for one in outside(path, tmp_path)] == [
        (4, "two words"),
        (6, "--out: no folder {}"),
    ]
