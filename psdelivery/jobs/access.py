from django.shortcuts import get_object_or_404

from psdelivery.jobs.models import Job, JobQuerySet
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User


def jobs_of(user: User) -> JobQuerySet:
    """Return the jobs that a person may see: those they started."""
    return Job.objects.filter(by=user)


def get_job(request: SignedInRequest, pk: int) -> Job:
    """Return a job of the person's own, or answer 404."""
    own = jobs_of(request.user).select_related("result_file")
    return get_object_or_404(own, pk=pk)
