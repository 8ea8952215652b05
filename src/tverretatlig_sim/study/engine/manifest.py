"""What a store belongs to: study, program, machine."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import tverretatlig_sim
from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.study.engine.cut import Work
from tverretatlig_sim.study.engine.errors import StoreError
from tverretatlig_sim.study.engine.task import FORMAT

Manifest = dict[str, Any]

MATTERS = ("scenario", "world", "kernel", "ensemble", "study/engine")
"""Folders of the package on which results depend; parameters and scenarios are in the tasks."""
LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow")
ABOUT = {"machine": _("machine"), "libraries": _("libraries"), "python": "python"}
BITS = tuple(ABOUT)
"""Entries on which the last bits of a result may depend."""


@cache
def code_digest() -> str:
    """Hash of the program that makes results."""
    package, digest = Path(tverretatlig_sim.__file__).parent, hashlib.sha256()
    for folder in MATTERS:
        for path in sorted((package / folder).rglob("*.py")):
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:32]


def manifest_of(work: Work, name: str, task_runs: int) -> Manifest:
    """The manifest of a new store.

    Args:
        work: what is run.
        name: of the study.
        task_runs: how it is cut into tasks.
    """
    return {
        "format": FORMAT,
        "study": name,
        "digest": work.digest,
        "program": {"version": tverretatlig_sim.__version__, "code": code_digest()},
        "scenarios": {name: packed.digest for name, packed in work.packed.items()},
        "factors": list(work.names),
        "points": len(work.points),
        "runs": work.runs,
        "months": work.months,
        "seed": work.seed,
        "task_runs": task_runs,
        **_surroundings(),
        "sessions": [],
    }


def _surroundings() -> Manifest:
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "processor": _processor(),
            "cores": os.cpu_count(),
        },
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


def check_manifest(found: Manifest, mine: Manifest, folder: Path) -> list[Message]:
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
        differs = ", ".join(_differences(found, mine)) or _("its points, its parameters or what it records")
        study = _(
            "holds results of study “{name}” (different: {differs})", name=found.get("study"), differs=differs
        )
        older = _("holds results of an older state (different: {differs})", differs=differs)
        what = study if found.get("study") != mine["study"] else older
        raise StoreError(joined(": ", (str(folder), what)), advice)
    if found.get("program") != mine["program"] or found.get("format") != FORMAT:
        program = found.get("program") or {}
        was, now = (_program(given) for given in (program, mine["program"]))
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
            key=ABOUT[key],
            was=found.get(key),
        )
        for key in BITS
        if found.get(key) != mine[key]
    ]


def _program(given: Manifest) -> Message | str:
    """A version of the program, as messages call it."""
    return _("{version} (code {code})", version=given.get("version"), code=str(given.get("code"))[:8])


def _differences(found: Manifest, mine: Manifest) -> list[str]:
    keys = ("scenarios", "factors", "points", "runs", "months", "seed")
    return [key for key in keys if found.get(key) != mine[key]]
