from dataclasses import dataclass, field

from psdelivery.access import Action


@dataclass(frozen=True)
class Sample:
    """Arguments of an address: of an object that is mine, and of a foreign one.

    Both are empty for a view whose rows depend on the person, not its address.
    `team` is one that only my reports or my practice are on, where that differs.
    `beyond` decides about what is not mine, where the view opens for anybody's own.
    `needs` decides about all of them, where the view asks the record and not the role.
    """

    own: dict = field(default_factory=dict)
    foreign: dict = field(default_factory=dict)
    team: dict | None = None
    beyond: Action | None = None
    needs: Action | None = None

    @classmethod
    def same(cls, **kwargs):
        """An object that is nobody's own: a register, a person, a setting."""
        return cls(own=kwargs, foreign=kwargs)
