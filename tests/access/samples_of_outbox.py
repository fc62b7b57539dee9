from psdelivery.outbox.choices import State
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.outbox import MessageFactory
from tests.factories.people import ContactFactory
from tests.factories.shipped import ship_mails
from tests.factories.training import DeliveryFactory


def _message(cast, **fields):
    def make(engagement):
        return {"pk": MessageFactory(engagement=engagement, **fields).pk}

    return Sample(**near_and_far(cast, make))


def _failed(cast):
    return _message(cast, failed=True)


def _draft(cast):
    return _message(cast, customer=True, state=State.DRAFT)


def _to_write_about(cast):
    _loaded()

    def make(engagement):
        # Trainers write about the classes that they teach.
        delivery = DeliveryFactory(engagement=engagement, trainer=cast.actor)
        return {"kind": "registration-link", "record": delivery.pk}

    return Sample(**near_and_far(cast, make))


def _contact(cast):
    def make(engagement):
        return {"pk": ContactFactory(customer=engagement.customer).pk}

    return Sample(**near_and_far(cast, make))


def _template(cast):
    return Sample.same(kind=_loaded())


def _version(cast):
    return Sample.same(kind=_loaded(), version=1)


def _loaded():
    ship_mails()
    return "welcome"


SAMPLES = {
    "outbox:message-detail": _message,
    "outbox:message-retry": _failed,
    "outbox:message-cancel": _failed,
    "outbox:message-confirm": _failed,
    "outbox:message-bounce": _failed,
    "outbox:message-clear": _failed,
    "outbox:contact-address": _contact,
    "outbox:draft-add": _to_write_about,
    "outbox:draft-edit": _draft,
    "outbox:draft-remake": _draft,
    "outbox:draft-send": _draft,
    "outbox:template-detail": _template,
    "outbox:template-edit": _template,
    "outbox:template-reset": _template,
    "outbox:template-restore": _version,
}
