"""Keyed uniform numbers (ODD, section 4, "Draws")."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

MASK = 0xFFFF_FFFF_FFFF_FFFF
GOLDEN = 0x9E37_79B9_7F4A_7C15


def mix(z: int) -> int:
    """Scramble 64 bits."""
    z ^= z >> 30
    z = z * 0xBF58_476D_1CE4_E5B9 & MASK
    z ^= z >> 27
    z = z * 0x94D0_49BB_1331_11EB & MASK
    return z ^ z >> 31


@cache
def key(name: str) -> int:
    """64-bit key of a name."""
    return int.from_bytes(blake2b(name.encode("utf-8"), digest_size=8).digest(), "little")


def rotate_left(z: int, bits: int) -> int:
    """Rotate 64 bits."""
    return (z << bits | z >> 64 - bits) & MASK


@cache
def pair(first: str, second: str) -> int:
    """64-bit key of a relation between two names; their order matters."""
    return mix(key(first) ^ rotate_left(key(second), 32))


class Draws:
    """The uniform numbers of one run."""

    def __init__(self, seed: int, run: int) -> None:
        """Take seed and number of the run, both from 0 up to 2⁶⁴ (excluded)."""
        self.seed = seed
        self.offset = GOLDEN * (run + 1) & MASK
        self._bases: dict[tuple[str, int], int] = {}

    def uniform(self, process: str, entity: int, month: int) -> float:
        """Draw the number in [0, 1) of a process, the key of an entity and a month of the run."""
        z = mix(self._base(process, month) ^ entity) + self.offset & MASK
        return float(mix(z) >> 11) * 2.0**-53

    def _base(self, process: str, month: int) -> int:
        if (process, month) not in self._bases:
            z = mix(self.seed ^ key(process)) + GOLDEN * (month + 1) & MASK
            self._bases[process, month] = mix(z)
        return self._bases[process, month]
