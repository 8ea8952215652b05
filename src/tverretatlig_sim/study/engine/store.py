"""A folder that holds what is finished of a study, and survives whatever happens to who writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.study.engine.errors import DamagedPartError, StoreError, write_failure
from tverretatlig_sim.study.engine.manifest import Manifest, check_manifest
from tverretatlig_sim.study.engine.parts import TEMPORARY, atomically, read_part, write_part
from tverretatlig_sim.study.engine.statistics import Part

MANIFEST, PARTS, FAILED = "manifest.json", "parts", "failed"


@dataclass(frozen=True)
class Store:
    """A store of one study; see ``open_store`` and ``create_store``.

    Attributes:
        folder: with ``manifest.json``, ``parts/KEY.parquet`` and ``failed/KEY.json``.
        manifest: what it belongs to.
    """

    folder: Path
    manifest: Manifest

    def path(self, key: str) -> Path:
        """The file of a part."""
        return self.folder / PARTS / f"{key}.parquet"

    def keys(self) -> set[str]:
        """Keys of the parts there are, damaged or not."""
        return {path.stem for path in (self.folder / PARTS).glob("*.parquet")}

    def write(self, key: str, part: Part) -> None:
        """Store a part; an earlier failure of its task is forgotten.

        Raises:
            StoreError: it cannot be written; what was there before is still there.
        """
        try:
            write_part(self.path(key), key, part)
        except OSError as error:
            raise write_failure(self.folder, error) from error
        with suppress(OSError):
            (self.folder / FAILED / f"{key}.json").unlink(missing_ok=True)

    def read(self, key: str) -> Part:
        """A part.

        Raises:
            DamagedPartError: it is not as it was written.
        """
        return read_part(self.path(key), key)

    def damaged(self, keys: Iterable[str]) -> dict[str, str]:
        """What is wrong with parts, by key; sound ones are left out."""
        found = {}
        for key in keys:
            try:
                self.read(key)
            except DamagedPartError as error:
                found[key] = str(error)
        return found

    def fail(self, key: str, record: Mapping[str, Any]) -> None:
        """Store why a task failed.

        Raises:
            StoreError: it cannot be written.
        """
        self._write_json(self.folder / FAILED / f"{key}.json", dict(record))

    def failures(self) -> dict[str, dict[str, Any]]:
        """Why tasks failed, by key."""
        paths = sorted((self.folder / FAILED).glob("*.json"))
        return {path.stem: _read_json(path) or {"reason": _("cannot be read")} for path in paths}

    def add_session(self, session: Mapping[str, Any]) -> None:
        """Note in the manifest who ran what, and how long it took.

        Raises:
            StoreError: it cannot be written.
        """
        self.manifest["sessions"].append(dict(session))
        self.save()

    def save(self) -> None:
        """Write the manifest.

        Raises:
            StoreError: it cannot be written.
        """
        self._write_json(self.folder / MANIFEST, self.manifest)

    def tidy(self) -> None:
        """Remove what a runner that was killed had only half written."""
        for path in [*self.folder.glob(f"*{TEMPORARY}"), *self.folder.glob(f"*/*{TEMPORARY}")]:
            with suppress(OSError):
                path.unlink()

    def _write_json(self, path: Path, document: Mapping[str, Any]) -> None:
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        try:
            atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
        except OSError as error:
            raise write_failure(self.folder, error) from error


def create_folders(folder: Path) -> None:
    """Make a folder a place for a store.

    Raises:
        StoreError: it cannot be made, or holds something else.
    """
    strangers = [] if (folder / MANIFEST).exists() else _strangers(folder)
    if strangers:
        what = _("{folder}: is not empty and holds no study (found {name})", folder=folder, name=strangers[0])
        raise StoreError(what, _("Give an empty or new folder with --store."))
    try:
        for part in (PARTS, FAILED):
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(folder, error) from error


def _strangers(folder: Path) -> list[str]:
    if not folder.exists():
        return []
    if not folder.is_dir():
        what = _("{folder}: is a file, not a folder", folder=folder)
        raise StoreError(what, _("Give another folder with --store."))
    return sorted(p.name for p in folder.iterdir() if p.name not in (PARTS, FAILED) and not _is_lock(p.name))


def _is_lock(name: str) -> bool:
    return name == "lock" or name.startswith("lock.")


def begin_store(folder: Path, mine: Manifest) -> tuple[Store, list[Message]]:
    """The store in a folder, begun if there is none. The caller holds its lock.

    Returns:
        The store, and warnings.

    Raises:
        StoreError: it belongs to another study or version, or cannot be written.
    """
    if (folder / MANIFEST).exists():
        return open_store(folder, mine)
    store = Store(folder, mine)
    store.save()
    return store, []


def open_store(folder: Path, mine: Manifest) -> tuple[Store, list[Message]]:
    """A store that is there.

    Args:
        folder: of the store.
        mine: the manifest it would have, had this study made it now.

    Returns:
        The store, and warnings.

    Raises:
        StoreError: there is none, or it belongs to another study or version.
    """
    if not (folder / MANIFEST).exists():
        what = _("{folder}: there is no store here", folder=folder)
        raise StoreError(what, _("“tverretatlig study run FILE” begins one."))
    found = _read_json(folder / MANIFEST)
    if found is None:
        what = _("{path}: cannot be read, or is no manifest", path=folder / MANIFEST)
        raise StoreError(what, _("Restore it from a copy, or give another folder with --store."))
    return Store(folder, found), check_manifest(found, mine, folder)


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None
