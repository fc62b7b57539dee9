from psdelivery.people.models import User
from psdelivery.people.personal_data import personal_data_of
from psdelivery.people.services import erase_contact
from tests.factories.people import ContactFactory
from tests.factories.training import NOW, plan_class, submit


def test_an_attendee_with_the_address_of_an_erased_contact_is_replaced(engagement):
    sheila = ContactFactory(
        name="Sheila Ward", email="sheila@acme.example", is_active=False
    )
    delivery = plan_class(engagement, title="Git basics", with_certification=True)
    person = {"attendee_name": "Sheila Ward", "attendee_email": "Sheila@acme.example"}
    submission = submit(delivery, response_url="https://forms.example.com/1", **person)
    other = submit(delivery, attendee_name="Bob")

    erase_contact(sheila, by=None, reason="Asked us to", now=NOW)

    submission.refresh_from_db()
    other.refresh_from_db()
    name = f"Erased contact {sheila.pk}"
    assert (submission.attendee_name, submission.response_url) == (name, "")
    assert submission.attendee_email == f"contact-{sheila.pk}@erased.invalid"
    assert submission.checklist.title == f"{name} · Git basics"
    assert other.attendee_name == "Bob"


def test_a_copy_tells_what_an_attendee_handed_in_and_who_teaches(engagement):
    sheila = ContactFactory(email="sheila@acme.example")
    trainer = User.objects.create_user("tara", "tara@example.com")
    delivery = plan_class(engagement, title="Git basics", trainer=trainer)
    submit(delivery, attendee_email="sheila@acme.example")

    (told,) = personal_data_of(sheila)["submissions"]
    assert (told["delivery__title"], told["result"]) == ("Git basics", "waiting")
    assert personal_data_of(trainer)["classes"][0]["title"] == "Git basics"
