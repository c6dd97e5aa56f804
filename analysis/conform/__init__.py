"""Due process as data: rules in the terms of DECLARE, checked over any event log."""

from analysis.conform.check import Checker, Tally, Violation
from analysis.conform.rules import Rule, Rules

__all__ = ["Checker", "Rule", "Rules", "Tally", "Violation"]
