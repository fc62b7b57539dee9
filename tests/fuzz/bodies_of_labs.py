"""The forms of the lab code and of its longer life (R-12)."""

from tests.fuzz.bodies import Body, always, at

# Generated an hour ago, on the reader's clock.
CODE = {"code": "birch-8", "day": "2027-02-01", "clock": "08:00", "seats": "12"}
LONGER = {"day": "2027-03-15", "clock": "09:00", "note": "https://chat.example/1"}

LABS = {
    "training:lab-code-add": Body(
        at("training:lab-code-add", "lab_class"), always(**CODE)
    ),
    "training:lab-access-attendees": Body(
        at("training:lab-access-attendees", "coded_class"),
        form_on=at("training:delivery-labs", "coded_class"),
    ),
    "training:lab-code-retire": Body(
        at("training:lab-code-retire", "lab_code"), always(reason="Does not work")
    ),
    "training:lab-extension-ask": Body(
        at("training:lab-extension-ask", "lab_class"), always(**LONGER)
    ),
    "training:lab-extension-decide": Body(
        at("training:lab-extension-decide", "lab_extension"),
        always(answer="granted", **LONGER),
    ),
    "training:lab-extension-decide, refused": Body(
        at("training:lab-extension-decide", "lab_extension"),
        always(answer="refused", day="", clock="", note="Too long"),
    ),
}
