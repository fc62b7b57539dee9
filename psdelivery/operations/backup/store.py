"""The folder of documents, file by file, whichever storage holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import FileField, Model

CHUNK = 1024 * 1024


def stored_files(folder: str = "") -> Iterator[str]:
    """Yield the name of every stored file, in a fixed order."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield _joined(folder, name)
    for name in sorted(folders):
        yield from stored_files(_joined(folder, name))


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def chunks_of(name: str) -> Iterator[bytes]:
    """Return the content of a stored file, a megabyte at a time.

    Raises FileNotFoundError at once, not while the content is read.
    """
    file = default_storage.open(name)
    return _read(file)


def _read(file: File[bytes]) -> Iterator[bytes]:
    with file:
        yield from file.chunks(CHUNK)


def put_file(name: str, content: File[bytes]) -> None:
    """Store a file under exactly this name."""
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, content)


def clear_store() -> None:
    """Delete every stored file."""
    for name in list(stored_files()):
        default_storage.delete(name)


def named_files(models: Iterable[type[Model]]) -> set[str]:
    """Return the names of the stored files that rows tell of."""
    return {name for model in models for name in _named_files(model)}


def _named_files(model: type[Model]) -> Iterator[str]:
    for field in model._meta.local_concrete_fields:
        if isinstance(field, FileField):
            rows = model._base_manager.exclude(**{field.attname: ""})
            yield from rows.values_list(field.attname, flat=True).iterator()
