from django.core.files.base import ContentFile

from psdelivery.access import Action
from psdelivery.documents.services import add_file
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.engagements import NOW


def _file(cast):
    def make(engagement, by=None):
        upload = ContentFile(b"Minutes", name="minutes.txt")
        document = add_file(
            upload, title="Minutes", engagement=engagement, by=by, now=NOW
        )
        return {"pk": document.pk}

    # Mine whatever my role is: added by me, and of no engagement.
    near = near_and_far(cast, make) | {"own": make(None, by=cast.actor)}
    return Sample(beyond=Action.ENGAGEMENT_SEE, **near)


SAMPLES = {
    "documents:document-download": _file,
}
