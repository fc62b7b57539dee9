"""What the history says of classes and submissions."""

from django.utils.translation import gettext_lazy as _

from psdelivery.history.verbs import register_verb

VERBS = {
    "course-added": _("added the course"),
    "course-edited": _("changed the course"),
    "rubric-edited": _("changed the rubric of the course"),
    "delivery-planned": _("entered the class"),
    "delivery-edited": _("changed the class"),
    "delivery-confirmed": _("noted the dates as confirmed"),
    "delivery-unconfirmed": _("took the confirmation of the dates back"),
    "delivery-moved": _("moved the class"),
    "delivery-held": _("noted the class as held"),
    "delivery-not-held": _("took back that the class was held"),
    "delivery-cancelled": _("called the class off"),
    "plan-begun": _("began the event plan"),
    "plan-decided": _("decided about the event plan"),
    "plan-kept": _("kept a version of the event plan"),
    "plan-completed": _("completed the event plan"),
    "meeting-changed": _("changed the meeting of the class"),
    "session-added": _("added a session"),
    "session-removed": _("removed a session"),
    "session-changed": _("changed a session"),
    "trainer-changed": _("changed the trainer"),
    # Without the link itself: it is a secret.
    "registration-link-entered": _("entered the registration link"),
    "registration-link-removed": _("removed the registration link"),
    # Of a roster: never the names of who is on it.
    "registration-report-imported": _("imported a registration report"),
    "attendee-report-imported": _("imported an attendee report"),
    "rows-decided": _("decided who people of a report are"),
    "row-reopened": _("took back who somebody of a report is"),
    "attendee-added": _("added an attendee"),
    "attendee-edited": _("changed an attendee"),
    "attendee-called-off": _("noted that an attendee does not come"),
    "attendee-back": _("noted that an attendee comes after all"),
    "attendance-entered": _("entered who was in a session"),
    "registrations-counted": _("counted the registrations"),
    "seats-asked": _("asked the customer about extra seats"),
    "seats-ordered": _("noted extra seats as ordered"),
    "seats-declined": _("noted extra seats as not wanted"),
    "roster-handed-in": _("handed the roster to finance"),
    # Without the links themselves: they are secrets.
    "closing-links-entered": _("changed the links of recording and survey"),
    "survey-entered": _("entered the results of the survey"),
    "attendee-erased": _("erased an attendee"),
    "question-parked": _("parked a question"),
    "parked-answered": _("answered a parked question"),
    "parked-turned": _("turned a parked question into a step"),
    # Without the code: it is a secret.
    "lab-code-entered": _("entered the lab code"),
    "lab-code-retired": _("retired the lab code"),
    "lab-extension-asked": _("asked for a longer life of the lab code"),
    "lab-extension-granted": _("noted a longer life of the lab code as granted"),
    "lab-extension-refused": _("noted a longer life of the lab code as refused"),
    "planning-booked": _("booked the planning meeting"),
    "planning-changed": _("changed the planning meeting"),
    "planning-cancelled": _("called the planning meeting off"),
    "planning-held": _("noted the planning meeting as held"),
    "planning-answered": _("answered to the planning meeting"),
    "dates-proposed": _("proposed dates"),
    "dates-sent": _("noted that the customer has the proposed dates"),
    "dates-unsent": _("noted that the proposed dates did not arrive"),
    "dates-confirmed": _("confirmed one of the proposed dates"),
    "dates-lapsed": _("let proposed dates lapse"),
    "dates-withdrawn": _("took proposed dates back"),
    "submission-entered": _("entered a submission"),
    "form-results-uploaded": _("uploaded the results of a form"),
    "form-results-entered": _("entered the results of a form"),
    "form-results-discarded": _("discarded the results of a form"),
    "submission-corrected": _("corrected a submission"),
    "submission-withdrawn": _("withdrew a submission"),
    "submission-restored": _("took back that a submission was withdrawn"),
    "submission-marked": _("marked a submission"),
    "reviewer-changed": _("gave the review to somebody else"),
    "result-released": _("released the result"),
}


def register_verbs() -> None:
    """Enter the words of training in the history's register."""
    for verb, words in VERBS.items():
        register_verb(verb, words)
