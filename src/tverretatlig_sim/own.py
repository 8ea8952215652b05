"""What users bring of their own: kept by name in this process, hashed, and packed for other processes."""

from __future__ import annotations

import hashlib
import pickle
import sys
import sysconfig
from collections import ChainMap, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache, lru_cache, partial
from inspect import getattr_static
from pathlib import Path
from types import CodeType, FunctionType, MappingProxyType, MethodType, ModuleType
from typing import Any, TypeVar

from pydantic import BaseModel

from tverretatlig_sim.i18n import _

T = TypeVar("T")

PACKAGE = __name__.partition(".")[0]
OWN: defaultdict[str, dict[str, Any]] = defaultdict(dict)
"""What is in use of the user's own, by kind and name."""


def with_own(kind: str, shipped: Mapping[str, T]) -> Mapping[str, T]:
    """What comes with the package, by name, then what the user has at the time of reading."""
    return MappingProxyType(ChainMap(OWN[kind], shipped))  # type: ignore[arg-type]  # it is never written to


def keep(kind: str, name: str, thing: T, known: Mapping[str, object]) -> T:
    """Have a name mean something of the user's own; one that it had before gives way.

    Raises:
        ValueError: what comes with the package has that name.
    """
    if name in known and name not in OWN[kind]:
        raise ValueError(_("{name!r} comes with the package; give yours another name", name=name))
    OWN[kind][name] = thing
    return thing


# --- hashed


def digest_with_code(value: object) -> str:
    """Hash of a value: of functions their code and all that it refers to, but for what is installed."""
    digest = hashlib.sha256()
    for part in _told(value, set()):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:32]


def _told(value: Any, seen: set[int]) -> Iterator[str]:  # noqa: ANN401
    yield type(value).__name__
    if isinstance(value, str | int | float | complex | bytes | None):
        yield repr(value)
    elif isinstance(value, ModuleType):
        yield value.__name__
        if file := _file_of_own(value):
            yield hashlib.sha256(file.read_bytes()).hexdigest()
    elif isinstance(value, type | FunctionType) and not _is_own(value):
        yield f"{value.__module__}.{value.__qualname__}"
    elif isinstance(value, set | frozenset):
        yield from sorted(digest_with_code(item) for item in value)
    elif id(value) in seen:
        yield "again"
    else:
        seen.add(id(value))
        for part in _parts(value):
            yield from _told(part, seen)


def _parts(value: Any) -> Iterator[object]:  # noqa: ANN401
    """What a value consists of."""
    if isinstance(value, FunctionType):
        used = {name: value.__globals__[name] for name in _names(value.__code__) if name in value.__globals__}
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        yield from (value.__code__, value.__defaults__, value.__kwdefaults__, cells, used)
        yield getattr(value, "declaration", None)
    elif isinstance(value, CodeType):
        yield from (value.co_code, value.co_names, value.co_varnames, value.co_consts)
    elif isinstance(value, partial):
        yield from (value.func, value.args, value.keywords)
    elif isinstance(value, MethodType):
        yield from (value.__func__, value.__self__)
    elif isinstance(value, type):
        yield from (getattr_static(value, name) for name in sorted(vars(value)) if name not in BOOKKEEPING)
    elif isinstance(value, Mapping):
        yield from (part for item in value.items() for part in item)
    elif isinstance(value, list | tuple):
        yield from value
    elif hasattr(value, "tobytes") and hasattr(value, "dtype"):
        yield from (str(value.dtype), value.shape, value.tobytes())
    elif isinstance(value, BaseModel):
        yield from (type(value), value.model_dump())
    elif is_dataclass(value):
        yield from (type(value), *(getattr(value, it.name) for it in fields(value)))
    elif own := getattr(value, "__dict__", None):
        yield from (type(value), own)
    else:
        yield pickle.dumps(value)


BOOKKEEPING = {"__dict__", "__weakref__", "__doc__", "__module__", "__firstlineno__", "__static_attributes__"}
"""What a class has whatever it does."""


def _names(code: CodeType) -> list[str]:
    """Names that a function uses, also in functions inside it."""
    inner = [name for it in code.co_consts if isinstance(it, CodeType) for name in _names(it)]
    return sorted({*code.co_names, *inner})


def _is_own(value: type | FunctionType) -> bool:
    module = value.__module__ or ""
    if module.partition(".")[0] == PACKAGE:
        return False
    return module not in sys.modules or module == "__main__" or bool(_file_of_own(sys.modules[module]))


def _file_of_own(module: ModuleType) -> Path | None:
    """The file of a module that is neither installed nor part of Python or this package."""
    file = getattr(module, "__file__", None)
    if not file or module.__name__.partition(".")[0] == PACKAGE:
        return None
    path = Path(file).absolute()
    return None if any(map(path.is_relative_to, _installed())) or not path.is_file() else path


@cache
def _installed() -> tuple[Path, ...]:
    return tuple(map(Path, {*sysconfig.get_paths().values(), str(Path(sysconfig.__file__).parent)}))


# --- packed


@dataclass(frozen=True)
class Packed:
    """Something of the user's own, as other processes get it.

    Attributes:
        digest: hash of it, with its code.
        data: pickled, with its code.
    """

    digest: str
    data: bytes = field(repr=False, compare=False)

    @classmethod
    def of(cls, value: object) -> Packed:
        """Pack something.

        Raises:
            ValueError: it cannot go to another process.
        """
        import cloudpickle  # type: ignore[import-untyped]  # comes with loky

        there = [it for name, it in sys.modules.copy().items() if getattr(it, "__name__", "") == name]
        modules = [it for it in there if _file_of_own(it)]
        try:
            # Other processes, perhaps on other machines, need not find the files.
            for module in modules:
                cloudpickle.register_pickle_by_value(module)
            return cls(digest_with_code(value), cloudpickle.dumps(value))
        except Exception as error:  # whatever an object does when it is pickled
            what = _("what is your own must be able to go to other processes: {reason}", reason=error)
            raise ValueError(what) from error
        finally:
            for module in modules:
                if module.__name__ in cloudpickle.list_registry_pickle_by_value():
                    cloudpickle.unregister_pickle_by_value(module)

    def unpacked(self) -> Any:  # noqa: ANN401
        """What was packed; the same object each time."""
        return _unpacked(self)


@lru_cache(maxsize=8)
def _unpacked(packed: Packed) -> object:
    return pickle.loads(packed.data)
