"""What people, copied mails and robots type into a field."""

import pytest

NUL = "Ac\x00me"
ESCAPE = "Ac\x1bme"
TURNED = "Ac\u202eme"
INVISIBLE = "\u200b\u2060"
TWO_LINES = "Acme\r\nBcc: all@example.com"

UNSHOWABLE = [
    pytest.param(NUL, id="nul"),
    pytest.param(ESCAPE, id="escape"),
    pytest.param(TURNED, id="turned-around"),
]
UNSHOWABLE_LINES = [
    *UNSHOWABLE,
    pytest.param(INVISIBLE, id="invisible"),
    pytest.param(TWO_LINES, id="two-lines"),
]
WELL_MEANT = [
    pytest.param("Zoë Łukasiewicz-Ng", id="latin"),
    pytest.param("株式会社テスト", id="japanese"),
    pytest.param("شركة الاختبار", id="arabic"),
    pytest.param("Rocket 🚀 & <b>Sons</b>", id="emoji-and-html"),
    pytest.param('O\'Brien "Quote" -- ; DROP', id="quotes"),
]
UNKNOWN_ZONES = ["Europe/Atlantis", "localtime", "../../etc/passwd", "Berlin, Germany"]
