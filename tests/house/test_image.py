import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text().splitlines()

pytestmark = pytest.mark.unit


def test_hadolint_finds_nothing_in_the_dockerfile():
    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)

    run = subprocess.run(
        [hadolint, "Dockerfile"], cwd=ROOT, capture_output=True, text=True
    )

    assert (run.returncode, run.stdout) == (0, "")


def test_the_portal_does_not_run_as_root():
    users = [line.split()[1] for line in DOCKERFILE if line.startswith("USER ")]

    assert users[-1:] == ["10001"]


def test_packages_are_installed_by_hash():
    installs = [line for line in DOCKERFILE if "pip install" in line]

    assert installs
    assert all("--require-hashes" in line for line in installs)


def test_secrets_and_data_stay_out_of_the_image():
    ignored = (ROOT / ".dockerignore").read_text().split()

    assert {".env", ".git", "var"} <= set(ignored)


def test_copied_files_exist():
    copies = [line.split()[1:-1] for line in DOCKERFILE if line.startswith("COPY ")]
    own = [name for words in copies for name in words if not name.startswith("-")]

    assert all((ROOT / name).exists() for name in own if not name.startswith("/"))
