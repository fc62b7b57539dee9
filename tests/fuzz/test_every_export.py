"""Whatever the portal gives to a spreadsheet holds no formula, by whichever address."""

import csv

from django.urls import reverse

from psdelivery.access import URLS
from psdelivery.jobs.models import Job
from psdelivery.jobs.services import run_one
from tests.fuzz.nasty import SCRIPT
from tests.fuzz.poison import poison

MARK = "\ufeff"
# Their answer is JSON, for the person that it tells of.
NO_TABLES = {"people:person-export", "people:contact-export"}
# Their file is made by a job.
BY_JOBS = {"engagements:export-start"}
# Of one class, whose people are not in this world: tests/training looks at its cells.
OF_A_CLASS = {"training:roster-export"}
EXPORTS = {name for name in URLS if "export" in name} - NO_TABLES - BY_JOBS - OF_A_CLASS
FORMULAS = ("=1+1", "@SUM(A1)", "\t=1+1", "＝1+1", f"+{SCRIPT}")
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def cells_of(answer):
    text = (b"".join(answer)).decode().removeprefix(MARK)
    rows = csv.reader(text.splitlines(keepends=True))
    return [cell for row in rows for cell in row]


def like_formulas(cells):
    return [cell for cell in cells if cell.strip().startswith(BEGINNINGS)]


def holds_no_formula(cells, formula, name):
    assert any(formula.strip()[:4] in cell for cell in cells), name
    assert like_formulas(cells) == [], name


def test_no_export_holds_a_formula(world, me):
    assert len(EXPORTS) >= 2
    for formula in FORMULAS:
        poison(lambda longest, formula=formula: formula[:longest])
        for name in EXPORTS:
            answer = me.client.get(reverse(name))

            assert answer["Content-Type"].startswith("text/csv"), name
            assert answer["Content-Disposition"].startswith("attachment"), name
            holds_no_formula(cells_of(answer), formula, name)


def test_no_file_made_by_a_job_holds_a_formula(world, me, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"
    for formula in FORMULAS:
        for name in BY_JOBS:
            poison(lambda longest, formula=formula: formula[:longest])
            me.client.post(reverse(name))
            job = Job.objects.latest("pk")
            run_one()

            job.refresh_from_db()
            with job.result_file.file.open() as file:
                holds_no_formula(cells_of(file), formula, name)


def test_a_person_s_own_data_come_as_a_file_that_no_browser_shows(world, me):
    poison(lambda longest: SCRIPT[:longest])

    answer = me.client.post(reverse("people:person-export", args=[world.colleague.pk]))

    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
