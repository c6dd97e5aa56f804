"""Guesses at a mapping, from the names, the kinds and the values of columns; each says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from evenhand.analysis.calibration.eventlog import ACTIVITY, CASE, TIME
from evenhand.analysis.calibration.log import NOTHING
from evenhand.analysis.calibration.mapping import Outcome
from evenhand.analysis.calibration.table import Floats, Texts, TextTable, distinct, hours_of, numbers_of
from evenhand.analysis.eventlog.table_in import GUESSES
from evenhand.locale.current import gettext
from evenhand.sim.scenario.vocabulary import ValidCause

ENOUGH = 0.95
"""Share of the cells of a column that must be of a kind."""
MOST_VALUES = 60
SAMPLE = 20_000
_ROLES = (
    (
        "opened",
        "time",
        (r"open|start|creat|receiv|regist|filed|submit|begin|complain|申请|受理|创建|提交|开始|投诉时|发起"),
    ),
    ("closed", "time", r"clos|end|resol|finish|complet|结束|结案|完结|关闭|办结|完成"),
    ("answered", "time", r"answer|repl|respon|答复|回复|举证|应答"),
    ("ruled", "time", r"rul|decid|decision|determin|judg|裁决|判定|判决|裁定"),
    ("review", "time", r"appeal|review|复核|申诉|复议"),
    ("review_asked", "yes or no", r"disput|appeal|review|contest|复核|申诉|复议|异议"),
    ("outcome", "words", r"result|outcome|status|resol|dispos|respon|decision|ending|结果|状态|处理"),
    ("cause", "words", r"cause|type|reason|issue|categ|complaint|product|subject|原因|类型|事由|理由|类别"),
    (
        "merchant",
        "name",
        (
            r"merchant|business|seller|company|shop|store|respondent|vendor|trader|商家|卖家|店铺|商户|企业|公司"
        ),
    ),
    ("paid", "number", r"restitut|paid|refund|award|recover|退款|赔付|赔偿"),
    ("amount", "number", r"amount|price|value|(^|_)sum|claimed|total|金额|价格|总价|货款"),
)
_OUTCOMES: tuple[tuple[str, Outcome], ...] = (
    (r"处理中|进行中|待处理|未结|未完", "open"),
    (r"撤诉|撤销|撤回|取消", "withdrawn"),
    (r"不予受理|不受理|驳回申请", "inadmissible"),
    (r"逾期|超时未|默认", "defaulted merchant"),
    (r"和解|协商|调解|已退款|退款成功", "settled"),
    (r"支持卖家|卖家胜|支持商家|商家胜|不支持|驳回|不成立", "ruled merchant"),
    (r"支持买家|买家胜|支持消费者|成立", "ruled buyer"),
    (r"in progress|pending|open\b|untimely", "open"),
    (r"no (satisf|agree)", "ruled merchant"),
    (
        r"no (business|merchant|seller|company) resp|business.*not.*(respond|answer)|default",
        "defaulted merchant",
    ),
    (r"withdr|no consumer resp|consumer took|abandon|dropped", "withdrawn"),
    (
        r"invalid|not admiss|inadmiss|jurisdiction|unlocat|(not|unable to) locate|out of business|referr",
        "inadmissible",
    ),
    (
        r"monetary|refund|settle|resolved|satisf|cash|credit|exchange|repair|reduc|agreed|paid|received|relief",
        "settled",
    ),
    (r"upheld|granted|for (the )?(buyer|consumer|complainant)|won|dismiss", "ruled buyer"),
    (
        r"explan|denied|reject|advised|hearing|for (the )?(seller|business|merchant)|lost|closed",
        "ruled merchant",
    ),
)
_CAUSES: tuple[tuple[str, ValidCause], ...] = (
    (r"假冒|假货|伪劣|仿", "counterfeit"),
    (r"虚假宣传|广告", "false_advertising"),
    (r"未发货|未收到|延迟|物流慢|不发货|没收到", "late_dispatch"),
    (r"破损|丢失|损坏|丢件", "lost_or_damaged"),
    (r"描述不符|不符|发错|错发", "not_as_described"),
    (r"退货|换货|七天|无理由|退款", "return_refused"),
    (r"质量|瑕疵|故障", "quality_defect"),
    (r"承诺|服务|收费|发票|保修", "promise_broken"),
    (r"counterfeit|fake|forg", "counterfeit"),
    (r"advertis", "false_advertising"),
    (r"non.?deliver|not deliver|late|delay|never (came|arriv)|dispatch", "late_dispatch"),
    (r"damag|lost|broken in", "lost_or_damaged"),
    (r"return|exchang|cancel|refund", "return_refused"),
    (r"misrepres|not as descr|wrong", "not_as_described"),
    (r"quality|defect|faulty|workmanship", "quality_defect"),
    (r"bill|charg|contract|warrant|promise|fee|payment|service|account|loan|debt", "promise_broken"),
)


class Guess(NamedTuple):
    """Which column a role may be, and why."""

    role: str
    column: str
    why: str


class Guesses(NamedTuple):
    """A mapping that may be right: format, columns, and what values may mean."""

    events: bool
    columns: tuple[Guess, ...]
    activities: dict[str, tuple[tuple[str, ...], str]]
    """In an event log: role -> activities and why."""
    outcomes: dict[str, tuple[str, str]]
    """Value -> outcome and why."""
    causes: dict[str, tuple[str, str]]
    doubts: tuple[str, ...]


def kind_of(texts: Texts) -> str:
    """'time', 'number', 'yes or no', 'words' (few values), 'name' (many), or 'empty'."""
    known = _known(texts)
    if not len(known):
        return "empty"
    lower = {str(text).strip().lower() for text in known}
    if len(lower) <= 2 and lower <= {"yes", "no", "true", "false", "y", "n"}:
        return "yes or no"
    # dates such as 20240131 and epochs are numbers too; a date that may be read two ways is one all the same
    if max(_share(hours_of(known)), _share(hours_of(known, dates="dmy"))) >= ENOUGH:
        return "time"
    if max(_share(numbers_of(known, ".")), _share(numbers_of(known, ","))) >= ENOUGH:
        return "number"
    return "words" if len(set(known.tolist())) <= MOST_VALUES else "name"


def _known(texts: Texts) -> Texts:
    """The first cells that are not empty, and have no word for nothing."""
    said = np.array([text is not None and str(text).strip() not in NOTHING for text in texts], bool)
    return np.asarray(texts[said][:SAMPLE])


def _share(values: Floats) -> float:
    return float((~np.isnan(values)).mean())


def guess(table: TextTable) -> Guesses:
    """Guess a mapping for a table."""
    kinds = {name: kind_of(texts) for name, texts in table.columns.items()}
    events = _event_columns(table, kinds)
    if events:
        there = ", ".join(name for name, _ in distinct(table.columns[events[1].column])[:40])
        return Guesses(
            True,
            events,
            _activities(table, events),
            {},
            {},
            (gettext("the activities are: {there}").format(there=there),),
        )
    found = tuple(_columns(table, kinds))
    named = {one.role: one.column for one in found}
    doubts = (
        [] if "opened" in named else [gettext("no column looks like the time when disputes begin: name it")]
    )
    doubts += _two_ways(table, kinds)
    return Guesses(
        False,
        found,
        {},
        _values(table, named.get("outcome"), _OUTCOMES, "ruled merchant", nothing="open"),
        _values(table, named.get("cause"), _CAUSES, "quality_defect"),
        tuple(doubts),
    )


def _two_ways(table: TextTable, kinds: dict[str, str]) -> list[str]:
    """What to say of columns of dates that may begin with their day or their month."""
    times = [name for name, kind in kinds.items() if kind == "time"]
    either = [name for name in times if _share(hours_of(_known(table.columns[name]))) < ENOUGH]
    return [
        gettext(
            "the dates in '{name}' may begin with their day or their month: add 'dates: dmy' or 'dates: mdy'"
        ).format(name=name)
        for name in either
    ]


def _event_columns(table: TextTable, kinds: dict[str, str]) -> tuple[Guess, ...]:
    """Case, activity and time, if there are an activity and a case that occurs more than once.

    The exact names of usual logs come first, those of XES before all, then names that say so.
    """
    lower = {name.lower(): name for name in reversed(list(table.columns))}
    found: list[Guess] = []
    for role, form in ((CASE, r"case|trace|案"), (ACTIVITY, r"activit|event|task|活动|事件|环节|步骤"), (TIME, r"time|date|时间|日期")):  # fmt: skip  # noqa: E501
        exact = (lower[name] for name in GUESSES[role] if name in lower)
        alike = (name for name in table.columns if re.search(form, name.lower()))
        fits = (name for name in (*exact, *alike) if role != TIME or kinds[name] == "time")
        column = next((name for name in fits if name not in {one.column for one in found}), None)
        if column is None:
            return ()
        found.append(Guess(role, column, f"its name says {role}"))
    cases = len(set(table.columns[found[0].column].tolist()))
    return tuple(found) if cases < 0.9 * len(table) else ()


def _activities(table: TextTable, events: tuple[Guess, ...]) -> dict[str, tuple[tuple[str, ...], str]]:
    """What cases begin with, what they end with, and what names the other moments."""
    case, activity, moment = (table.columns[one.column] for one in events)
    order = np.lexsort((np.arange(len(table)), hours_of(moment)))
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for i in order:
        first.setdefault(str(case[i]), str(activity[i]))
        last[str(case[i])] = str(activity[i])
    begins = distinct(np.array(list(first.values()), object))
    ends = [
        name for name, count in distinct(np.array(list(last.values()), object)) if count >= 0.05 * len(last)
    ]
    found: dict[str, tuple[tuple[str, ...], str]] = {
        "opened": ((begins[0][0],), f"{begins[0][1]:,} cases begin with it")
    }
    for role in ("filed", "answered", "ruled", "review"):
        form = next(
            form for name, _, form in (*_ROLES, ("filed", "", r"fil(ed|ing)|escalat")) if name == role
        )
        names = tuple(n for n, _ in distinct(activity) if re.search(form, n.lower()) and n not in begins[0])
        if names:
            found[role] = names[:3], "its name; only one of them may be meant"
    found["closed"] = tuple(ends), "cases end with them"
    return found


def _columns(table: TextTable, kinds: dict[str, str]) -> Iterator[Guess]:
    """For each role the first column whose kind and name fit; times without a telling name by their order."""
    free = dict(kinds)
    for role, kind, form in _ROLES:
        allowed = {kind, "name"} if role in {"cause", "merchant"} else {kind}
        allowed |= {"words"} if role == "merchant" else set()
        match = next((n for n, k in free.items() if k in allowed and re.search(form, n.lower())), None)
        if match is not None:
            yield Guess(role, match, f"its name, and its cells are {_PLURAL.get(free[match], free[match])}")
            del free[match]
    times = [name for name, kind in free.items() if kind == "time"]
    if times and not any(kinds[n] == "time" and n not in free for n in kinds):
        order = sorted(times, key=lambda name: float(np.nanmedian(hours_of(table.columns[name]))))
        yield Guess("opened", order[0], "the earliest of the columns of times")
        if len(order) > 1:
            yield Guess("closed", order[-1], "the latest of the columns of times")


_PLURAL = {"time": "times", "number": "numbers", "words": "a few words", "name": "many different names"}


def _values(
    table: TextTable, column: str | None, forms: tuple[tuple[str, str], ...], other: str, nothing: str = ""
) -> dict[str, tuple[str, str]]:
    """What each value may mean: by a word in it, or else the commonest meaning, in doubt.

    Words for nothing, such as NULL, mean `nothing`; without it they stand for no value.
    """
    if column is None:
        return {}
    meanings = {}
    for value, count in distinct(table.columns[column])[:MOST_VALUES]:
        if value.strip() in NOTHING:
            if nothing:
                meanings[value] = (
                    nothing,
                    gettext("{count:,} rows; a word for an empty cell").format(count=count),
                )
            continue
        found = ((re.search(form, value.lower()), meaning) for form, meaning in forms)
        hit, meaning = next(((h, m) for h, m in found if h), (None, other))
        why = f"says '{hit[0]}'" if hit else gettext("?? nothing in its name says so: check")
        meanings[value] = meaning, gettext("{count:,} rows; {why}").format(count=count, why=why)
    return meanings


def to_yaml(guesses: Guesses, name: str) -> str:
    """The guesses as a mapping file to edit."""
    lines = [f"# Guessed from {name}: check every line before you believe it.", "kind: mapping"]
    lines += [f"# {doubt}" for doubt in guesses.doubts]
    lines += ['source: ""  # where the log comes from', 'currency: ""']
    if guesses.events:
        lines += ["format: events", "events:"]
        lines += [f"  {one.role}: {_quoted(one.column)}  # {one.why}" for one in guesses.columns]
        lines.append("activities:")
        for role, (names, why) in guesses.activities.items():
            lines.append(f"  {role}: [{', '.join(map(_quoted, names))}]  # {why}")
        return "\n".join(lines) + "\n"
    roles = {one.role for one in guesses.columns}
    if "closed" in roles:
        lines.append("sampled_by: opening  # or closing, where the log holds what was closed in its days")
    lines.append("columns:")
    lines += [f"  {one.role}: {_quoted(one.column)}  # {one.why}" for one in guesses.columns]
    for title, values in (("outcomes", guesses.outcomes), ("causes", guesses.causes)):
        if values:
            lines.append(f"{title}:")
            lines += [f"  {_quoted(value)}: {meaning}  # {why}" for value, (meaning, why) in values.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Text as YAML takes it whatever is in it."""
    plain = re.fullmatch(r"[A-Za-z][\w /()+.-]*[\w)]|[A-Za-z]", text) and text.lower() not in {
        "yes",
        "no",
        "true",
        "false",
        "null",
    }
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
