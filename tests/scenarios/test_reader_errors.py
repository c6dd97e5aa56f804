"""Whatever stands in a file, each mistake becomes one line that says where, what and what is allowed."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from evenhand import scenarios
from evenhand.scenarios import BadFile, catalogue, yaml
from evenhand.scenarios.english import translate
from evenhand.scenarios.layers import MODELS

DURATION = "must be a duration such as '48 h', '7 d', '2 weeks' or '3 business days'"
CAUSES = (
    "'quality_defect', 'not_as_described', 'late_dispatch', 'return_refused', 'promise_broken', "
    "'lost_or_damaged', 'counterfeit' or 'false_advertising'"
)
DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def said(tmp_path, monkeypatch):
    """Write `x.yaml` beside the files of tests/data and give what the reader says of it."""
    monkeypatch.chdir(tmp_path)
    for file in DATA.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())

    def _said(content: str | bytes, kind: catalogue.Kind | None = None) -> list[str]:
        Path("x.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
        return _lines("x.yaml", kind)

    return _said


def _lines(name: str, kind: catalogue.Kind | None = None) -> list[str]:
    with pytest.raises(BadFile) as raised:
        scenarios.read(name, kind)
    return str(raised.value).splitlines()


POLICY_MISTAKES = [
    (
        "windows: {merchant_repyl: 2 d}",
        "3:11: windows.merchant_repyl: unknown setting; did you mean 'merchant_reply'?",
    ),
    (
        "reforms: [{starts: 3, changes: {}, zzz: 1}]",
        "3:36: reforms.0.zzz: unknown setting; allowed here are 'starts', 'retroactive' and 'changes'",
    ),
    (
        "decision: {checks: {detectors: {dispatch_record: {detection: 0.5, machine_made: 0.5}}}}",
        (
            "3:67: decision.checks.detectors.dispatch_record.machine_made: unknown setting; it belongs in "
            "'photo' or 'video'; allowed here are 'detection', 'false_alarms' and 'cost'"
        ),
    ),
    (
        "decision: {checks: {detectors: {chat_log: {detection: 0.5}}}}",
        (
            "3:33: decision.checks.detectors.chat_log: unknown setting; allowed here are 'photo', 'video', "
            "'purchase_voucher', 'dispatch_record' and 'quality_record'"
        ),
    ),
    ("review: {  limit: -1}", "3:19: review.limit: must be 0 or more, found -1"),
    ("review: {limit: 11}", "3:17: review.limit: must be 10 or less, found 11"),
    ("review: {limit: 1.5}", "3:17: review.limit: must be a whole number, found 1.5"),
    ("review: {limit: many}", "3:17: review.limit: must be a whole number, found 'many'"),
    ("review: {limit: }", "3:10: review.limit: must be a whole number, found nothing"),
    ("review: {limit: {value: -1, note: x}}", "3:25: review.limit: must be 0 or more, found -1"),
    ("review: {who: buyer}", "3:15: review.who: must be a list such as [a, b], found 'buyer'"),
    (
        "review: {who: [byuer]}",
        "3:16: review.who.0: must be 'buyer' or 'merchant', found 'byuer'; did you mean 'buyer'?",
    ),
    ("review: {who: []}", "3:15: review.who: must name 'buyer', 'merchant' or both while limit is above 0"),
    ("review: {loser_pays: 3}", "3:22: review.loser_pays: must be true or false, found 3"),
    ("review: {fee_share: .nan}", "3:21: review.fee_share: must be a finite number, found nan"),
    (
        "review: {fee_fixed: 1e12}",
        "3:21: review.fee_fixed: must be below 1,000,000,000,000, found 1000000000000",
    ),
    ("review: {fee_fixed: [1]}", "3:21: review.fee_fixed: must be a number, found a list"),
    ("review: 3", "3:9: review: must be a group of settings, found 3"),
    ("decision: {standard: 1}", "3:22: decision.standard: must be below 1, found 1"),
    ("decision: {standard: 0}", "3:22: decision.standard: must be above 0, found 0"),
    ("decision: {panel: {quorum: 50}}", "3:12: decision.panel: quorum must not exceed the size 31, found 50"),
    ("description: 3", "3:14: description: must be text (a number goes in quotes), found 3"),
    ("windows: {file: 3 fortnights}", f"3:17: windows.file: {DURATION}, found '3 fortnights'"),
    ("windows: {file: [null, 1]}", f"3:17: windows.file: {DURATION}, found a list"),
    ("windows: {file: true}", f"3:17: windows.file: {DURATION}, found true"),
    (
        "windows: {file: -2 h}",
        "3:17: windows.file: must be 0 or more and below 1,000,000 hours, found '-2 h'",
    ),
    (
        "windows: {file: 9" + 400 * "9" + "}",
        "3:17: windows.file: must be 0 or more and below 1,000,000 hours, found inf",
    ),
    (
        "sanctions: {suspension: 3 business days}",
        (
            "3:25: sanctions.suspension: business days are for the windows of a policy; "
            "write hours or days here, found '3 business days'"
        ),
    ),
    (
        "burden: {by_cause: {counterfit: buyer}}",
        (
            f"3:21: burden.by_cause.counterfit: must be {CAUSES}, found 'counterfit'; "
            "did you mean 'counterfeit'?"
        ),
    ),
    (
        "reforms: [{starts: soon, changes: {}}]",
        "3:20: reforms.0.starts: must be a date such as 2026-11-11 or a whole number, found 'soon'",
    ),
    (
        "reforms: [{starts: 2026-02-30, changes: {}}]",
        "3:20: reforms.0.starts: must be a date such as 2026-11-11 or a whole number, found '2026-02-30'",
    ),
    ("reforms: [{starts: 3}]", "3:11: reforms.0.changes: must be given"),
    ("reforms: [{starts: 3, changes: 4}]", "3:32: reforms.0.changes: must be a group of settings, found 4"),
    (
        "reforms: [{starts: 3, changes: {windows: {flie: 3 d}}}]",
        "3:43: reforms.0.changes.windows.flie: unknown setting; did you mean 'file'?",
    ),
    (
        "reforms: [{starts: 3, changes: {reforms: []}}]",
        "3:33: reforms.0.changes.reforms: a reform cannot hold reforms",
    ),
    (
        "reforms: [{starts: 3, changes: {decision: {panel: {quorum: 50}}}}]",
        "3:44: reforms.0.changes.decision.panel: quorum must not exceed the size 31, found 50",
    ),
    (
        "confidence: assumd",
        (
            "3:13: confidence: must be 'first-party', 'secondary', 'derived' or 'assumed', found 'assumd'; "
            "did you mean 'assumed'?"
        ),
    ),
    ("windows: {source: [a]}", "3:19: windows.source: must be text, found a list"),
    (
        "windows: {file: {value: 3 d, sorce: x}}",
        "3:30: windows.file.sorce: unknown setting; did you mean 'source'?",
    ),
    ("review: {limit: 1, limit: 2}", "3:20: limit: given twice, first in line 3"),
    (
        "windows: !!python/object:os.system {}",
        "3:10: tags such as 'tag:yaml.org,2002:python/object:os.system' are not allowed",
    ),
    ("windows: {<<: {file: 3 d}}", "3:11: '<<' is not supported; write the settings out"),
    ('"\\e[31m\\n": 1', "3:1: \\x1b[31m\\n: unknown setting; allowed here are 'kind',"),
]

SCENARIO_MISTAKES = [
    (
        "market: {delivery: 48 h}",
        "2:20: market.delivery: must be a law such as {law: constant, value: 48 h}, found '48 h'",
    ),
    (
        "shipping: {law: lognromal}",
        (
            "2:17: shipping.law: must be 'lognormal', 'weibull', 'exponential', 'gamma', 'constant' "
            "or 'empirical', found 'lognromal'; did you mean 'lognormal'?"
        ),
    ),
    ("shipping: {law: gamma, shape: 1}", "2:1: shipping.mean: must be given"),
    (
        "shipping: {law: constant, valeu: 3, value: 4}",
        "2:27: shipping.valeu: unknown setting; did you mean 'value'?",
    ),
    ("market: {hours: [1, 2]}", "2:17: market.hours: must have 24 or more entries, found 2"),
    (
        "behaviour: {bargaining: {concession: []}}",
        "2:38: behaviour.bargaining.concession: must have 1 or more entries, found 0",
    ),
    (
        "calendar: {start: someday}",
        "2:19: calendar.start: must be a date such as 2026-11-11, found 'someday'",
    ),
    (
        "calendar: {weekend: [sunday]}",
        (
            "2:22: calendar.weekend.0: must be 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun', "
            "found 'sunday'; did you mean 'sun'?"
        ),
    ),
    (
        "market: {weekdays: {mon: 0, tue: 0, wed: 0, thu: 0, fri: 0, sat: 0, sun: 0}}",
        "2:10: market.weekdays: at least one weekday must have a weight above 0",
    ),
    (
        "causes: {remorse: {claimed_as: {quality_defect: 0}}}",
        "2:32: causes.remorse.claimed_as: at least one cause must have a weight above 0",
    ),
    (
        "buyers: {groups: {regular: {share: 0.5}}}",
        "2:1: buyers: the shares of the groups must sum to 1, found 0.5",
    ),
    (
        "buyers: {groups: {regular: {promptness: {law: weibull}}}}",
        "2:29: buyers.groups.regular.promptness.shape: must be given",
    ),
]

UNREADABLE = [
    ("", "x.yaml: is empty"),
    ("# only a remark\n", "x.yaml: is empty"),
    ("---\n", "x.yaml: is empty"),
    ("- a\n", "x.yaml:1:1: must be settings of the form 'name: value'"),
    ("just words", "x.yaml:1:1: must be settings of the form 'name: value'"),
    ("a: b: c", "x.yaml:1:5: not valid YAML: a ':' where none can be; is a text with ': ' not in quotes?"),
    ("a:\n\t- b", "x.yaml:2:1: not valid YAML: a tab; indent with spaces"),
    ("a: [1,\n 2", "x.yaml:2:3: not valid YAML: expected ',' or ']', but got '<stream end>'"),
    ("a: 'b", "x.yaml:1:6: not valid YAML: a quotation mark that is never closed"),
    ("a: 1\n--- \nb: 2", "x.yaml:2:1: a second document ('---'); only one is allowed in a file"),
    ("? [a]\n: b", "x.yaml:1:3: the name of a setting must be a plain word"),
    ("a: *b", "x.yaml:1:4: '*b' stands for nothing; '&b' must come before it"),
    ("a: &a [*a]", "x.yaml:1:8: '*a' stands for nothing; '&a' must come before it"),
    (b"a: b\nc: \xff", "x.yaml:2:4: is not text in UTF-8; save it as UTF-8"),
    ("a: b".encode("utf-16"), "x.yaml:1:1: is not text in UTF-8; save it as UTF-8"),
    ("a: b\nc: \0", "x.yaml:2:4: a control character; only text is allowed"),
    ("a: " + 50_000 * "[", "x.yaml:1:43: nested too deeply; at most 40 levels are allowed"),
    (
        "a:\n" + 30_000 * "- 1\n",
        "x.yaml:20000:3: too large; at most 20,000 values are allowed, aliases written out",
    ),
    ("#" * 1_000_001, "x.yaml: has 1,000,001 bytes; at most 1,000,000 are allowed"),
    ("title: x", "x.yaml:1:1: kind: must be given: 'scenario' or 'policy'"),
    (
        "kind: polcy",
        "x.yaml:1:7: kind: must be 'scenario' or 'policy', found 'polcy'; did you mean 'policy'?",
    ),
    ("base: nothing.yaml", "x.yaml:1:7: base: 'nothing.yaml' is no file and no shipped scenario or policy"),
    ("base: [a]", "x.yaml:1:7: base: must be a name or a path, found a list"),
    ("base: x.yaml", "x.yaml:1:7: base: 'x.yaml' goes round in a circle: x.yaml -> x.yaml"),
    ("kind: policy\nbase: tiny.yaml", "x.yaml:2:7: base: 'tiny.yaml' is a scenario, not a policy"),
]


@pytest.mark.parametrize(("text", "expected"), POLICY_MISTAKES)
def test_a_mistake_in_a_policy_is_one_line_to_act_on(said, text, expected):
    """Policy designers write no programs: the line must be enough to put it right."""
    (line,) = said(f"kind: policy\ntitle: x\n{text}")
    assert line.startswith(f"x.yaml:{expected}")


@pytest.mark.parametrize(("text", "expected"), SCENARIO_MISTAKES)
def test_a_mistake_in_a_scenario_is_told_at_its_place(said, text, expected):
    """A patch names what it changes; what it breaks is told at the patch's line, not the base's."""
    assert f"x.yaml:{expected}" in said(f"base: tiny.yaml\n{text}")


@pytest.mark.parametrize(("content", "expected"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_is_no_settings_file_is_refused_in_one_line(said, content, expected):
    """Files come by mail and from the web: none may crash, hang or fill the memory."""
    (line,) = said(content)
    assert line.startswith(expected)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(said):
    """One run, one list: nobody should have to run ten times for ten mistakes."""
    lines = said(
        "kind: policy\nwindows: {flie: 3 d}\nreview: {limit: -1}\nreforms: [{starts: 1, changes: {x: 1}}]"
    )
    assert [line.split(" ")[1] for line in lines] == [
        "title:",
        "windows.flie:",
        "review.limit:",
        "reforms.0.changes.x:",
    ]


def test_a_reform_is_not_judged_by_rules_that_could_not_be_read(said):
    """A quorum of 50 may be right once the mistyped size is: only what is certain is told."""
    text = (
        "decision: {panel: {size: many}}\nreforms: [{starts: 1, changes: {decision: {panel: {quorum: 50}}}}]"
    )
    assert len(said(f"kind: policy\ntitle: x\n{text}")) == 1


def test_a_reform_builds_on_the_reforms_before_it(said):
    """The second reform may use what the first one made possible."""
    reform = "{{starts: {}, changes: {{decision: {{panel: {{{}}}}}}}}}".format
    Path("y.yaml").write_text(
        f"kind: policy\ntitle: x\nreforms: [{reform(1, 'size: 99')}, {reform(2, 'quorum: 50')}]",
        encoding="utf-8",
    )
    assert scenarios.policy("y.yaml").versions()[-1][1].decision.panel.quorum == 50


def test_a_mistake_in_a_base_is_told_in_the_base(said):
    """The patch is right; who made it should not search there."""
    Path("base.yaml").write_text("kind: policy\ntitle: x\nreview: {limit: -1}", encoding="utf-8")
    assert said("base: base.yaml\nreview: {fee_fixed: -1}") == [
        "x.yaml:2:21: review.fee_fixed: must be 0 or more, found -1",
        "base.yaml:3:17: review.limit: must be 0 or more, found -1",
    ]


def test_a_chain_that_bites_its_tail_names_all_its_links(said):
    """In a study with many variants the circle is only seen whole."""
    Path("a.yaml").write_text("base: x.yaml", encoding="utf-8")
    assert said("base: a.yaml") == [
        "a.yaml:1:7: base: 'x.yaml' goes round in a circle: x.yaml -> a.yaml -> x.yaml"
    ]


def test_a_chain_of_bases_has_an_end(said):
    """A generated chain must not end in a traceback of the program's own depth."""
    for i in range(30):
        Path(f"p{i}.yaml").write_text(f"kind: policy\nbase: p{i + 1}.yaml", encoding="utf-8")
    Path("p30.yaml").write_text("title: x", encoding="utf-8")
    assert said("base: p0.yaml") == ["p18.yaml:2:7: base: more than 20 files are laid over each other"]


def test_aliases_cannot_explode(said):
    """Ten lines of YAML can stand for a billion values; the bound is on what they stand for."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join(10 * [f'*a{i - 1}'])}]" for i in range(1, 10)]
    (line,) = said("\n".join(lines))
    assert line.endswith("too large; at most 20,000 values are allowed, aliases written out")


def test_a_file_of_the_other_kind_is_named_as_such(said):
    """A scenario given as the policy is an ordinary slip of the command line."""
    assert said("kind: scenario\ntitle: x", "policy") == [
        "x.yaml:1:7: kind: must be 'policy', found 'scenario'"
    ]


def test_what_is_not_there_or_no_file_is_one_line(said, monkeypatch):
    """The commonest mistake of all is a mistyped name."""
    monkeypatch.setattr(catalogue, "HOME", Path())
    for name in ("policies/tmall.yaml", "policies/taobao-panel.yaml"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("title: x", encoding="utf-8")
    assert _lines("tmal") == ["tmal: is no file and no shipped scenario or policy; did you mean 'tmall'?"]
    assert _lines("zzz", "policy") == [
        "zzz: is no file and no shipped policy; shipped are 'taobao-panel' and 'tmall'"
    ]
    assert _lines("policies") == ["policies: is a folder, not a file"]
    assert _lines("\0\n")[0].startswith("\\x00\\n: is no file")
    assert said("base: tmal\nkind: policy") == [
        "x.yaml:1:7: base: 'tmal' is no file and no shipped policy; did you mean 'tmall'?"
    ]


def test_what_may_not_be_read_is_one_line(said, monkeypatch):
    """Files of others, devices and pipes are refused without being opened."""
    monkeypatch.setattr(Path, "read_bytes", lambda _: (_ for _ in ()).throw(PermissionError(13, "no")))
    assert said("title: x") == ["x.yaml: cannot be read: permission denied"]
    os.mkfifo("pipe")
    assert _lines("pipe") == ["pipe: is not an ordinary file"]


def test_a_flood_of_mistakes_is_cut_short(said):
    """A file of another program gives thousands: the first hundred say enough."""
    lines = said("kind: policy\n" + "\n".join(f"k{i}: 1" for i in range(300)))
    assert lines[100:] == ["... and 201 more mistakes"]


@pytest.mark.parametrize("wrong", [None, -1, 1e400, "x", "3 business days", True, (), {}], ids=repr)
@pytest.mark.parametrize("file", ["tiny.yaml", "longer.yaml"])
def test_no_value_anywhere_brings_a_traceback_or_jargon(file, wrong):
    """Every leaf of a whole file is put wrong: the models may only complain, and only in plain words."""
    loaded = scenarios.read(DATA / file)
    model = MODELS[loaded.kind]
    tree = _spoilt(loaded.tree, wrong)
    with pytest.raises(ValueError) as raised:  # noqa: PT011 (pydantic's own, translated below)
        model.model_validate(tree.data())
    for problem in translate(raised.value.errors(), model, tree):
        assert not re.search(
            r"[Ii]nput|valid|instance|[Tt]uple|[Dd]ict|class|parse|[Ff]ield\b", problem.message
        )
        assert problem.place.line


def _spoilt(node: yaml.Node, wrong: object, key: str = "") -> yaml.Node:
    if isinstance(node.value, dict):
        return replace(node, value={k: _spoilt(child, wrong, k) for k, child in node.value.items()})
    if key in ("law", "kind"):
        return node
    return replace(node, value=wrong)  # type: ignore[arg-type]
