"""The pure part of risk: parameters as data, what was found, and how strong it is. Integers only."""

from .found import Found
from .parameters import PARAMETERS, Parameter, Parameters, parameter_list
from .strength import balance_of, evenness, ring_of, strength_over

__all__ = [
    "PARAMETERS",
    "Found",
    "Parameter",
    "Parameters",
    "balance_of",
    "evenness",
    "parameter_list",
    "ring_of",
    "strength_over",
]
