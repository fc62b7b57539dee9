"""The register of settings: what a manager may change in the portal, typed.

Each place enters its own settings in `AppConfig.ready()`. A row is stored only
for a setting that somebody changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise

from psdelivery.calendars import Calendar
from psdelivery.people.models import SettingValue

SettingType = Literal[
    "int", "str", "decimal", "zone", "country", "roles", "bool", "choice"
]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A setting with its meaning, limits and default; of a text: its length.

    `choices` are those of a setting of the type "choice", each with its words.
    """

    key: str
    title: str | Promise
    help: str | Promise = ""
    type: SettingType
    default: Any
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    unit: str | Promise = ""
    choices: Sequence[tuple[str, str | Promise]] = ()

    @property
    def group(self) -> str:
        return self.key.partition(".")[0]

    def from_json(self, stored: Any) -> Any:
        """Return the value as the code uses it; JSON has no exact decimals."""
        return Decimal(stored) if self.type == "decimal" else stored

    def to_json(self, value: Any) -> Any:
        """Return the value as it is stored."""
        return str(value) if self.type == "decimal" else value


_settings: dict[str, Setting] = {}


def register_setting(setting: Setting) -> None:
    """Enter a setting; a second entry of the same key replaces the first."""
    _settings[setting.key] = setting


def setting_by_key(key: str) -> Setting | None:
    """Return the setting of that key, None for an unknown one."""
    return _settings.get(key)


def registered_settings() -> list[Setting]:
    """Return all settings; those of a group stand together, as they were entered."""
    return sorted(_settings.values(), key=lambda setting: setting.group)


class PortalSettings(Mapping[str, Any]):
    """All settings at one moment; what nobody changed has its default."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._stored = stored

    def __getitem__(self, key: str) -> Any:
        setting = _settings[key]
        if key in self._stored:
            return setting.from_json(self._stored[key])
        return setting.default

    def __iter__(self) -> Iterator[str]:
        return iter(_settings)

    def __len__(self) -> int:
        return len(_settings)

    @property
    def company_calendar(self) -> Calendar:
        return Calendar(
            self["company.zone"],
            self["company.country"],
            self["company.subdivision"],
        )


def portal_settings() -> PortalSettings:
    """Return the settings as they are now; one query."""
    return PortalSettings(dict(SettingValue.objects.values_list("key", "value")))
