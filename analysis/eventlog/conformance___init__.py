"""Due process as data: rules in the terms of DECLARE, checked over any event log."""

from evenhand.analysis.eventlog.conformance_check import Checker, Tally, Violation
from evenhand.analysis.eventlog.conformance_rules import Rule, Rules

__all__ = ["Checker", "Rule", "Rules", "Tally", "Violation"]
