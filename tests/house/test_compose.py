import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.utils.module_loading import import_string

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OF_PORTAL = {name: s for name, s in SERVICES.items() if "build" in s}
LASTING = {name: s for name, s in SERVICES.items() if s["restart"] != "no"}

pytestmark = pytest.mark.unit


def _option(command, name):
    return command[command.index(name) + 1] if name in command else None


def _words(command):
    return command[-1].split() if command[:2] == ["sh", "-c"] else command


def test_the_file_follows_the_compose_schema():
    command = ["--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]

    run = subprocess.run(
        [Path(sys.executable).parent / "check-jsonschema", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout


def test_services_that_others_wait_for_exist_and_can_say_they_are_ready():
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES, name
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], (name, other)
            else:
                assert SERVICES[other]["restart"] == "no", (name, other)


def test_every_lasting_service_has_a_health_check():
    assert [name for name, s in LASTING.items() if "healthcheck" not in s] == []


def test_named_volumes_are_declared_and_used():
    used = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    }

    assert used == set(COMPOSE["volumes"])


def test_documents_are_on_one_volume_for_every_process():
    assert "VOLUME /app/var/media" in (ROOT / "Dockerfile").read_text()
    for name, service in OF_PORTAL.items():
        assert service["volumes"] == ["media:/app/var/media"], name


def test_every_substituted_variable_is_documented():
    text = (ROOT / "docker-compose.yml").read_text()
    documented = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)

    assert set(re.findall(r"\$\{([A-Z_]+)", text)) <= set(documented)


def test_every_variable_of_the_portal_is_one_that_it_reads():
    sources = [*(ROOT / "psdelivery/settings").glob("*.py"), ROOT / "manage.py"]
    read = "".join(path.read_text() for path in sources)

    for service in OF_PORTAL.values():
        assert [key for key in service["environment"] if f'"{key}"' not in read] == []


def test_addresses_name_services_of_the_file():
    for name, service in OF_PORTAL.items():
        values = " ".join(map(str, service["environment"].values()))
        hosts = set(re.findall(r"(?:@|(?:redis|smtp)://)([a-z]+):\d+", values))

        assert hosts == {"postgres", "redis", "mailpit"}, name
        assert hosts <= set(SERVICES)


def test_management_commands_exist():
    commands = get_commands()

    for service in OF_PORTAL.values():
        words = _words(service["command"])
        named = [words[i + 1] for i, word in enumerate(words) if word == "manage.py"]
        assert [name for name in named if name not in commands] == []


def test_programs_are_pinned_and_their_modules_import():
    pinned = (ROOT / "requirements.txt").read_text()

    for name, service in OF_PORTAL.items():
        program, *arguments = _words(service["command"])
        if program == "gunicorn":
            assert import_string(f"{arguments[0]}.application"), name
        if program == "celery":
            assert import_string(f"{_option(arguments, '-A')}.celery_app"), name
        assert program == "python" or f"\n{program}==" in pinned, name


def test_health_checks_of_the_portal_ask_the_probe_for_their_own_role():
    for name, service in OF_PORTAL.items():
        if "healthcheck" in service:
            *_, script, role = service["healthcheck"]["test"]
            assert (ROOT / script).is_file(), name
            assert name.split("-")[0] == role


def test_the_workers_together_take_every_queue(settings):
    queues = {
        queue
        for service in OF_PORTAL.values()
        if "worker" in service["command"]
        for queue in _option(service["command"], "--queues").split(",")
    }
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    planned = {b["options"]["queue"] for b in settings.CELERY_BEAT_SCHEDULE.values()}

    assert queues == routed | planned | {settings.CELERY_TASK_DEFAULT_QUEUE}


def test_the_web_port_is_the_one_that_the_image_opens():
    dockerfile = (ROOT / "Dockerfile").read_text()
    inside = {port.rpartition(":")[2] for port in SERVICES["web"]["ports"]}

    assert inside == set(re.findall(r"^EXPOSE (\d+)", dockerfile, re.M))


def test_a_kill_meets_one_mail_at_most():
    command = SERVICES["worker-mail"]["command"]

    # A second sender in the same container would be a second mail in flight.
    assert _option(command, "--concurrency") == "1"


def test_nobody_is_cut_off_in_the_middle_of_a_look(settings):
    from psdelivery.outbox.tasks import SECONDS

    grace = {
        name: int(service["stop_grace_period"].removesuffix("s"))
        for name, service in OF_PORTAL.items()
        if "worker" in service["command"]
    }

    assert grace["worker-mail"] >= SECONDS + settings.EMAIL_TIMEOUT
    assert grace["worker-jobs"] >= settings.CELERY_TASK_TIME_LIMIT


def test_all_start_again_but_what_runs_once():
    policies = {name: service["restart"] for name, service in SERVICES.items()}

    assert policies.pop("migrate") == "no"
    assert set(policies.values()) == {"unless-stopped"}
    assert all("logging" in service for service in SERVICES.values())


def test_whatever_needs_the_tables_waits_for_the_migration():
    waiting = {
        name: service["depends_on"].get("migrate", {}).get("condition")
        for name, service in OF_PORTAL.items()
        if name != "migrate"
    }

    assert set(waiting.values()) == {"service_completed_successfully"}
    words = _words(SERVICES["migrate"]["command"])
    assert words[2:4] == ["migrate", "--noinput"]


def test_there_is_one_beat_only():
    beats = [name for name, s in OF_PORTAL.items() if "beat" in s["command"]]

    assert beats == ["beat"]
    assert "deploy" not in SERVICES["beat"]
