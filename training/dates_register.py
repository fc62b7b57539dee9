"""What proposed dates, the trainer's booking and planning meetings enter elsewhere."""

from training.booking_card import register_booking_card
from training.booking_notes import register_booking_notes
from training.looks import register_looks
from training.planning_page import register_meetings
from training.services.meeting_answers import register_answer_mail
from training.services.proposal_sending import register_proposal_mails


def register_dates() -> None:
    """Enter cards, notes, looks and kinds of mail."""
    register_looks()
    register_proposal_mails()
    register_booking_card()
    register_booking_notes()
    register_meetings()
    register_answer_mail()
