"""What a rack may have beside its own: contracts, a delay, components that are replaced. An
addition is one file with a record (`extension.py`), and its name here.
"""

from economics.extensions.contract.contract import CONTRACT
from economics.extensions.delay.delay import DELAY
from economics.extensions.gear.gear import GEAR

EXTENSIONS = (CONTRACT, DELAY, GEAR)
