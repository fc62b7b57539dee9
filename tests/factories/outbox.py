import uuid

import factory

from psdelivery import clock
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.models import Message, Recipient


class MessageFactory(factory.django.DjangoModelFactory):
    """A staff mail that is ready to leave."""

    class Meta:
        model = Message
        skip_postgeneration_save = True

    class Params:
        customer = factory.Trait(audience=Audience.CUSTOMER)
        sent = factory.Trait(
            state=State.SENT, sent_at=factory.LazyFunction(clock.now), attempts=1
        )
        failed = factory.Trait(
            state=State.FAILED, attempts=1, last_error="550 no such person"
        )

    kind = "note"
    audience = Audience.STAFF
    state = State.READY
    to = factory.LazyFunction(lambda: ["ann@example.com"])
    subject = factory.Sequence(lambda n: f"Message {n}")
    text = "Hello."
    idempotency_key = factory.LazyFunction(lambda: uuid.uuid4().hex)
    created_at = factory.LazyFunction(clock.now)
    next_attempt_at = factory.SelfAttribute("created_at")

    @factory.post_generation
    def recipient_rows(message, create, extracted, **kwargs):
        if create:
            Recipient.objects.bulk_create(
                Recipient(message=message, address=address.lower())
                for address in message.recipients
            )
