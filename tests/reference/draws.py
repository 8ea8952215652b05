"""Uniform numbers that belong to seed, run, month, process and entity (ODD, section 4, "Draws")."""

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


@cache
def pair(first: str, second: str) -> int:
    """64-bit key of a relation between two names; their order matters."""
    turned = key(second)
    return mix(key(first) ^ ((turned << 32 | turned >> 32) & MASK))


@cache
def base(seed: int, process: str, month: int) -> int:
    """What all entities share in one process of one month."""
    return mix(mix(seed ^ key(process)) + GOLDEN * (month + 1) & MASK)


def uniform(seed: int, run: int, process: str, entity: int, month: int) -> float:
    """The number in [0, 1) of a process, an entity's key and a month, in one run."""
    z = mix(base(seed, process, month) ^ entity) + GOLDEN * (run + 1) & MASK
    return (mix(z) >> 11) * 2.0**-53
