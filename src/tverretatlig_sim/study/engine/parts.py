"""Parts as Parquet files: written whole or not at all, checked when read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim.study.engine.errors import DamagedPartError
from tverretatlig_sim.study.engine.task import Part

if TYPE_CHECKING:
    import pyarrow as pa

KEY, CHECKSUM = b"tverretatlig.key", b"tverretatlig.checksum"
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
            'studies need more libraries; install them with: pip install "tverretatlig-sim[study]"'
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


def write_parquet(table: pa.Table, path: Path) -> None:
    """The same table gives the same bytes."""
    import pyarrow.parquet as pq

    with path.open("wb") as file:
        pq.write_table(
            table, file, version="2.6", compression="zstd", compression_level=3, use_dictionary=False,
            write_statistics=False, row_group_size=2**17, data_page_version="1.0",
        )  # fmt: skip


def write_part(path: Path, key: str, part: Part) -> None:
    """Store a part with its key and checksum.

    Raises:
        OSError: it cannot be written.
    """
    import pyarrow as pa

    marks = {KEY: key.encode(), CHECKSUM: checksum(part).encode()}
    table = pa.table({name: pa.array(column) for name, column in part.items()}).replace_schema_metadata(marks)
    atomically(path, lambda temporary: write_parquet(table, temporary))


def read_part(path: Path, key: str) -> Part:
    """A part as it was written.

    Raises:
        DamagedPartError: it is not.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(path.read_bytes()), use_threads=False)
        part = {name: table.column(name).to_numpy() for name in table.column_names}
    except (pa.ArrowException, OSError, ValueError, KeyError, UnicodeDecodeError) as error:
        raise DamagedPartError(f"cannot be read: {str(error).splitlines()[0]}") from error
    marks: Mapping[bytes, bytes] = table.schema.metadata or {}
    if marks.get(KEY) != key.encode():
        raise DamagedPartError("belongs to another task")
    if marks.get(CHECKSUM) != checksum(part).encode():
        raise DamagedPartError("its checksum is wrong")
    return part


def checksum(part: Part) -> str:
    """Hash of the names and bytes of all columns."""
    digest = hashlib.sha256()
    for name, column in part.items():
        digest.update(f"{name}:{column.dtype.str}:{len(column)};".encode())
        digest.update(_bytes(column))
    return digest.hexdigest()


def _bytes(column: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(column).tobytes()
