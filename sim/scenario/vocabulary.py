"""The words that scenarios, policies and records share: causes, evidence, faults, endings, desks.

Their positions are the numbers in the records, so the tuples only ever grow at the end.
"""

from __future__ import annotations

from typing import Literal, get_args

ValidCause = Literal[
    "quality_defect",
    "not_as_described",
    "late_dispatch",
    "return_refused",
    "promise_broken",
    "lost_or_damaged",
    "counterfeit",
    "false_advertising",
]
GroundlessCause = Literal["remorse", "opportunistic", "malicious"]
Cause = Literal[ValidCause, GroundlessCause]
PlatformKind = Literal["chat_log", "product_page", "logistics_trace", "order_record"]
EvidenceKind = Literal[
    "photo",
    "video",
    "chat_log",
    "purchase_voucher",
    "dispatch_record",
    "inspection_report",
    "product_page",
    "logistics_trace",
    "order_record",
    "packaging",
    "quality_record",
]
Goods = Literal["ordinary", "durable", "perishable", "custom", "digital"]
Fault = Literal["merchant", "carrier", "nobody", "buyer"]
Ending = Literal["open", "settled", "lapsed", "abandoned", "withdrawn", "inadmissible", "defaulted", "ruled"]
Remedy = Literal["nothing", "return", "refund", "partial", "replacement", "repair", "coupon"]
"""What a buyer can get; `repair` where there are no goods in hand: they are sent again."""
StyleName = Literal["tough", "fair", "generous"]
DeskName = Literal["screening", "decision", "review", "mediation"]

VALID_CAUSES: tuple[ValidCause, ...] = get_args(ValidCause)
GROUNDLESS_CAUSES: tuple[str, ...] = get_args(GroundlessCause)
CAUSES: tuple[str, ...] = (*VALID_CAUSES, *GROUNDLESS_CAUSES)
EVIDENCE_KINDS: tuple[EvidenceKind, ...] = get_args(EvidenceKind)
N_KINDS = len(EVIDENCE_KINDS)
GOODS: tuple[Goods, ...] = get_args(Goods)
FAULTS: tuple[str, ...] = get_args(Fault)
ENDINGS: tuple[str, ...] = get_args(Ending)
REMEDIES: tuple[Remedy, ...] = get_args(Remedy)
STYLES: tuple[StyleName, ...] = get_args(StyleName)
DESKS: tuple[str, ...] = get_args(DeskName)

N_CAUSES = len(CAUSES)
N_VALID = len(VALID_CAUSES)
NOTHING, RETURN, REFUND, PARTIAL, REPLACEMENT, REPAIR, COUPON = range(len(REMEDIES))
FITS_FULL = 1 << RETURN | 1 << REFUND | 1 << PARTIAL | 1 << REPLACEMENT
FITS_HALF = FITS_FULL | 1 << REPAIR
FITS_SMALL = 1 << NOTHING | 1 << PARTIAL | 1 << COUPON
"""Remedies that are adequate in truth for a great, a middling and a small harm, as bit masks."""
LATE_DISPATCH = VALID_CAUSES.index("late_dispatch")
RETURN_REFUSED = VALID_CAUSES.index("return_refused")
PROMISE_BROKEN = VALID_CAUSES.index("promise_broken")
LOST_OR_DAMAGED = VALID_CAUSES.index("lost_or_damaged")
DURABLE = GOODS.index("durable")
REMORSE = N_VALID
"""Position of the first claim without a valid grievance, the one that honesty does not thin."""


def kinds_mask(*kinds: EvidenceKind) -> int:
    """Kinds of evidence as a bit mask."""
    return sum(1 << EVIDENCE_KINDS.index(kind) for kind in kinds)


PHOTO, VIDEO, VOUCHER, PACKAGING = (
    EVIDENCE_KINDS.index(kind) for kind in ("photo", "video", "purchase_voucher", "packaging")
)
OF_PLATFORM = kinds_mask(*get_args(PlatformKind))
"""Kinds whose original the platform holds, and nobody can forge."""
OF_BUYER = kinds_mask("photo", "video", "packaging", "inspection_report")
"""Kinds that the buyer makes or keeps, the better the sooner he looks."""
BUYER_FORGES = kinds_mask("photo", "video")
MERCHANT_FORGES = kinds_mask("purchase_voucher", "dispatch_record", "quality_record")
"""Kinds that each side can forge."""
