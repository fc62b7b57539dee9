from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from psdelivery import clock
from psdelivery.operations.queries import Silence, silences
from psdelivery.people.choices import Role


def alarm(request: HttpRequest) -> dict[str, Any]:
    """What has been quiet for too long; told to administrators, who can mend it.

    Lazy, because fragments and files are answered without the frame of a page.
    """

    def build() -> list[Silence]:
        user = request.user
        if not user.is_authenticated or Role.ADMINISTRATOR not in user.role_set:
            return []
        return silences(clock.now())

    return {"silences": SimpleLazyObject(build)}
