from datetime import datetime
from typing import Any

from psdelivery.people.models import SettingValue, User
from psdelivery.people.register import portal_settings, setting_by_key
from psdelivery.people.services.changes import one_transaction, publish_change


def change_setting(
    key: str, value: Any, *, by: User | None, now: datetime
) -> SettingValue | None:
    """Change a setting; it counts for dates computed from then on.

    Nothing is written when the value is what it was.
    """
    setting = setting_by_key(key)
    if setting is None:
        raise KeyError(key)
    with one_transaction():
        old = portal_settings()[key]
        if old == value:
            return None
        stored, _made = SettingValue.objects.update_or_create(
            key=key,
            defaults={
                "value": setting.to_json(value),
                "changed_by": by,
                "changed_at": now,
            },
        )
        changes = {key: (old, value)}
        publish_change(stored, "setting-changed", changes, by=by, now=now)
        return stored
