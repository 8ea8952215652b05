"""Dials as users write them: ``matrix=0.8``."""

from __future__ import annotations

import re
from pathlib import Path

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario.dials.dial import Dial
from tverretatlig_sim.scenario.dials.shipped import dials
from tverretatlig_sim.scenario.errors import (
    Problem,
    ScenarioError,
    dial_called,
    did_you_mean,
    is_,
    listed,
    quoted,
)
from tverretatlig_sim.scenario.levers.lever import Lever, load_lever

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
WRITTEN = re.compile(r"(?P<name>[^=/\\]+)=(?P<value>[^/\\]*)")


def list_dials() -> list[str]:
    """Names of the dials, by framework."""
    return list(dials())


def load_dial(name: str) -> Dial:
    """A dial by name.

    Raises:
        ScenarioError: there is none of that name.
    """
    known = dials()
    if name not in known:
        what = _("there is no such dial")
        raise ScenarioError([Problem(quoted(name), "", what, listed(known), did_you_mean(name, known))])
    return known[name]


def is_dial(written: str) -> bool:
    """Whether something is written as a dial is: a name, an equals sign, no path."""
    return WRITTEN.fullmatch(written) is not None and not written.endswith(".toml")


def dial_lever(written: str) -> Lever:
    """The lever that sets a dial, from ``matrix=0.8``.

    Raises:
        ScenarioError: there is no such dial, or it cannot be set to that.
    """
    found = WRITTEN.fullmatch(written)
    name, value = (found["name"].strip(), found["value"].strip()) if found else (written, "")
    dial = load_dial(name)
    if re.fullmatch(r"[-+]?\d+,\d+", value):
        raise _fault(name, is_(value), _("a decimal point: {number}", number=value.replace(",", ".")))
    if not NUMBER.fullmatch(value):
        raise _fault(name, is_(value), dial.bounds.allowed)
    try:
        return dial.at(float(value))
    except ValueError:
        raise _fault(name, _("is {value}", value=value), dial.bounds.allowed) from None


def lever_or_dial(given: str | Path | Lever) -> Lever:
    """The lever that is meant: a dial's setting, a shipped lever's name, a file's path, or a lever itself.

    Raises:
        ScenarioError: there is none, or its file has problems.
    """
    return dial_lever(given) if isinstance(given, str) and is_dial(given) else load_lever(given)


def _fault(name: str, what: Message | str, allowed: Message | str) -> ScenarioError:
    return ScenarioError([Problem(dial_called(name), "", what, allowed)])
