"""The worked example that every part of the addon must give to the cent."""

import json
from fractions import Fraction
from pathlib import Path

ORACLE = json.loads(Path(__file__).with_name("at_cost_oracle.json").read_text())
CENTRES = ("LEG", "FIN", "COM")
SUPPORT = {"ADM": 18_000_000, "ITF": 9_000_000}
DIRECT = {"LEG": 31_000_000, "FIN": 45_500_000, "COM": 24_000_000}
CREDITS = {"FIN": 1_500_000}
TARGETS = {
    "LEG": (40_261_500, 3_300 * 60),
    "FIN": (53_998_000, 5_000 * 60),
    "COM": (32_100_000, 3_000 * 60),
}


def percent(**shares):
    return {centre: Fraction(share, 100) for centre, share in shares.items()}


KEYS = {
    "ADM": percent(ITF=10, LEG=30, FIN=40, COM=20),
    "ITF": percent(ADM=20, LEG=25, FIN=30, COM=25),
}
NET = {centre: DIRECT[centre] - CREDITS.get(centre, 0) for centre in DIRECT}


def cells(name):
    """A dictionary of the oracle by cell: ``{(agreement, centre): value}``."""
    return {tuple(key.split("|")): value for key, value in ORACLE[name].items()}
