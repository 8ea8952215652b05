"""The patterns that are known, and adding one's own."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.study.patterns import bands, counted, directorates, groups, inclusion, money, programmes
from tverretatlig_sim.study.patterns.pattern import Pattern

_OWN: dict[str, Pattern] = {}

SHIPPED: dict[str, Pattern] = {
    pattern.id: pattern
    for module in (groups, inclusion, money, directorates, programmes, counted, bands)
    for pattern in module.PATTERNS
}
"""Patterns that come with the package."""


def register(pattern: Pattern) -> Pattern:
    """Add a pattern of one's own; one with the same id as an earlier own one replaces it.

    Raises:
        ValueError: if a shipped pattern has that id.
    """
    if pattern.id in SHIPPED:
        raise ValueError(_("pattern {id!r} comes with the package; give yours another id", id=pattern.id))
    _OWN[pattern.id] = pattern
    return pattern


def patterns(ids: Sequence[str] = ()) -> list[Pattern]:
    """Patterns by id, in the order asked for; all if none is named.

    Raises:
        ValueError: with what is allowed, if there is no such pattern.
    """
    known = {**SHIPPED, **_OWN}
    for id_ in ids:
        if id_ not in known:
            near = get_close_matches(id_, known, n=1)
            hint = _("did you mean {word}?", word=repr(near[0])) if near else ""
            what = _("no pattern {id!r}; allowed: {known}", id=id_, known=", ".join(known))
            raise ValueError(joined("; ", (what, hint)))
    return [known[id_] for id_ in dict.fromkeys(ids)] if ids else list(known.values())


def load_module(path: Path) -> None:
    """Run a Python file that registers patterns.

    Raises:
        ValueError: if there is no such file, or it cannot be run.
    """
    spec = importlib.util.spec_from_file_location(path.stem, path) if path.is_file() else None
    if spec is None or spec.loader is None:
        raise ValueError(_("{path}: no such Python file", path=path))
    try:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    except Exception as error:
        reason = {"kind": type(error).__name__, "reason": error}
        raise ValueError(_("{path}: cannot be run: {kind}: {reason}", path=path, **reason)) from error
