"""The additions to a rack that there are; each is one record (`extension.py`) of its own file."""

from economics.extensions.contract.contract import CONTRACT
from economics.extensions.delay.delay import DELAY
from economics.extensions.extension import in_sequence
from economics.extensions.gear.gear import GEAR

EXTENSIONS = in_sequence((CONTRACT, DELAY, GEAR))
