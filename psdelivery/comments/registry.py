"""What can be commented on; each place registers its own records."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Model
from django.http import HttpRequest

from psdelivery.comments.models import Comment
from psdelivery.people.models import User


@dataclass(frozen=True)
class Subject:
    """A record as the person at hand meets it; `team` are those to be mentioned.

    `url` is the page on which its comments stand.
    """

    record: Model
    title: str
    url: str
    engagement: Model | None = None
    team: Sequence[User] = ()


# Raises Http404 for who may not see the record: who may see it may comment on it.
Loader = Callable[[HttpRequest, str], Subject]
# (record, people) -> the ids of those of them who may see it.
Readers = Callable[[Model, Iterable[User]], set[int]]


@dataclass(frozen=True)
class CommentAction:
    """What else a reader may do with a comment: a button that posts, or a link."""

    label: str
    url: str
    icon: str = "arrow-right"
    posts: bool = True


# (reader, comments) -> by id what may be done; the same queries for any number.
ActionSource = Callable[[User, Sequence[Comment]], Mapping[int, CommentAction]]


@dataclass(frozen=True)
class SubjectKind:
    key: str
    model: type[Model]
    loader: Loader
    readers: Readers


_kinds: dict[str, SubjectKind] = {}
_actions: dict[str, ActionSource] = {}


def register_subject(
    key: str, model: type[Model], *, loader: Loader, readers: Readers
) -> None:
    """Let people comment on records of a model; `key` stands in addresses."""
    _kinds[key] = SubjectKind(key, model, loader, readers)


def subject_kind(key: str) -> SubjectKind | None:
    """Return the kind of that key, None for an unknown one."""
    return _kinds.get(key)


def kind_of(record: Model | type[Model]) -> SubjectKind:
    """Return the kind of a record. Raises LookupError where nobody registered it."""
    model = record if isinstance(record, type) else type(record)
    for kind in _kinds.values():
        if kind.model is model:
            return kind
    raise LookupError(model)


def register_action(name: str, source: ActionSource) -> None:
    """Offer something under comments; the same name replaces."""
    _actions[name] = source


def actions_on(
    reader: User, comments: Sequence[Comment]
) -> dict[int, list[CommentAction]]:
    """Return by comment what the reader may do with it, source by source."""
    found: dict[int, list[CommentAction]] = {}
    for name in sorted(_actions):
        for pk, action in _actions[name](reader, comments).items():
            found.setdefault(pk, []).append(action)
    return found
