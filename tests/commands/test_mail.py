"""course mail: what waits, what failed and why, and sending again."""

from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from course.cli import main
from course.record.mail import mail_queue
from course.record.mail.mail_queue import Draft, NetworkQuota
from course.record.mail.tables import OutgoingMail
from course.record.people import mail_links
from course.record.store.base import now
from course.record.store.database import Database

BOUND = NetworkQuota("network", 100, timedelta(hours=1))


def run(database: Database, *arguments: str) -> Result:
    url = database.url.render_as_string(hide_password=False)
    return CliRunner().invoke(main, ["mail", *arguments], env={"COURSE_DATABASE_URL": url})


def queue(database: Database, mail: str) -> int:
    with database.write() as session:
        link = mail_links.record(session, f"token for {mail}", "sign-in", mail)
        draft = Draft(mail, "sign-in-link", "Your link", "text", f"<{mail}>")
        mail_queue.enqueue(session, draft, BOUND, link)
        session.flush()
        claimed = mail_queue.claim(session)
        assert claimed is not None
        return claimed.id


@pytest.fixture
def mails(database: Database) -> list[int]:
    """A mail that was sent, one that waits for another attempt, two that failed, one of them long ago."""
    ids = [queue(database, f"ada{number}@example.org") for number in range(4)]
    with database.write() as session:
        mail_queue.record_sent(session, ids[0])
        mail_queue.record_failure(session, ids[1], "Connection refused", is_final=False)
        for mail in ids[2:]:
            refused = "the receiver was refused with 550"
            assert mail_queue.record_failure(session, mail, refused, is_final=True)
        session.get_one(OutgoingMail, ids[3]).expires_at = now() - timedelta(minutes=1)
    return ids


def test_an_empty_queue_is_told(database: Database) -> None:
    found = run(database)

    assert found.exit_code == 0
    assert found.output == "Waiting: 0\nSent within a day: 0\nFailed within a week: 0\n"


def test_mail_is_counted_with_reasons_and_without_names(
    database: Database, mails: list[int]
) -> None:
    found = run(database)

    assert found.exit_code == 1
    assert found.output.splitlines() == [
        "Waiting: 1 (the oldest for 0 min; 1 tried before)",
        "Sent within a day: 1",
        "Failed within a week: 2",
        "  2: the receiver was refused with 550",
        "To send again what is not too old: course mail retry",
    ]
    assert "ada" not in found.output


def test_mail_is_sent_again_where_it_is_not_too_old(database: Database, mails: list[int]) -> None:
    done = run(database, "retry")

    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "2 will be sent by the running service within seconds.",
        "1 are too old: the people who asked for them have to ask again.",
    ]
    with database.write() as session:
        due = [mail.id for mail in iter(lambda: mail_queue.claim(session), None)]
        assert sorted(due) == mails[1:3]
