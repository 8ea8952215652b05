"""What the user has of their own, put to use under its name; and files of Python that do so."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import TracebackType
from typing import Any

from tverretatlig_sim.ensemble.batch import rules_of
from tverretatlig_sim.ensemble.outcomes import Outcome, use_outcome
from tverretatlig_sim.ensemble.series import Series, use_series
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import _
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.own import OWN, keep
from tverretatlig_sim.scenario.levers import Dial, Lever, list_dials, list_levers
from tverretatlig_sim.study.barriers import Barrier, Explanation, evaluators
from tverretatlig_sim.study.dials import DIALS
from tverretatlig_sim.study.dials import Dial as SearchDial
from tverretatlig_sim.study.patterns import Pattern, register

KINDS: Mapping[type, Callable[[Any], object]] = {
    RuleSet: lambda it: OWN["rules"].update({"": rules_of(it)}),
    Outcome: use_outcome,
    Series: use_series,
    Lever: lambda it: keep("lever", it.name, it, dict.fromkeys(list_levers())),
    Dial: lambda it: keep("dial", it.name, it, dict.fromkeys(list_dials())),
    Pattern: register,
    Barrier: lambda it: keep("barrier", f"{it.explanation}: {it.claim.en}", it, {}),
    Explanation: lambda it: keep("explanation", it.id, it, {row.id: row for row in evaluators().explanation}),
    SearchDial: lambda it: keep("search dial", it.name, it, dict.fromkeys(DIALS)),
}
"""What can be put to use, and how."""


class use:  # noqa: N801 - called as a function
    """Put things of one's own to use from now on, or inside ``with`` only, in this process.

    Rules become what happens in a month wherever no others are given. Outcomes, series, levers, dials (of
    levers and of ``search``), patterns, barriers and their explanations can be named wherever those of the
    package can; one of the same name that was in use gives way. Workers get what they need.

    Raises:
        TypeError: it is nothing that can be used.
        ValueError: its name is taken by something of the package, or cannot be one.
    """

    def __init__(self, *things: object) -> None:
        """Put them to use, all or none."""
        self._before = {kind: dict(own) for kind, own in OWN.items()}
        try:
            for thing in things:
                _put(thing)
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, own in OWN.items():
            own.clear()
            own.update(self._before.get(name, {}))


def _put(thing: object) -> None:
    for kind, put in KINDS.items():
        if isinstance(thing, kind):
            put(thing)
            return
    allowed = ", ".join(dict.fromkeys(kind.__name__ for kind in KINDS))
    raise TypeError(_("{thing!r}: cannot be put to use; allowed: {allowed}", thing=thing, allowed=allowed))


def use_module(path: Path) -> None:
    """Run a Python file that puts things to use.

    Raises:
        ValueError: there is no such file, or it cannot be run.
    """
    if not (path.is_file() and path.suffix == ".py"):
        raise ValueError(_("{path}: no such Python file", path=path))
    spec = spec_from_file_location(f"own_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[spec.name] = module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except TverretatligError:
        raise
    except Exception as error:
        reason = {"kind": type(error).__name__, "reason": error}
        raise ValueError(_("{path}: cannot be run: {kind}: {reason}", path=path, **reason)) from error
