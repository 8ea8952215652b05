"""What a store belongs to: study, program, machine."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.study.store import Document, StoreError
from tverretatlig_sim.study.task import FORMAT
from tverretatlig_sim.version import __version__

MATTERS = (
    "arrays.py",
    "scenario/**/*.py",
    "world/**/*.py",
    "kernel/**/*.py",
    "ensemble/**/*.py",
    "study/task.py",
)
"""Files of the package on which results depend; parameters and scenarios are in the tasks."""
LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow")
ABOUT = {"machine": _("machine"), "libraries": _("libraries"), "python": "python"}
"""Entries on which the last bits of a result may depend, as messages call them."""


@cache
def code_digest() -> str:
    """Hash of the program that makes results."""
    package, digest = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(path for pattern in MATTERS for path in package.glob(pattern)):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:32]


def new_manifest(study: Mapping[str, Any], task_runs: int) -> Document:
    """The manifest of a new store.

    Args:
        study: name, digest, and what the study is about; see ``Study.summary``.
        task_runs: runs of a task.
    """
    return {
        "format": FORMAT,
        **study,
        "program": {"version": __version__, "code": code_digest()},
        "task_runs": task_runs,
        "python": ".".join(map(str, sys.version_info[:3])),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "processor": _processor(),
            "cores": os.cpu_count(),
        },
        "sessions": [],
    }


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "missing"


def _processor() -> str:
    """Model of the processor, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def check_manifest(found: Document, mine: Document, folder: Path) -> list[Message]:
    """Refuse a store that belongs to another study or another program.

    Args:
        found: the store's manifest.
        mine: what it would be, had this study made it now.
        folder: of the store.

    Returns:
        Warnings: what may change the last bits of a result.

    Raises:
        StoreError: with what is different.
    """
    advice = _("Give another folder with --store.")
    if found.get("digest") != mine["digest"]:
        keys = ("scenarios", "factors", "points", "runs", "months", "seed")
        others = ", ".join(key for key in keys if found.get(key) != mine[key])
        differs = others or _("its points, its parameters or what it records")
        name, other = found.get("study"), found.get("study") != mine["study"]
        study = _("holds results of study “{name}” (different: {differs})", name=name, differs=differs)
        older = _("holds results of an older state (different: {differs})", differs=differs)
        raise StoreError(joined(": ", (str(folder), study if other else older)), advice)
    if found.get("program") != mine["program"] or found.get("format") != FORMAT:
        was, now = (_program(given) for given in (found.get("program") or {}, mine["program"]))
        what = _(
            "{folder}: holds results of another version of the program: {was}; this is {now}",
            folder=folder,
            was=was,
            now=now,
        )
        raise StoreError(what, joined(" ", (advice, _("Or go on with the version that began."))))
    return [
        _(
            "{folder}: was begun with other {key} ({was}); the last bits of results may differ",
            folder=folder,
            key=name,
            was=found.get(key),
        )
        for key, name in ABOUT.items()
        if found.get(key) != mine[key]
    ]


def _program(given: Document) -> Message:
    """A version of the program, as messages call it."""
    return _("{version} (code {code})", version=given.get("version"), code=str(given.get("code"))[:8])
