"""Who may see which documents, told by the places below that own the context.

Documents stand above the engagements and cannot ask them. A place that hangs
documents on something registers a function from the reader to a `Q` over
documents. What no function lets in, nobody sees.
"""

from collections.abc import Callable

from django.db.models import Q

from psdelivery.people.choices import Role
from psdelivery.people.models import User

DocumentScope = Callable[[User], Q]

_scopes: dict[str, DocumentScope] = {}


def register_document_scope(scope: DocumentScope) -> DocumentScope:
    """Let people see the documents that `scope(user)` describes; usable as decorator.

    The answer must not join over rows that multiply, such as a team's members:
    use `engagement__in=` with a subquery.
    """
    _scopes[f"{scope.__module__}.{scope.__qualname__}"] = scope
    return scope


def documents_within(user: User) -> Q:
    """Describe every document that `user` may see.

    One that belongs to no engagement is for who added it and for administrators.
    """
    allowed = Q(engagement=None, uploaded_by=user)
    if Role.ADMINISTRATOR in user.role_set:
        allowed |= Q(engagement=None)
    for scope in _scopes.values():
        allowed |= scope(user)
    return allowed
