"""What stands in a backup: which portal made it when, what each part must be."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class TablePart:
    """The rows of one model, by the names of its fields."""

    model: str
    fields: list[str]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        return f"tables/{self.model}.jsonl"


@dataclass(frozen=True)
class FilePart:
    """A stored document; `size` in bytes."""

    name: str
    size: int
    sha256: str

    @property
    def member(self) -> str:
        return f"files/{self.name}"


@dataclass(frozen=True)
class Manifest:
    made_at: datetime
    database: str
    migrations: list[tuple[str, str]]
    tables: list[TablePart] = field(default_factory=list)
    files: list[FilePart] = field(default_factory=list)
    # Named by rows, but not there when the backup was made.
    missing_files: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def row_count(self) -> int:
        return sum(table.rows for table in self.tables)

    def to_json(self) -> bytes:
        """Return the manifest as it stands in the file."""
        return json.dumps(asdict(self), default=str, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Read a manifest; ValueError, KeyError or TypeError: it is none."""
        told: dict[str, Any] = json.loads(text)
        return cls(
            made_at=datetime.fromisoformat(told["made_at"]),
            database=told["database"],
            migrations=[(app, name) for app, name in told["migrations"]],
            tables=[TablePart(**one) for one in told["tables"]],
            files=[FilePart(**one) for one in told["files"]],
            missing_files=told["missing_files"],
            format=told["format"],
        )
