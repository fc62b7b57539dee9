"""For each view with an object in its address: one that is mine, one that is not.

`SAMPLES` maps a view name to a function of the cast. It makes what it needs and
returns a `Sample`; `cast.actor` is the person who takes all roles one after the other,
for whom "own" must be true with each: on the team, owner of the step, and so on. Each
app has its own file beside this one and is added to `SAMPLES` at the bottom.
"""

from tests.access import (
    samples_of_certification,
    samples_of_comments,
    samples_of_dates,
    samples_of_discovery,
    samples_of_documents,
    samples_of_engagements,
    samples_of_facts,
    samples_of_feeds,
    samples_of_handoff,
    samples_of_health,
    samples_of_hours,
    samples_of_jobs,
    samples_of_labs,
    samples_of_livetext,
    samples_of_offers,
    samples_of_outbox,
    samples_of_people,
    samples_of_plan,
    samples_of_playbooks,
    samples_of_roster,
    samples_of_scheduling,
    samples_of_trainers,
    samples_of_training,
    samples_of_work,
    samples_of_work_plan,
)

SAMPLES = {
    **samples_of_people.SAMPLES,
    **samples_of_documents.SAMPLES,
    **samples_of_comments.SAMPLES,
    **samples_of_jobs.SAMPLES,
    **samples_of_handoff.SAMPLES,
    **samples_of_hours.SAMPLES,
    **samples_of_livetext.SAMPLES,
    **samples_of_offers.SAMPLES,
    **samples_of_outbox.SAMPLES,
    **samples_of_plan.SAMPLES,
    **samples_of_playbooks.SAMPLES,
    **samples_of_roster.SAMPLES,
    **samples_of_scheduling.SAMPLES,
    **samples_of_facts.SAMPLES,
    **samples_of_feeds.SAMPLES,
    **samples_of_training.SAMPLES,
    **samples_of_trainers.SAMPLES,
    **samples_of_labs.SAMPLES,
    **samples_of_dates.SAMPLES,
    **samples_of_certification.SAMPLES,
    **samples_of_discovery.SAMPLES,
    **samples_of_engagements.SAMPLES,
    **samples_of_work_plan.SAMPLES,
    **samples_of_work.SAMPLES,
    **samples_of_health.SAMPLES,
}
