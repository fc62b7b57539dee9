"""What beat asks for, and how often: hints without arguments that say "look"."""

from typing import Any

from celery.schedules import crontab

HOUR = 3600


def looks_of_beat(scan_seconds: int) -> dict[str, dict[str, Any]]:
    """Return the schedule; looks are asked for as often as mail and reminders are."""
    return {
        "scan-reminders": asked("playbooks.scan_reminders", "scan", scan_seconds),
        "look-at-holds": asked("scheduling.look_at_holds", "scan", scan_seconds),
        "look-at-offers": asked("scheduling.look_at_offers", "scan", scan_seconds),
        "look-at-proposals": asked("training.look_at_proposals", "scan", scan_seconds),
        "look-at-projects": asked("execution.look_at_projects", "jobs", scan_seconds),
        "send-ready": asked("outbox.send_ready", "mail", scan_seconds),
        "find-stale": asked("outbox.find_stale", "mail", scan_seconds),
        "run-jobs": asked("jobs.run_ready", "jobs", scan_seconds),
        # What services change is settled at once; this is for what they did not see.
        "settle-balls": asked("engagements.settle_balls", "jobs", crontab(minute="25")),
        # A day more each day; more where somebody new came.
        "extend-horizon": asked(
            "scheduling.extend_horizon", "jobs", crontab(minute="35")
        ),
        # Weeks open at midnight somewhere; who is booked later is found soon.
        "ask-for-hours": asked(
            "scheduling.ask_for_hours", "jobs", crontab(minute="5,20,35,50")
        ),
        # Before the mornings on which reports are asked for, all over the world.
        "pass-over-empty-weeks": asked(
            "execution.pass_over_empty_weeks", "jobs", crontab(hour="*/6", minute="15")
        ),
        # At night, once; missed, they go the next night.
        "purge": asked("operations.purge", "jobs", crontab(hour="2", minute="20")),
        "sweep-documents": asked(
            "documents.sweep", "jobs", crontab(hour="3", minute="40")
        ),
    }


def asked(task: str, queue: str, schedule: int | crontab) -> dict[str, Any]:
    """Return an entry of the schedule.

    `expires` = the interval, an hour for what has its minute: after an outage one look
    is waiting, not hundreds.
    """
    expires = schedule if isinstance(schedule, int) else HOUR
    options = {"queue": queue, "expires": expires, "ignore_result": True}
    return {"task": task, "schedule": schedule, "options": options}
