"""What Mesa calls ``rng``, as a seed of the kernel's draws."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import numpy as np

RandomSource = (
    int | np.integer | Sequence[int] | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator
)

FRESH_BITS = 53
"""Bits of a fresh seed: as many as survive being written as a float, in a table or a JSON file."""


def seed_of(rng: RandomSource | None) -> int:
    """A seed from anything Mesa takes for ``rng``.

    Args:
        rng: a whole number is the seed; from any other source of random numbers a seed is drawn; None
            gives a fresh seed from the operating system.

    Raises:
        TypeError: if it is none of these.
    """
    if rng is None:
        return secrets.randbits(FRESH_BITS)
    if isinstance(rng, int | np.integer):
        return rng if isinstance(rng, bool) else int(rng)
    return int(np.random.default_rng(rng).integers(2**FRESH_BITS))
