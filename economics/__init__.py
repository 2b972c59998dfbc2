"""The economics of a rack of GPUs: scenarios, quantities, and what they answer."""

from economics.problems import NoAnswer, Problem
from economics.quote import Quantity, Quote, quote
from economics.scenario import Scenario, Source, Sourced, scenario

__all__ = ["NoAnswer", "Problem", "Quantity", "Quote", "Scenario", "Source", "Sourced", "quote", "scenario"]
