"""Names of settings as they are written in Chinese, for files that are typed by hand; ours are English.

Only words that can mean one setting are here. Files are written back in English.
"""

from __future__ import annotations

from dataclasses import replace

from scenarios.problems import Problem, clean
from scenarios.yaml import Node

CHINESE = {
    "类型": "kind", "名称": "name", "标题": "title", "说明": "description", "基于": "base", "基础": "base",
    "来源": "source", "可信度": "confidence", "备注": "note", "值": "value",
    "期限": "windows", "时限": "windows", "窗口": "windows", "申请": "file", "协商": "negotiation", "商家回复": "merchant_reply",
    "升级": "escalate", "商家举证": "merchant_evidence", "买家举证": "buyer_evidence", "调解": "mediation",
    "退货": "returns", "寄回": "ship", "确认收货": "confirm", "复核": "review", "复审": "review", "报价": "offers",
    "审核": "screening", "初审": "screening", "答辩": "answer", "举证责任": "burden", "裁决": "decision",
    "资金": "funding", "处罚": "sanctions", "例外": "exceptions", "改革": "reforms", "沉默": "silence",
    "轮数": "rounds", "必须": "required", "证明标准": "standard", "裁决者": "decider", "次数上限": "limit",
    "天数": "days", "货币": "currency", "日历": "calendar", "市场": "market", "原因": "causes", "买家": "buyers",
    "商家": "merchants", "证据": "evidence", "客服台": "desks", "仲裁员": "arbiters", "陪审员": "jurors",
    "行为": "behaviour", "人数": "count", "分组": "groups", "员工": "staff", "节日": "festivals",
}  # fmt: skip
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
            said = f"given twice: '{name}' and '{clean(key)}' are the same"
            problems.append(Problem(child.key or child.place, name, said))
        renamed[name] = in_english(child, problems, name)
    return replace(node, value=renamed)
