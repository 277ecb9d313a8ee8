"""The account pages: address, password, browsers, personal data, deletion."""

import re
from datetime import UTC, datetime

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import orm

from course.record.mail import mail_queue
from course.record.people import access as permissions
from course.record.people import accounts, learners, mail_links, merging, personal_data
from course.record.people.access import Permission
from course.record.people.accounts import InvalidInput
from course.record.people.learners import Identity
from course.record.people.tables import Account
from course.record.spreadsheets import Column
from course.web import current
from course.web.edge.errors import NoSession
from course.web.mail import messages
from course.web.people import access, identity, sign_in_limits
from course.web.people.signing_in import (
    Link,
    account_to_mail,
    form_field,
    page,
    passwords,
    send_link,
)

bp = Blueprint("accounts", __name__, url_prefix="/account")

ERASE = "erase"
"""The word that someone without a password types to erase their record."""


class NoAccount(Exception):
    """The page is for account holders only."""


@bp.errorhandler(NoSession)
def _redirect_to_overview(_: NoSession) -> ResponseReturnValue:
    return redirect(url_for(".overview"), 303)


@bp.errorhandler(NoAccount)
def _redirect_to_sign_in(_: NoAccount) -> ResponseReturnValue:
    flash("Sign in first.")
    return redirect(url_for("signing_in.sign_in"), 303)


def require_account() -> tuple[Identity, Account]:
    """Return the requester's identity and account; raises NoAccount for guests and without a session."""
    who = current.identity()
    if who is None or who.is_guest:
        raise NoAccount
    with current.database().read() as session:
        account = accounts.find_account(session, who.learner_id)
    if account is None:  # erased just now
        raise NoAccount
    return who, account


def _lock_account(session: orm.Session, account: Account) -> None:
    """Lock an account's row; raises NoAccount if it was changed since *account* was read."""
    locked = accounts.lock_account(session, account.learner_id)
    if locked is None or (locked.mail, locked.password_hash) != (
        account.mail,
        account.password_hash,
    ):
        raise NoAccount


@bp.app_template_global()
def data_columns() -> tuple[Column[personal_data.Row], ...]:
    """Return the columns of the CSV file with a learner's answers."""
    return personal_data.COLUMNS


@bp.app_template_filter("browser")
def browser(agent: str) -> str:
    """Return a readable name for a User-Agent, such as "Firefox on Linux"."""
    name = next((name for sign, name in _BROWSERS.items() if sign in agent), "A browser")
    system = next((name for sign, name in _SYSTEMS.items() if re.search(sign, agent)), "")
    return f"{name} on {system}" if system else name


# The first match decides: most browsers also claim to be others.
_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "Chrome/": "Chrome",
    "CriOS": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@bp.get("")
@access.requires(Permission.OPEN)
def overview() -> str:
    """Show the account, or how to get one."""
    who = current.identity()
    if who is None or who.is_guest:
        return page("people/guest.html", "Your account", who=who)
    who, account = require_account()
    with current.database().read() as session:
        browsers = learners.sign_ins(session, who.learner_id)
    return page(
        "people/account.html",
        "Your account",
        who=who,
        account=account,
        browsers=browsers,
        sees_statistics=permissions.may(who, Permission.STATISTICS),
    )


@bp.post("/sign-out")
@access.requires(Permission.OPEN)
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in. A guest stays: nothing else leads back to their record."""
    who = current.identity()
    if who is not None and not who.is_guest:
        with current.database().write() as session:
            learners.end_sign_in(session, who.learner_id, who.sign_in_id)
        identity.sign_out()
        flash("You’re signed out.")
    return redirect(url_for(".overview"), 303)


@bp.post("/browsers/<int:sign_in_id>/end")
@access.requires(Permission.OWN_ACCOUNT)
def end_browser(sign_in_id: int) -> ResponseReturnValue:
    """Sign one of the account's browsers out."""
    who, _ = require_account()
    if sign_in_id == who.sign_in_id:
        return sign_out()
    with current.database().write() as session:
        ended = learners.end_sign_in(session, who.learner_id, sign_in_id)
    flash("That browser is signed out." if ended else "That browser was already signed out.")
    return redirect(url_for(".overview"), 303)


@bp.post("/browsers/end-others")
@access.requires(Permission.OWN_ACCOUNT)
def end_others() -> ResponseReturnValue:
    """Sign every browser but this one out."""
    who, _ = require_account()
    with current.database().write() as session:
        merging.end_sign_ins(session, who.learner_id, keep=who.sign_in_id)
    flash("You’ve been signed out of all other browsers.")
    return redirect(url_for(".overview"), 303)


def _check_holder(who: Identity, account: Account) -> None:
    """Raise InvalidInput unless the form has the current password or, without one, the sign-in is fresh."""
    if account.password_hash is None:
        if not _is_fresh(who):
            raise InvalidInput("", "Sign in again first: ask for a new link.")
    elif not passwords().verify(form_field("current"), account.password_hash):
        raise InvalidInput("current", "That isn’t your current password.")


def _is_fresh(who: Identity) -> bool:
    with current.database().read() as session:
        return accounts.is_recent_sign_in(session, who.sign_in_id)


def _change_page(template: str, title: str, error: InvalidInput | None) -> str:
    who, account = require_account()
    is_open = account.password_hash is not None or _is_fresh(who)
    return page(template, title, error, account=account, is_open=is_open)


@bp.get("/password")
@access.requires(Permission.OWN_ACCOUNT)
def password(error: InvalidInput | None = None) -> str:
    """Ask for a new password."""
    return _change_page("people/password.html", "Password", error)


@bp.post("/password")
@access.requires(Permission.OWN_ACCOUNT)
@sign_in_limits.limit_own_password(password)
def change_password() -> ResponseReturnValue:
    """Set or change the password, and sign all other browsers out."""
    who, account = require_account()
    try:
        _check_holder(who, account)
        accounts.check_password(form_field("password"), account.mail)
    except InvalidInput as error:
        return password(error), 422
    password_hash = passwords().hash(form_field("password"))
    forgotten = messages.link("signing_in.forgotten")
    report = messages.notice(account.mail, "password_set.txt", forgotten=forgotten)
    with current.database().write() as session:
        _lock_account(session, account)
        accounts.set_password(session, who.learner_id, password_hash, keep=who.sign_in_id)
        mail_queue.enqueue(session, report)
    messages.wake_sender()
    flash("Your password is set. You’ve been signed out of all other browsers.")
    return redirect(url_for(".overview"), 303)


@bp.get("/mail")
@access.requires(Permission.OWN_ACCOUNT)
def address(error: InvalidInput | None = None) -> str:
    """Ask for a new mail address."""
    return _change_page("people/mail.html", "Email address", error)


@bp.post("/mail")
@access.requires(Permission.OWN_ACCOUNT)
@sign_in_limits.limit_own_password(address)
def change_address() -> ResponseReturnValue:
    """Send a link to the new address, or a notice if that address already has an account."""
    who, account = require_account()
    try:
        new = accounts.normalise_address(form_field("mail"))
        _check_holder(who, account)
    except InvalidInput as error:
        return address(error), 422
    link = Link("change-mail", "change_mail.txt", who.learner_id)
    if account_to_mail(new, "change-mail"):
        link = Link("sign-in", "mail_taken.txt")
    return send_link("change-mail", new, link)


@bp.get("/mail/<token>")
@access.requires(Permission.OPEN)
def open_mail(token: str, error: InvalidInput | None = None) -> str:
    """Show the button that changes the address, in a browser signed in to the account."""
    with current.database().read() as session:
        link = mail_links.find(session, "change-mail", token)
    who = current.identity()
    is_theirs = who is not None and who.learner_id == link.learner_id
    return page(
        "people/open_mail.html", "Email address", error, mail=link.mail, is_theirs=is_theirs
    )


@bp.post("/mail/<token>")
@access.requires(Permission.OWN_ACCOUNT)
@sign_in_limits.limit_own_password(open_mail)
def finish_mail(token: str) -> ResponseReturnValue:
    """Change the address.

    Only in a session of the account: otherwise someone could move their account to a stranger's address.
    """
    who, account = require_account()
    with current.database().read() as session:
        new = mail_links.find(session, "change-mail", token).mail
    report = messages.notice(account.mail, "mail_changed.txt", new=new)
    with current.database().write() as session:
        _lock_account(session, account)
        link = mail_links.use(session, "change-mail", token)
        if link.learner_id != who.learner_id:
            raise NoAccount
        accounts.set_mail(session, who.learner_id, new, keep=who.sign_in_id)
        mail_queue.enqueue(session, report)
    messages.wake_sender()
    flash(f"Your email address is now {new}. You’ve been signed out of all other browsers.")
    return redirect(url_for(".overview"), 303)


@bp.get("/erase")
@access.requires(Permission.OWN_RECORD)
def leave(error: InvalidInput | None = None) -> str:
    """Ask whether everything is to be erased."""
    who = identity.require()
    account = None if who.is_guest else require_account()[1]
    title = "Delete your account" if account else "Erase your record"
    return page("people/erase.html", title, error, account=account, word=ERASE)


@bp.post("/erase")
@access.requires(Permission.OWN_RECORD)
@sign_in_limits.limit_own_password(leave)
def erase() -> ResponseReturnValue:
    """Delete a learner with everything recorded about them."""
    who = identity.require()
    account = None if who.is_guest else require_account()[1]
    password_hash = account.password_hash if account else None
    if password_hash is not None and not passwords().verify(form_field("current"), password_hash):
        return leave(InvalidInput("current", "That isn’t your current password.")), 422
    if password_hash is None and form_field("word").strip().casefold() != ERASE:
        return leave(InvalidInput("word", f"Type the word {ERASE} to continue.")), 422
    with current.database().write() as session:
        if account is not None:
            _lock_account(session, account)
        accounts.erase(session, who.learner_id)
    identity.clear_cookie()
    return redirect(url_for(".goodbye"), 303)


@bp.get("/goodbye")
@access.requires(Permission.OPEN)
def goodbye() -> str:
    """Confirm that everything is deleted."""
    return page("people/goodbye.html", "Goodbye")


@bp.get("/data.json")
@access.requires(Permission.OWN_RECORD)
def data_json() -> Response:
    """Download everything recorded about the requester."""
    who = identity.require()
    with current.database().read() as session:
        text = personal_data.as_json(session, current.published(), who.learner_id)
    return _attachment(text, "json", "application/json")


@bp.get("/data.csv")
@access.requires(Permission.OWN_RECORD)
def data_csv() -> Response:
    """Download the requester's answers as CSV."""
    who = identity.require()
    with current.database().read() as session:
        text = personal_data.as_csv(session, who.learner_id)
    return _attachment(text, "csv", "text/csv; charset=utf-8")


def _attachment(text: str, ending: str, kind: str) -> Response:
    name = f"my-learning-{datetime.now(UTC):%Y-%m-%d}.{ending}"
    response = Response(text, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
