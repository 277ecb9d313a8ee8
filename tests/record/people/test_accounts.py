"""Accounts: addresses, passwords, links that are good once, tokens that change, erasing."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from course.record.answering.tables import Answer
from course.record.people import access, accounts, learners, mail_links, merging
from course.record.people.accounts import AddressTaken, InvalidInput, Passwords
from course.record.people.learners import Identity
from course.record.people.mail_links import InvalidLink
from course.record.people.tables import Account, Learner, MailToken, SignIn
from course.record.revisions.registration import CourseSnapshot
from course.record.store.base import Base, now
from course.record.store.database import Database
from tests.record.people.test_merging import submit

CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
MAIL = "ada@example.org"


def guest(session: orm.Session) -> tuple[str, Identity]:
    token = learners.start_guest(session, "Firefox/1")
    return token, known(session, token)


def known(session: orm.Session, token: str) -> Identity:
    found = learners.identify(session, token)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Ada@Example.ORG ", MAIL),
        ("ada@example.org", MAIL),
        ("ada+course@example.org", "ada+course@example.org"),
        ("ada@bücher.example.org", "ada@xn--bcher-kva.example.org"),
    ],
)
def test_an_address_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert accounts.normalise_address(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "a b@example.org",
        "a@b@c.org",
        "ada@example.org\nBcc: x@example.org",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        accounts.normalise_address(typed)

    assert caught.value.field == "mail"


@pytest.mark.parametrize(
    "password", ["nine char", "x" * 201, "ADA.lovelace", "lovelace@example.org"]
)
def test_a_password_that_is_short_long_or_the_address_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.check_password(password, "ada.lovelace@example.org")


@pytest.mark.parametrize("password", ["ten chars!", "aaaaaaaaaa", "päss wörd ñ", "x" * 200])
def test_a_password_needs_no_special_characters(password: str) -> None:
    accounts.check_password(password, MAIL)


def test_a_password_fits_its_hash_only() -> None:
    passwords = Passwords(**CHEAP)
    kept = passwords.hash("correct horse")

    assert passwords.verify("correct horse", kept)
    assert not passwords.verify("correct house", kept)
    assert not passwords.verify("correct horse", None)
    assert not passwords.verify("correct horse", "nonsense")
    assert "correct" not in kept


def test_a_password_may_be_typed_on_any_keyboard() -> None:
    passwords = Passwords(**CHEAP)

    assert passwords.verify("cafe\u0301 au lait", passwords.hash("caf\u00e9 au lait"))


def test_a_link_is_good_once(database: Database) -> None:
    with database.write() as session:
        token = mail_links.issue(session, "reset", MAIL)
    with database.write() as session:
        assert mail_links.find(session, "reset", token).mail == MAIL
        assert mail_links.use(session, "reset", token).mail == MAIL
    with database.write() as session, pytest.raises(InvalidLink):
        mail_links.use(session, "reset", token)


def test_a_link_is_for_one_purpose(database: Database) -> None:
    with database.write() as session:
        token = mail_links.issue(session, "sign-in", MAIL)
        for purpose in set(mail_links.LIFETIMES) - {"sign-in"}:
            with pytest.raises(InvalidLink):
                mail_links.use(session, purpose, token)


@pytest.mark.parametrize("purpose", mail_links.LIFETIMES)
def test_a_link_ends_after_its_time(database: Database, purpose: str) -> None:
    with database.write() as session:
        token = mail_links.issue(session, purpose, MAIL)
        link = mail_links.find(session, purpose, token)
        link.expires_at -= mail_links.LIFETIMES[purpose]
    with database.write() as session, pytest.raises(InvalidLink):
        mail_links.use(session, purpose, token)


def test_a_link_that_was_tampered_with_is_none(database: Database) -> None:
    with database.write() as session:
        token = mail_links.issue(session, "sign-in", MAIL)
        changed = ("A" if token[0] != "A" else "B") + token[1:]
        for made_up in (changed, token[:-1], "", token + "A"):
            with pytest.raises(InvalidLink):
                mail_links.find(session, "sign-in", made_up)


def test_only_the_hash_of_a_link_is_kept(database: Database) -> None:
    with database.write() as session:
        token = mail_links.issue(session, "sign-in", MAIL)
    with database.read() as session:
        row = session.scalars(sa.select(MailToken)).one()

    assert token not in str(vars(row))
    assert row.token_hash == learners.hash_token(token)


def test_old_links_are_forgotten(database: Database) -> None:
    with database.write() as session:
        token = mail_links.issue(session, "reset", MAIL)
        mail_links.find(session, "reset", token).expires_at = now() - timedelta(days=2)
    with database.write() as session:
        mail_links.issue(session, "reset", "else@example.org")
    with database.read() as session:
        assert [row.mail for row in session.scalars(sa.select(MailToken))] == ["else@example.org"]


def test_of_two_who_use_a_link_at_once_one_wins(database: Database) -> None:
    with database.write() as session:
        token = mail_links.issue(session, "sign-in", MAIL)
    start = threading.Barrier(8)
    results: list[str] = []

    def use() -> None:
        start.wait()
        try:
            with database.write() as session:
                mail_links.use(session, "sign-in", token)
            results.append("won")
        except InvalidLink:
            results.append("spent")

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["spent"] * 7 + ["won"]


def test_a_guest_becomes_the_account_and_its_browsers_are_signed_out(database: Database) -> None:
    with database.write() as session:
        token, who = guest(session)
        account = accounts.create_account(session, MAIL, who.learner_id, "hash")

        assert account.learner_id == who.learner_id
        assert learners.identify(session, token) is None


def test_an_account_never_begins_on_another_account(database: Database) -> None:
    with database.write() as session:
        _, who = guest(session)
        first = accounts.create_account(session, MAIL, who.learner_id)
        second = accounts.create_account(session, "else@example.org", who.learner_id)

        assert first.learner_id == who.learner_id
        assert second.learner_id != who.learner_id


def test_an_account_never_begins_on_a_guest_merged_elsewhere(database: Database) -> None:
    with database.write() as session:
        _, who = guest(session)
        other = accounts.create_account(session, "else@example.org", None)
        merging.merge(session, who.learner_id, other.learner_id)

        assert accounts.create_account(session, MAIL, who.learner_id).learner_id not in (
            who.learner_id,
            other.learner_id,
        )


def test_an_address_has_one_account(database: Database) -> None:
    with database.write() as session:
        accounts.create_account(session, MAIL, None)
    with database.write() as session:
        before = session.scalars(sa.select(Learner.id)).all()
        with pytest.raises(AddressTaken):
            accounts.create_account(session, MAIL, None)
        assert session.scalars(sa.select(Learner.id)).all() == before


def test_signing_in_gives_a_new_token_and_ends_the_old_one(database: Database) -> None:
    with database.write() as session:
        account = accounts.create_account(session, MAIL, None)
        old, who = guest(session)
        new = accounts.sign_in_browser(session, account.learner_id, who, "Firefox/1")

        assert learners.identify(session, old) is None
        assert known(session, new).learner_id == account.learner_id


def test_signing_in_to_another_account_switches(
    database: Database, published: CourseSnapshot
) -> None:
    with database.write() as session:
        mine = accounts.create_account(session, MAIL, None)
        other = accounts.create_account(session, "else@example.org", None)
        token = accounts.sign_in_browser(session, mine.learner_id, None, "")
    submit(database, published, mine.learner_id, "pick")
    with database.write() as session:
        accounts.sign_in_browser(session, other.learner_id, known(session, token), "")

        assert learners.identify(session, token) is None
        owners = session.scalars(sa.select(Answer.learner_id)).all()
        assert owners == [mine.learner_id]


def test_a_stale_view_of_a_guest_merges_no_account(database: Database) -> None:
    with database.write() as session:
        _, who = guest(session)
        accounts.create_account(session, MAIL, who.learner_id)
        other = accounts.create_account(session, "else@example.org", None)
        accounts.sign_in_browser(session, other.learner_id, who, "")

        assert session.get_one(Learner, who.learner_id).merged_into is None


def test_a_new_password_ends_other_browsers_and_links(database: Database) -> None:
    with database.write() as session:
        account = accounts.create_account(session, MAIL, None)
        here = accounts.sign_in_browser(session, account.learner_id, None, "")
        there = accounts.sign_in_browser(session, account.learner_id, None, "")
        link = mail_links.issue(session, "reset", MAIL, account.learner_id)
        keep = known(session, here).sign_in_id
        accounts.set_password(session, account.learner_id, "new", keep)

        assert learners.identify(session, here) is not None
        assert learners.identify(session, there) is None
        with pytest.raises(InvalidLink):
            mail_links.use(session, "reset", link)
        assert session.scalars(sa.select(Account.password_hash)).one() == "new"


def test_an_address_is_changed_unless_it_is_taken(database: Database) -> None:
    with database.write() as session:
        mine = accounts.create_account(session, MAIL, None).learner_id
        accounts.create_account(session, "else@example.org", None)
        with pytest.raises(AddressTaken):
            accounts.set_mail(session, mine, "else@example.org")
        accounts.set_mail(session, mine, "new@example.org")
    with database.read() as session:
        assert session.get_one(Account, mine).mail == "new@example.org"


def test_an_administrator_is_made_or_promoted(database: Database) -> None:
    with database.write() as session:
        made = accounts.set_role(session, MAIL, access.ADMINISTRATOR, "hash")
        learner = accounts.create_account(session, "else@example.org", None, "kept")
        accounts.set_role(session, "else@example.org", access.ADMINISTRATOR)
    with database.read() as session:
        first = session.get_one(Account, made.learner_id)
        second = session.get_one(Account, learner.learner_id)
        assert (first.role, first.password_hash) == ("administrator", "hash")
        assert (second.role, second.password_hash) == ("administrator", "kept")


def test_erasing_leaves_nothing_of_a_learner(database: Database, published: CourseSnapshot) -> None:
    with database.write() as session:
        account = accounts.create_account(session, MAIL, None, "hash").learner_id
        _, who = guest(session)
        _, bystander = guest(session)
        mail_links.issue(session, "sign-in", MAIL)
    for learner_id in (account, who.learner_id, bystander.learner_id):
        submit(database, published, learner_id, "pick")
    with database.write() as session:
        accounts.sign_in_browser(session, account, who, "")
        accounts.erase(session, account)
    with database.read() as session:
        assert session.scalars(sa.select(Learner.id)).all() == [bystander.learner_id]
        assert session.scalars(sa.select(MailToken)).all() == []
        for table in ("answer", "attempt", "sign_in"):
            owner = Base.metadata.tables[table].c.learner_id
            assert session.scalars(sa.select(owner)).all() == [bystander.learner_id]


def test_erasing_while_answers_arrive_leaves_nothing(
    database: Database, published: CourseSnapshot
) -> None:
    with database.write() as session:
        _, who = guest(session)
    start = threading.Barrier(3)

    def answer() -> None:
        start.wait()
        for _ in range(10):
            try:
                submit(database, published, who.learner_id, "pick", right=False)
            except learners.Erased:  # the learner is gone
                return

    def erase() -> None:
        start.wait()
        with database.write() as session:
            accounts.erase(session, who.learner_id)

    threads = [threading.Thread(target=work) for work in (answer, answer, erase)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as session:
        assert session.scalars(sa.select(Answer)).all() == []
        assert session.scalars(sa.select(SignIn)).all() == []
