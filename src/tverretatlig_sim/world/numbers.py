"""Double or single precision: the same tables, with numbers of another width."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal, TypeVar

import numpy as np

from tverretatlig_sim.world.sparse import Sums

Thing = TypeVar("Thing")

Numbers = Literal["double", "single"]
"""Numbers of shares and amounts. Draws, codes and months are the same in both."""

DTYPES: dict[Numbers, np.dtype[Any]] = {"double": np.dtype(np.float64), "single": np.dtype(np.float32)}


def cast(thing: Thing, dtype: np.dtype[Any]) -> Thing:
    """A thing made in double precision, with its floating-point arrays and sums in a width."""
    return thing if dtype == DTYPES["double"] else _cast(thing, dtype)


def _cast(thing: Thing, dtype: np.dtype[Any]) -> Thing:
    """The same through nested dataclasses."""
    kept: Any = thing
    if isinstance(kept, np.ndarray | Sums):
        kept = kept.astype(dtype, copy=False) if kept.dtype.kind == "f" else kept
    elif is_dataclass(kept) and not isinstance(kept, type):
        old = {field.name: getattr(kept, field.name) for field in fields(kept)}
        new = {name: _cast(value, dtype) for name, value in old.items()}
        # What has not changed stays the same object, so that equal meetings go on sharing one.
        kept = replace(kept, **new) if any(new[name] is not old[name] for name in old) else kept
    return kept  # type: ignore[no-any-return]
