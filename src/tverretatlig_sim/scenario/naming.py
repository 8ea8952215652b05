"""Scenarios as users name them: a shipped name or a path, with levers after ``+``."""

from __future__ import annotations

from pathlib import Path

from tverretatlig_sim.scenario.files import list_scenarios


def split_name(name: str, folder: Path) -> tuple[str, tuple[str, ...]]:
    """A scenario and its levers; a plus sign may also stand in the path of a file.

    Args:
        name: e.g. ``0-24-2018+line-calibration``.
        folder: to which paths are relative.
    """
    pieces, known = name.split("+"), list_scenarios()
    ends = [
        end
        for end in range(1, len(pieces) + 1)
        if (base := "+".join(pieces[:end])) in known or _exists(base, folder)
    ]
    end = max(ends, default=1)
    return "+".join(pieces[:end]), tuple(pieces[end:])


def place_of(name: str, folder: Path) -> str | Path:
    """The name of a shipped scenario, or the path of a file that need not look like one.

    Args:
        name: of a scenario, without levers.
        folder: to which paths are relative.
    """
    if name in list_scenarios():
        return name
    return folder / name if is_path(name) or _exists(name, folder) else name


def is_path(name: str) -> bool:
    """Whether a name can only be that of a file."""
    return name.endswith(".toml") or bool(set(name) & {"/", "\\"})


def _exists(name: str, folder: Path) -> bool:
    try:
        return bool(name) and (folder / name).exists()
    except OSError:  # no file could have this name
        return False
