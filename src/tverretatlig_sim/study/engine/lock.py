"""One runner at a time: a lock file that names its owner."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.study.engine.errors import StoreError, write_failure

LOCK = "lock"


@dataclass(frozen=True)
class Owner:
    """Who holds a lock.

    Attributes:
        pid, host: the process and its machine.
        born: when the process was started, as its system counts; empty if that is not known.
        since: when it took the lock.
    """

    pid: int
    host: str
    born: str
    since: str

    @classmethod
    def me(cls) -> Owner:
        """This process."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(os.getpid(), platform.node(), _born(os.getpid()), now)

    @property
    def gone(self) -> bool:
        """Whether the process is known to have ended; on another machine or on Windows, it is not."""
        if self.host != platform.node() or os.name == "nt":
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        # The number may have been given to another process since.
        return bool(self.born) and _born(self.pid) not in ("", self.born)


def _born(pid: int) -> str:
    """Boot and start time of a process, where the system tells."""
    try:
        start = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return ""
    zombie = start[0] == "Z"
    return "ended" if zombie else f"{boot}:{start[19]}"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a store. The lock of a process that has ended on this machine is taken over.

    Raises:
        StoreError: somebody else holds it, or it cannot be written.
    """
    path, me = folder / LOCK, Owner.me()
    try:
        _take(path, me)
    except OSError as error:
        raise write_failure(folder, error) from error
    try:
        yield
    finally:
        if _read(path) == me:
            with suppress(OSError):
                path.unlink()


def owner_of(folder: Path) -> Owner | None:
    """Who holds the lock of a store; None if nobody does, or only a process that has ended."""
    owner = _read(folder / LOCK)
    return None if owner is None or owner.gone else owner


def _take(path: Path, me: Owner) -> None:
    for __ in range(10):
        if _created(path, me):
            return
        owner = _read(path)
        if owner is not None and not owner.gone:
            raise _held(path, owner)
        if path.exists():
            _set_aside(path, owner)
    raise StoreError(_("{folder}: its lock changes hands", folder=path.parent), _("Try again."))


def _created(path: Path, me: Owner) -> bool:
    """Create the lock whole: it is written under another name, then linked."""
    draft, text = path.with_name(f"{LOCK}.{me.pid}"), json.dumps(asdict(me)) + "\n"
    draft.write_text(text, encoding="utf-8")
    try:
        _link(draft, path, text)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _link(draft: Path, path: Path, text: str) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        with path.open("x", encoding="utf-8") as file:
            file.write(text)


def _set_aside(path: Path, judged: Owner | None) -> None:
    """Remove a lock that was judged dead, unless somebody has just put a new one in its place."""
    aside = path.with_name(f"{LOCK}.{os.getpid()}.old")
    try:
        path.replace(aside)
    except FileNotFoundError:
        return
    if _read(aside) != judged:
        with suppress(FileExistsError):
            os.link(aside, path)
    aside.unlink()


def _read(path: Path) -> Owner | None:
    """The owner a lock names; None if there is no lock, or it is none of ours."""
    try:
        return Owner(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _held(path: Path, owner: Owner) -> StoreError:
    who = {"pid": owner.pid, "host": owner.host, "since": owner.since}
    what = _("somebody else is running this study (process {pid} on {host}, since {since})", **who)
    advice = _("Wait until it has finished. If it is known to have ended, delete {path}.", path=path)
    return StoreError(joined(": ", (str(path.parent), what)), advice)
