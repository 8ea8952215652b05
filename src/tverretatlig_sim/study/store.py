"""Where the parts of a study are kept: a folder that survives a kill at any moment, or memory."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shlex
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import Message, _, joined, reason_of
from tverretatlig_sim.scenario.files import shown

if TYPE_CHECKING:
    from filelock import SoftFileLease

MANIFEST, PARTS, FAILED, LOCK, SHARDS = "manifest.json", "parts", "failed", "lock", "shards"
TEMPORARY = ".tmp"
"""End of the name of a file that is being written."""
KEY, CHECKSUM = "tverretatlig.key", "tverretatlig.checksum"
LEASE = 30.0
"""Seconds without a sign of life after which the lock of another machine is taken over."""

FULL = (errno.ENOSPC, errno.EDQUOT)
READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)

Document = dict[str, Any]


class StoreError(TverretatligError):
    """A store cannot be used, or not any further; what is in it stays.

    Attributes:
        advice: what to do next.
        system: whether the system failed, rather than what was asked for.
    """

    def __init__(self, message: Message | str, advice: Message | str = "", *, system: bool = False) -> None:
        super().__init__(message)
        self.advice = advice
        self.system = system


class DamagedPartError(Exception):
    """A part that is not what was written."""


def write_failure(folder: Path, error: OSError) -> StoreError:
    """Why nothing can be written to a store."""
    place = shown(folder)
    if error.errno in FULL:
        advice = _("Finished parts are kept. Free some space, then resume.")
        return StoreError(_("{folder}: the disk is full", folder=place), advice, system=True)
    reason = reason_of(error)
    if error.errno in READ_ONLY:
        what = _("{folder}: cannot be written to ({reason})", folder=place, reason=reason)
        advice = _("Make the folder writable, or give another with --store.")
        return StoreError(what, advice, system=True)
    advice = _("Finished parts are kept. Mend it, then resume.")
    return StoreError(joined(": ", (place, reason)), advice, system=True)


@dataclass
class Memory:
    """Parts of a study without a store: they live, travel and go with the result.

    Attributes:
        parts: by key.
        failed: why tasks failed, by key.
    """

    parts: dict[str, pd.DataFrame] = field(default_factory=dict)
    failed: dict[str, Document] = field(default_factory=dict)

    def keys(self) -> set[str]:
        """Keys of the parts there are."""
        return set(self.parts)

    def write(self, key: str, part: pd.DataFrame) -> None:
        """Keep a part."""
        self.parts[key] = part

    def read(self, key: str) -> pd.DataFrame:
        """A part."""
        return self.parts[key]

    def fail(self, key: str, record: Document) -> None:
        """Keep why a task failed."""
        self.failed[key] = record

    def failures(self) -> dict[str, Document]:
        """Why tasks failed, by key."""
        return dict(self.failed)


@dataclass(frozen=True)
class Store:
    """A folder with what is finished of a study.

    Attributes:
        folder: absolute, with ``manifest.json``, ``parts/KEY.parquet`` and ``failed/KEY.json``.
        manifest: the study and the program it belongs to; see ``manifest``.
    """

    folder: Path
    manifest: Document

    def path(self, key: str) -> Path:
        """The file of a part."""
        return self.folder / PARTS / f"{key}.parquet"

    def keys(self) -> set[str]:
        """Keys of the parts there are, damaged or not.

        Raises:
            StoreError: the folder is no longer there.
        """
        if not self.folder.exists():
            what = _("{folder}: there is no store here any more", folder=self.folder)
            raise StoreError(what, _("Restore it from a copy, or run the study again."))
        return {path.stem for path in (self.folder / PARTS).glob("*.parquet")}

    def write(self, key: str, part: pd.DataFrame) -> None:
        """Store a part; an earlier failure of its task is forgotten.

        Raises:
            StoreError: it cannot be written; what was there before is still there.
        """
        marks = {KEY: key, CHECKSUM: _checksum(part)}
        try:
            atomically(self.path(key), lambda file: write_parquet(part, file, marks))
        except OSError as error:
            raise write_failure(self.folder, error) from error
        with suppress(OSError):
            (self.folder / FAILED / f"{key}.json").unlink(missing_ok=True)

    def read(self, key: str) -> pd.DataFrame:
        """A part.

        Raises:
            DamagedPartError: it is not as it was written.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(pa.BufferReader(self.path(key).read_bytes())) as file:
                marks: Mapping[bytes, bytes] = file.metadata.metadata or {}
                part: pd.DataFrame = file.read(use_threads=False).to_pandas()
        except (pa.ArrowException, OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise DamagedPartError(_("cannot be read: {reason}", reason=reason)) from error
        if marks.get(KEY.encode()) != key.encode():
            raise DamagedPartError(_("belongs to another task"))
        if marks.get(CHECKSUM.encode()) != _checksum(part).encode():
            raise DamagedPartError(_("its checksum is wrong"))
        return part

    def damaged(self, keys: Iterable[str]) -> dict[str, str]:
        """What is wrong with parts, by key; sound ones are left out."""
        found = {}
        for key in keys:
            try:
                self.read(key)
            except DamagedPartError as error:
                found[key] = str(error)
        return found

    def fail(self, key: str, record: Document) -> None:
        """Store why a task failed.

        Raises:
            StoreError: it cannot be written.
        """
        self._write_json(self.folder / FAILED / f"{key}.json", record)

    def failures(self) -> dict[str, Document]:
        """Why tasks failed, by key."""
        paths = sorted((self.folder / FAILED).glob("*.json"))
        return {path.stem: _read_json(path) or {"reason": str(_("cannot be read"))} for path in paths}

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

    def _write_json(self, path: Path, document: Document) -> None:
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        try:
            atomically(path, lambda file: file.write(text.encode()))
        except OSError as error:
            raise write_failure(self.folder, error) from error


def command(words: str, folder: Path) -> str:
    """A command on a store that can be copied into a shell."""
    return f"tverretatlig study {words} --store {shlex.quote(str(folder))}"


def open_store(folder: Path) -> Store:
    """The store in a folder.

    Raises:
        StoreError: there is none.
    """
    if not (folder / MANIFEST).exists():
        what = _("{folder}: there is no store here", folder=folder)
        raise StoreError(what, _("“{command}” begins one.", command=command("run FILE", folder)))
    found = _read_json(folder / MANIFEST)
    if found is None:
        what = _("{path}: cannot be read, or is no manifest", path=folder / MANIFEST)
        raise StoreError(what, _("Restore it from a copy, or give another folder with --store."))
    return Store(folder.absolute(), found)


def create_folders(folder: Path) -> None:
    """Make a folder a place for a store.

    Raises:
        StoreError: it cannot be made, or holds something else.
    """
    if folder.exists() and not folder.is_dir():
        what = _("{folder}: is a file, not a folder", folder=folder)
        raise StoreError(what, _("Give another folder with --store."))
    if folder.exists() and not (folder / MANIFEST).exists():
        strangers = sorted(path.name for path in folder.iterdir() if not _is_ours(path.name))
        if strangers:
            what = _(
                "{folder}: is not empty and holds no study (found {name})", folder=folder, name=strangers[0]
            )
            raise StoreError(what, _("Give an empty or new folder with --store."))
    try:
        for part in (PARTS, FAILED):
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(folder, error) from error


def _is_ours(name: str) -> bool:
    """Whether shards, or a store that was killed while it was begun, may have left this."""
    return name in (PARTS, FAILED, SHARDS) or name.partition(".")[0] == LOCK or name.endswith(TEMPORARY)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a store: a lease that is renewed while this process lives.

    The lock of a process that has ended on this machine is taken over at once; any other when it gives no
    sign of life for ``LEASE`` seconds. Should a process that was only suspended come back after that, two
    write the same parts, which does no harm.

    Raises:
        StoreError: somebody else holds it, or it cannot be written.
    """
    from filelock import Timeout

    lease, path = _lease(folder), folder / LOCK
    seen = _modified(path)
    try:
        lease.acquire(timeout=1.5 * LEASE, cancel_check=lambda: _modified(path) not in (None, seen))
    except Timeout:
        raise _held(folder, owner_of(folder)) from None
    except OSError as error:
        raise write_failure(folder, error) from error
    try:
        yield
    finally:
        lease.release()


def _lease(folder: Path) -> SoftFileLease:
    from filelock import SoftFileLease

    return SoftFileLease(
        folder / LOCK, lease_duration=LEASE, heartbeat_interval=LEASE / 15, poll_interval=LEASE / 60
    )


def _modified(path: Path) -> float | None:
    """When a lock was last renewed, by the clock of its file system; None if there is none."""
    try:
        return path.stat().st_mtime
    except OSError:
        return None


@dataclass(frozen=True)
class Owner:
    """Who holds a lock.

    Attributes:
        pid, host: the process and its machine.
        seen: when it last gave a sign of life, in UTC.
    """

    pid: int
    host: str
    seen: str


def owner_of(folder: Path) -> Owner | None:
    """Who holds the lock of a store; None if nobody does, or only somebody who has not been seen for long."""
    found, seen = _lease(folder).owner, _modified(folder / LOCK)
    if found is None or seen is None or time.time() - seen > LEASE:
        return None
    moment = datetime.fromtimestamp(seen, UTC).isoformat(timespec="seconds")
    return Owner(found.pid, found.hostname.partition("?")[0], moment)


def _held(folder: Path, owner: Owner | None) -> StoreError:
    path = folder / LOCK
    if owner is None:
        return StoreError(_("{folder}: its lock changes hands", folder=folder), _("Try again."))
    who = {"pid": owner.pid, "host": owner.host, "seen": owner.seen}
    what = _("somebody else is running this study (process {pid} on {host}, last seen {seen})", **who)
    advice = _("Wait until it has finished. If it is known to have ended, delete {path}.", path=path)
    return StoreError(joined(": ", (str(folder), what)), advice)


def need_libraries() -> None:
    """Raise a helpful error where libraries that studies need are missing.

    Raises:
        ValueError: with the command that installs them.
    """
    if not all(map(find_spec, ("filelock", "pyarrow", "threadpoolctl"))):
        raise ValueError(
            _('studies need more libraries; install them with: pip install "tverretatlig-sim[study]"')
        )


def atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file under a temporary name, to the disk, and only then under its own.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    if os.name != "nt":  # folders cannot be opened there
        number = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def write_parquet(frame: pd.DataFrame, file: IO[bytes], marks: Mapping[str, str]) -> None:
    """Write a table and what is to be known about it; the same table gives the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # What pandas adds to the schema names its version.
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    with pq.ParquetWriter(
        file, table.schema, version="2.6", compression="zstd", compression_level=3, use_dictionary=False,
        write_statistics=False, data_page_version="1.0", store_schema=False,
    ) as writer:  # fmt: skip
        writer.write_table(table, row_group_size=2**17)
        writer.add_key_value_metadata(dict(marks))


def _checksum(part: pd.DataFrame) -> str:
    """Hash of what a part says. Parquet's own page checksums do not cover names and lengths of columns."""
    digest = hashlib.sha256()
    for name, column in part.items():
        digest.update(f"{name} {column.dtype} {len(column)}\n".encode())
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()


def _read_json(path: Path) -> Document | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None
