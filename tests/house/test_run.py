import fcntl
import io
import socket
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from psdelivery import run

pytestmark = pytest.mark.unit


def _message(text):
    return SimpleNamespace(
        type="line",
        data=text,
        time=datetime(2026, 1, 1, tzinfo=UTC),
        name="web",
        colour=None,
    )


def test_the_banner_comes_once_and_when_the_web_process_answers():
    output = io.StringIO()
    printer = run.BannerPrinter(output, "BANNER\n")

    printer.write(_message("Listening\n"))
    assert "BANNER" not in output.getvalue()

    printer.write(_message(b"Booting worker with pid: 7\n"))
    printer.write(_message(b"Booting worker with pid: 8\n"))
    assert output.getvalue().count("BANNER") == 1


def test_a_closed_terminal_does_not_stop_the_stopping():
    class Closed(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    printer = run.BannerPrinter(Closed(), "BANNER\n")

    printer.write(_message("line\n"))
    printer.write(_message("another line\n"))


def test_the_banner_names_address_log_ins_and_where_mail_goes(settings):
    settings.DEMO, settings.EMAIL_URL = True, ""

    banner = run._banner(8123)

    assert "http://localhost:8123/" in banner
    assert all(name in banner for name in settings.DEMO_LOGINS)
    assert settings.DEMO_PASSWORD in banner
    assert "Outbox" in banner


def test_without_demo_the_banner_names_no_password(settings):
    settings.DEMO, settings.EMAIL_URL = False, "smtp://localhost"

    assert "assword" not in run._banner(8000)


def test_an_action_runs_again_only_when_a_file_changed(tmp_path):
    file, stamp, runs = tmp_path / "a.css", tmp_path / "stamp", []
    file.write_text("one")

    for text in (None, None, "longer", None):
        if text:
            file.write_text(text)
        run._once_per_content(stamp, [file], lambda: runs.append(1))

    assert len(runs) == 2


def test_an_action_that_failed_runs_again(tmp_path):
    def fail():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run._once_per_content(tmp_path / "stamp", [], fail)

    assert not (tmp_path / "stamp").exists()


def test_a_taken_port_is_named_with_the_way_out(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(SystemExit):
            run._refuse_taken_port(other.getsockname()[1])

    assert "make run PORT=" in capsys.readouterr().err


def test_a_second_start_on_the_same_data_is_refused(settings, tmp_path, capsys):
    settings.VAR_DIR = tmp_path
    with (tmp_path / "run.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        with pytest.raises(SystemExit):
            run._hold_lock()

    assert "already runs" in capsys.readouterr().err
    run._hold_lock().close()
