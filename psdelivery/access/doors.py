"""Ways into a view that ask for no role."""

from enum import Enum


class Door(Enum):
    """What a view asks for that is open to more than a role."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"


PUBLIC = Door.PUBLIC
SIGNED_IN = Door.SIGNED_IN
