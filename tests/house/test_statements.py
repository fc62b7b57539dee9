"""Which tests the quick tier repeats on PostgreSQL."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from psdelivery.people.models import User
from tests.statements import Recorder, Sent, fewest, name_of, sent_by_tests, shape_of


@pytest.mark.unit
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM t WHERE b IN (%s)", "SELECT a FROM t WHERE b IN (%s, %s)"),
        ("INSERT INTO t (a) VALUES (%s)", "INSERT INTO t (a) VALUES (%s), (%s)"),
        ("SELECT a FROM t LIMIT 25", "SELECT a FROM t LIMIT 50"),
        ('SAVEPOINT "s139_x1"', 'SAVEPOINT "s7_x12"'),
    ],
)
def test_numbers_and_lengths_make_no_other_statement(one, other):
    assert shape_of(one) == shape_of(other)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM t", "SELECT a FROM t /* FOR UPDATE */"),
        ("SELECT a FROM t WHERE b = %s", "SELECT a FROM t WHERE c = %s"),
        ("INSERT INTO t (a) VALUES (%s)", "INSERT INTO t (a, b) VALUES (%s, %s)"),
    ],
)
def test_a_lock_a_condition_or_a_column_more_is_another_statement(one, other):
    assert shape_of(one) != shape_of(other)


@pytest.mark.unit
def test_few_tests_are_chosen_that_send_everything():
    sent = {
        "short": Sent({1, 2}, 2),
        "same": Sent({1, 2}, 9),
        "long": Sent({2, 3}, 400),
        "quiet": Sent(),
        "skipped": Sent(is_skipped=True),
    }

    assert sorted(fewest(sent)) == ["long", "short", "skipped"]


@pytest.mark.django_db
def test_a_lock_is_told_on_both_databases():
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as sent,
    ):
        list(User.objects.select_for_update())

    assert "FOR UPDATE" in sent[-1]["sql"]


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_of_a_transaction_is_refused_on_both_databases():
    with pytest.raises(transaction.TransactionManagementError):
        list(User.objects.select_for_update())


@pytest.fixture
def another_connection(db):
    """As a thread has one, and all tests of a process once a browser was started."""
    another = connection.copy()
    another.connect()
    yield another
    # In memory Django would keep it open.
    another.connection.close()


@pytest.mark.django_db
def test_every_connection_tells_its_locks(another_connection):
    assert another_connection.features.has_select_for_update
    assert "FOR UPDATE" in another_connection.ops.for_update_sql()


@pytest.mark.django_db
def test_what_a_test_sends_by_another_connection_is_noted(request, tmp_path):
    recorder = Recorder(tmp_path)
    another_connection = request.getfixturevalue("another_connection")
    running = recorder.pytest_runtest_protocol(request.node)
    next(running)

    with another_connection.cursor() as cursor:
        cursor.execute("SELECT 'by another one'")
    running.close()
    recorder.pytest_sessionfinish()

    sent = sent_by_tests(tmp_path)[name_of(request.node)]
    assert sent.shapes == {shape_of("SELECT 'by another one'")}
