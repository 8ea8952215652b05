"""64-bit keys of names: what a random number belongs to besides seed, run, month and process."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim.scenario.history import plain_name

Keys = NDArray[np.uint64]

GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF
_SHIFTS = np.uint64(30), np.uint64(27), np.uint64(31)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def mix(keys: Keys) -> Keys:
    """SplitMix64 finaliser of every key, in place; returns the same array."""
    first, second, third = _SHIFTS
    keys ^= (shifted := keys >> first)
    keys *= _FIRST
    keys ^= np.right_shift(keys, second, out=shifted)
    keys *= _SECOND
    keys ^= np.right_shift(keys, third, out=shifted)
    return keys


def mix_integer(key: int) -> int:
    """The same for one Python integer."""
    key &= _MASK
    key = (key ^ key >> 30) * int(_FIRST) & _MASK
    key = (key ^ key >> 27) * int(_SECOND) & _MASK
    return key ^ key >> 31


@cache
def name_key(name: str) -> int:
    """Key of an entity's name."""
    return int.from_bytes(blake2b(plain_name(name).encode(), digest_size=8).digest(), "little")


def name_keys(names: tuple[str, ...]) -> Keys:
    """Keys of several names, shape (names,)."""
    return np.array([name_key(name) for name in names], dtype=np.uint64)


def pair_keys(first: Keys, second: Keys) -> Keys:
    """Keys of ordered pairs; both arrays broadcast."""
    rotated = (second << np.uint64(32)) | (second >> np.uint64(32))
    return mix(first ^ rotated)
