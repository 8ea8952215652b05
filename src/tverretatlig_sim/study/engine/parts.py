"""Parts as Parquet files: written whole or not at all, checked when read."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tverretatlig_sim.i18n import _
from tverretatlig_sim.study.engine.errors import DamagedPartError
from tverretatlig_sim.study.engine.statistics import Part

if TYPE_CHECKING:
    import pyarrow as pa

KEY, CHECKSUM = "tverretatlig.key", "tverretatlig.checksum"
MARK = b"sha256:"
BLANK = MARK + 64 * b"0"
"""Stands for the checksum while it is computed."""
TEMPORARY = ".tmp"
"""End of the name of a file that is being written."""


def need_parquet() -> None:
    """Raise a helpful error where the Parquet library is missing.

    Raises:
        ValueError: with the command that installs it.
    """
    try:
        import pyarrow.parquet  # noqa: F401
        import threadpoolctl  # noqa: F401
    except ImportError:
        raise ValueError(
            _('studies need more libraries; install them with: pip install "tverretatlig-sim[study]"')
        ) from None


def atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under a temporary name, to the disk, and only then under its own.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        write(temporary)
        _sync(temporary)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to the disk."""
    if path.is_dir() and os.name == "nt":
        return  # folders cannot be opened there
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write_parquet(table: pa.Table, file: IO[bytes], marks: Mapping[str, str]) -> None:
    """Write a table and what is to be known about it; the same table gives the same bytes."""
    import pyarrow.parquet as pq

    with pq.ParquetWriter(
        file, table.schema, version="2.6", compression="zstd", compression_level=3, use_dictionary=False,
        write_statistics=False, data_page_version="1.0", store_schema=False,
    ) as writer:  # fmt: skip
        writer.write_table(table, row_group_size=2**17)
        writer.add_key_value_metadata(dict(marks))


def write_part(path: Path, key: str, part: Part) -> None:
    """Store a part with its key and a checksum of the whole file.

    Raises:
        OSError: it cannot be written.
    """
    import pyarrow as pa

    table = pa.table({name: pa.array(column) for name, column in part.items()})
    file = io.BytesIO()
    write_parquet(table, file, {KEY: key, CHECKSUM: BLANK.decode()})
    data = file.getvalue()
    sealed = data.replace(BLANK, MARK + _hash(data))
    atomically(path, lambda temporary: temporary.write_bytes(sealed))


def read_part(path: Path, key: str) -> Part:
    """A part as it was written.

    Raises:
        DamagedPartError: it is not.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        data = path.read_bytes()
        if not _is_sealed(data):
            raise DamagedPartError(_("its checksum is wrong"))
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            marks: Mapping[bytes, bytes] = file.metadata.metadata or {}
            table = file.read(use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise DamagedPartError(_("cannot be read: {reason}", reason=str(error).splitlines()[0])) from error
    if marks.get(KEY.encode()) != key.encode():
        raise DamagedPartError(_("belongs to another task"))
    return {name: table.column(name).to_numpy() for name in table.column_names}


def _is_sealed(data: bytes) -> bool:
    """Whether the checksum in a file is that of the file with a blank in its place."""
    place = data.rfind(MARK)
    found = data[place : place + len(BLANK)]
    return place >= 0 and found == MARK + _hash(data.replace(found, BLANK))


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()
