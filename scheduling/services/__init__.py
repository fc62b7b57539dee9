"""Changes of the schedule, each in one transaction."""
