"""Names of settings as they are written in Chinese or were called before; ours are English and of today.

Only words that can mean one setting are here. Files are written back in English.
"""

from __future__ import annotations

from dataclasses import replace

from evenhand.locale.current import gettext
from evenhand.renamed import SETTINGS, current
from evenhand.scenarios.problems import Problem, clean
from evenhand.scenarios.yaml import Node

_TABLE = """
kind 类型
name 名称
title 标题
description 说明
base 基于 基础
source 来源
confidence 可信度
note 备注
plausible 合理范围
value 值
windows 期限 时限 窗口
file 申请
negotiation 协商
merchant_reply 商家回复
escalate 升级
merchant_evidence 商家举证
buyer_evidence 买家举证
mediation 调解
returns 退货
ship 寄回
confirm 确认收货
review 复核 复审
offers 报价
screening 审核 初审
answer 答辩
burden 举证责任
decision 裁决
funding 资金
sanctions 处罚
exceptions 例外
reforms 改革
silence 沉默
rounds 轮数
required 必须
standard 证明标准
decider 裁决者
limit 次数上限
days 天数
currency 货币
calendar 日历
market 市场
causes 原因
buyers 买家
merchants 商家
evidence 证据
desks 客服台
arbiters 仲裁员
jurors 陪审员
behaviour 行为
count 人数
groups 分组
staff 员工
festivals 节日
"""
CHINESE = {word: name for name, *words in map(str.split, _TABLE.strip().splitlines()) for word in words}
FREE = frozenset({"groups", "exceptions"})
"""Groups of settings whose entries have names of their own, in any language."""


def meant_by(key: str) -> str:
    """The English name of a setting; the key itself where it is none of the Chinese words known."""
    return CHINESE.get(key.strip(), key)


def in_english(node: Node, problems: list[Problem], above: str = "") -> Node:
    """The tree with the names of settings in English; names that people give are left alone."""
    if isinstance(node.value, tuple):
        return replace(node, value=tuple(in_english(item, problems) for item in node.value))
    if not isinstance(node.value, dict):
        return node
    renamed: dict[str, Node] = {}
    for key, child in node.value.items():
        name = key if above in FREE else meant_by(key)
        if name in renamed:
            said = gettext("given twice: '{name}' and '{key}' are the same").format(name=name, key=clean(key))
            problems.append(Problem(child.key or child.place, name, said))
        renamed[name] = in_english(child, problems, name)
    return replace(node, value=renamed)


def of_today(node: Node, problems: list[Problem], path: str = "") -> Node:
    """The tree with the names that settings have today; for an old one a line on stderr says the new."""
    if isinstance(node.value, tuple):
        return replace(node, value=tuple(of_today(item, problems, path) for item in node.value))
    if not isinstance(node.value, dict):
        return node
    renamed: dict[str, Node] = {}
    for key, child in node.value.items():
        old = f"{path}.{key}" if path else key
        now = current(old, SETTINGS)
        name = now.rpartition(".")[2] if now != old else key
        if name in renamed:
            said = gettext("given twice: '{name}' and '{key}' are the same").format(name=name, key=clean(key))
            problems.append(Problem(child.key or child.place, name, said))
        renamed[name] = of_today(child, problems, "" if key == "changes" else now)
    return replace(node, value=renamed)
