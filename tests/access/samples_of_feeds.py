from psdelivery.access import Action
from scheduling.choices import FeedKind
from scheduling.models import HostAccount
from scheduling.services.feeds import make_feed
from tests.access.sample import Sample
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW


def _feed(cast):
    own = make_feed(cast.actor, FeedKind.PERSONAL, now=NOW).feed
    foreign = make_feed(UserFactory(), FeedKind.PERSONAL, now=NOW).feed
    # Whoever I am, those of others are closed: nobody reaches them all.
    return Sample(own={"pk": own.pk}, foreign={"pk": foreign.pk}, beyond=Action.MY_DAY)


def _file(cast):
    made = make_feed(UserFactory(), FeedKind.PERSONAL, now=NOW)
    return Sample.same(secret=made.path.rsplit("/", 1)[-1].removesuffix(".ics"))


def _host(cast):
    number = HostAccount.objects.count()
    return Sample.same(pk=HostAccount.objects.create(name=f"PS {number}").pk)


SAMPLES = {
    "scheduling:feed-revoke": _feed,
    "scheduling:feed": _file,
    "scheduling:host-edit": _host,
}
