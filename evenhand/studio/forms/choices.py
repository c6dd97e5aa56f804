"""Choices as people read them: `adverse_inference` is a word of files, not of policy designers."""

from __future__ import annotations

from evenhand.locale.current import gettext
from evenhand.locale.words import Named, Words


class ChoiceWords(Words):
    """What the words of a choice mean, by setting and word."""

    SAID = Named(
        {
            "negotiation.silence=escalate": "The buyer may ask the platform",
            "negotiation.silence=refund": "The buyer is refunded at once",
            "negotiation.escalation=buyer": "The buyer must ask the platform",
            "negotiation.escalation=automatic": "The platform steps in by itself",
            "screening.mode=desk": "Staff",
            "screening.mode=automatic": "A machine, at once",
            "screening.not_admitted=final": "Is lost",
            "screening.not_admitted=cure": "May be mended once",
            "screening.counts_from=delivery": "The delivery",
            "screening.counts_from=payment": "The payment",
            "answer.silence=buyer_wins": "The buyer gets everything",
            "answer.silence=adverse_inference": "Silence counts for the buyer",
            "answer.silence=decide_on_file": "It is decided on what is there",
            "answer.silence=close": "The case is closed",
            "offers.officer_needs=both": "Both sides",
            "offers.officer_needs=either": "One of the sides",
            "decision.decider=desk": "Staff",
            "decision.decider=panel": "A jury",
            "decision.decider=model": "A model, where it is sure",
            "review.decider=desk": "Staff",
            "review.decider=panel": "A jury",
            "review.decider=model": "A model, where it is sure",
            "decision.discipline=fifo": "First come, first served",
            "decision.discipline=largest_amount": "Largest amount first",
            "decision.discipline=smallest_amount": "Smallest amount first",
            "decision.discipline=oldest_order": "Oldest order first",
            "decision.discipline=shortest": "Shortest case first",
            "decision.overdue=buyer_wins": "The buyer gets everything",
            "decision.overdue=close": "The case is closed",
            "decision.remedy=full": "The whole refund",
            "decision.remedy=proportional": "The share of the damage shown",
            "decision.reasons=none": "No reasons",
            "decision.reasons=short": "Reasons in a line",
            "decision.reasons=full": "Reasons in full",
            "decision.panel.fallback=desk": "Staff decide",
            "decision.panel.fallback=buyer": "The buyer wins",
            "decision.panel.fallback=merchant": "The merchant wins",
            "decision.hearings.order=hearing": "Each hearing waits its turn",
            "decision.hearings.order=case": "Cases that have begun go first",
        }
    )


words = ChoiceWords()


def choice(path: str, word: str) -> str:
    """A word of a choice at a setting, as people read it; the word itself where it needs no others."""
    inner = path.partition(".changes.")[2] or path
    return words.SAID.get(f"{inner}={word}") or plain_word(word)


def plain_word(word: str) -> str:
    """A word of files as it stands, without underscores."""
    said = gettext(word.replace("_", " "))
    return said[:1].upper() + said[1:]
