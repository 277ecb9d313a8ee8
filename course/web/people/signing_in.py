"""Signing up and signing in, with a password or with a link sent by mail.

Known and unknown addresses get the same response after the same time. Opening a link only shows a button,
because mail scanners open links, too; the button uses the link up. A browser that refuses cookies could not
stay signed in, so it gets an error first.
"""

from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Flask, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from course.record.mail import mail_queue
from course.record.people import accounts, mail_links
from course.record.people.access import Permission
from course.record.people.accounts import AddressTaken, InvalidInput, Passwords
from course.record.people.learners import Identity
from course.record.people.mail_links import InvalidLink
from course.record.people.tables import Account, MailToken
from course.web import current, shell
from course.web.mail import messages
from course.web.people import access, cookie_check, identity, sign_in_limits

bp = Blueprint("signing_in", __name__, url_prefix="/account")

WRONG = "The email address or password isn’t right."


@bp.record_once
def _set_up(state: Any) -> None:
    app: Flask = state.app
    app.extensions["course_passwords"] = Passwords(**app.config.get("ARGON2", {}))


def passwords() -> Passwords:
    """Return the application's password hasher."""
    return cast(Passwords, current_app.extensions["course_passwords"])


def page(template: str, title: str, error: InvalidInput | None = None, **context: Any) -> str:
    """Return a page about accounts; *error* is shown at the top and at its field."""
    shown = f"Error: {title}" if error else title
    return shell.page(template, shown, heading=title, error=error, **context)


def form_field(name: str) -> str:
    """Return the value of a form field; "" if it is missing."""
    return request.form.get(name, "")


def lifetime_minutes(purpose: str) -> int:
    """Return for how many minutes a link for *purpose* is valid."""
    return int(mail_links.LIFETIMES[purpose].total_seconds()) // 60


@bp.app_errorhandler(InvalidLink)
def _spent(_: InvalidLink) -> ResponseReturnValue:
    return page("people/spent.html", "This link no longer works"), 410


@bp.app_errorhandler(AddressTaken)
def _taken(_: AddressTaken) -> ResponseReturnValue:
    flash("This address already has an account. Please sign in.")
    return redirect(url_for("signing_in.sign_in"), 303)


@bp.get("/sign-in")
@access.requires(Permission.OPEN)
def sign_in(error: InvalidInput | None = None) -> str:
    """Ask for mail address and password, or for a link."""
    return page("people/sign_in.html", "Sign in", error)


@bp.post("/sign-in")
@access.requires(Permission.OPEN)
@cookie_check.before_sign_in(sign_in)
@sign_in_limits.limit_sign_ins(sign_in)
def with_password() -> ResponseReturnValue:
    """Sign in with mail address and password."""
    who = current.identity()
    try:
        token = _sign_in_with_password(accounts.normalise_address(form_field("mail")), who)
    except InvalidInput as error:
        return sign_in(error), 422
    return signed_in(token, who)


def _sign_in_with_password(address: str, who: Identity | None) -> str:
    """Return a browser's new token for the account of *address*; raises InvalidInput for a wrong password."""
    with current.database().read() as session:
        account = accounts.find_by_mail(session, address)
    checked = account.password_hash if account else None
    if not passwords().verify(form_field("password"), checked) or account is None:
        raise InvalidInput("password", WRONG)
    course = current.published().course
    with current.database().write() as session:
        locked = accounts.lock_account(session, account.learner_id)
        if locked is None or locked.password_hash != checked:  # changed while it was checked
            raise InvalidInput("password", WRONG)
        return accounts.sign_in_browser(
            session, account.learner_id, who, identity.browser(), course
        )


def signed_in(token: str, who: Identity | None) -> ResponseReturnValue:
    """Set the cookie for the new token and redirect to the account; *who* is the identity before."""
    identity.set_cookie(token)
    if who is not None and who.is_guest:
        flash("You’re signed in. What you did here as a guest is now part of your account.")
    else:
        flash("You’re signed in.")
    return redirect(url_for("accounts.overview"), 303)


@bp.post("/sign-in-link")
@access.requires(Permission.OPEN)
@sign_in_limits.limit_forms(sign_in)
def ask_link() -> ResponseReturnValue:
    """Send a link that signs in, or creates an account for an address without one."""
    try:
        address = accounts.normalise_address(form_field("mail"))
    except InvalidInput as error:
        return sign_in(error), 422
    account = account_to_mail(address, "sign-in-link")
    template = "sign_in.txt" if account else "welcome.txt"
    return send_link("sign-in-link", address, Link("sign-in", template))


@dataclass(frozen=True)
class Link:
    """A link to send: its *purpose*, the mail's *template*, and what to store with its token."""

    purpose: str
    template: str
    learner_id: int | None = None
    password_hash: str | None = None


def account_to_mail(address: str, kind: str) -> Account | None:
    """Return the account of an address; raises TooMany if the mail quota of the address is used up."""
    with current.database().read() as session:
        mail_queue.check_quota(session, address, kind, sign_in_limits.mail_bound())
        return accounts.find_by_mail(session, address)


def send_link(kind: str, address: str, link: Link) -> ResponseReturnValue:
    """Queue the mail with *link*, counted against the quota of *kind*, and confirm; raises TooMany.

    The request does not wait for the mail server, and does the same for known and unknown addresses.
    """
    nonce, token = messages.new_token()
    draft = messages.compose(
        address,
        kind,
        link.template,
        nonce=nonce,
        link=messages.link(_LINK_VIEWS[link.purpose], token=nonce),
        minutes=lifetime_minutes(link.purpose),
        mail=address,
        forgotten=messages.link("signing_in.forgotten"),
    )
    bound = sign_in_limits.mail_bound()
    with current.database().write() as session:
        mail_queue.lock_recipient(session, address)
        mail_queue.check_quota(session, address, kind, bound)
        stored = mail_links.record(
            session, token, link.purpose, address, link.learner_id, link.password_hash
        )
        mail_queue.enqueue(session, draft, bound, stored)
    messages.wake_sender()
    flash(f"We’ve sent an email to {address}. Open the link in it.")
    return redirect(url_for("signing_in.sent"), 303)


_LINK_VIEWS = {
    "sign-in": "signing_in.open_sign_in",
    "sign-up": "signing_in.open_sign_up",
    "reset": "signing_in.open_reset",
    "change-mail": "accounts.open_mail",
}
"""The endpoint that a link opens, for each purpose."""


@bp.get("/sent")
@access.requires(Permission.OPEN)
def sent() -> str:
    """Explain what to do if no mail arrives."""
    return page("people/sent.html", "Check your email")


@bp.get("/sign-up")
@access.requires(Permission.OPEN)
def sign_up(error: InvalidInput | None = None) -> str:
    """Show the form that creates an account."""
    return page("people/sign_up.html", "Create an account", error)


@bp.post("/sign-up")
@access.requires(Permission.OPEN)
@cookie_check.before_sign_in(sign_up)
@sign_in_limits.limit_forms(sign_up)
def ask_sign_up() -> ResponseReturnValue:
    """Send a link that creates the account, or a notice to an address that has one."""
    try:
        address = accounts.normalise_address(form_field("mail"))
        accounts.check_password(form_field("password"), address)
    except InvalidInput as error:
        return sign_up(error), 422
    account = account_to_mail(address, "sign-up")
    password_hash = passwords().hash(form_field("password"))
    who = identity.current_or_new_guest()
    guest = who.learner_id if who.is_guest else None
    link = Link("sign-up", "sign_up.txt", guest, password_hash)
    if account:
        link = Link("sign-in", "has_account.txt")
    return send_link("sign-up", address, link)


@bp.get("/sign-in/<token>")
@access.requires(Permission.OPEN)
def open_sign_in(token: str, error: InvalidInput | None = None) -> str:
    """Show the button that signs in."""
    with current.database().read() as session:
        link = mail_links.find(session, "sign-in", token)
        is_known = accounts.find_by_mail(session, link.mail) is not None
    title = "Sign in" if is_known else "Create an account"
    return page("people/open_sign_in.html", title, error, mail=link.mail, is_known=is_known)


@bp.post("/sign-in/<token>")
@access.requires(Permission.OPEN)
@cookie_check.before_sign_in(open_sign_in)
@sign_in_limits.limit_forms(open_sign_in)
def finish_sign_in(token: str) -> ResponseReturnValue:
    """Sign in by a link; creates the account if the address has none."""
    who = current.identity()
    guest = who.learner_id if who and who.is_guest else None
    course = current.published().course
    with current.database().write() as session:
        link = mail_links.use(session, "sign-in", token)
        account = accounts.find_by_mail(session, link.mail) or accounts.create_account(
            session, link.mail, guest
        )
        new = accounts.sign_in_browser(session, account.learner_id, who, identity.browser(), course)
    return signed_in(new, who)


@bp.get("/sign-up/<token>")
@access.requires(Permission.OPEN)
def open_sign_up(token: str, error: InvalidInput | None = None) -> str:
    """Show the button that creates the account; in another browser, ask for the password, too."""
    with current.database().read() as session:
        link = mail_links.find(session, "sign-up", token)
    asks = not _requested_here(link)
    return page("people/open_sign_up.html", "Create an account", error, mail=link.mail, asks=asks)


def _requested_here(link: MailToken) -> bool:
    """Return whether the link was requested in this browser."""
    who = current.identity()
    return who is not None and who.is_guest and who.learner_id == link.learner_id


@bp.post("/sign-up/<token>")
@access.requires(Permission.OPEN)
@cookie_check.before_sign_in(open_sign_up)
@sign_in_limits.limit_forms(open_sign_up)
def finish_sign_up(token: str) -> ResponseReturnValue:
    """Create the account.

    In another browser, the password is required. Otherwise an attacker could request an account for someone
    else's address with a password of their own, and wait until that person presses the button.
    """
    with current.database().read() as session:
        link = mail_links.find(session, "sign-up", token)
    if not _requested_here(link) and not passwords().verify(
        form_field("password"), link.password_hash
    ):
        message = "That isn’t the password you chose when you asked for the link."
        return open_sign_up(token, InvalidInput("password", message)), 422
    who = current.identity()
    course = current.published().course
    with current.database().write() as session:
        link = mail_links.use(session, "sign-up", token)
        account = accounts.create_account(session, link.mail, link.learner_id, link.password_hash)
        new = accounts.sign_in_browser(session, account.learner_id, who, identity.browser(), course)
    return signed_in(new, who)


@bp.get("/forgotten")
@access.requires(Permission.OPEN)
def forgotten(error: InvalidInput | None = None) -> str:
    """Ask for the address whose password is to be reset."""
    return page("people/forgotten.html", "Forgotten password", error)


@bp.post("/forgotten")
@access.requires(Permission.OPEN)
@sign_in_limits.limit_forms(forgotten)
def ask_reset() -> ResponseReturnValue:
    """Send a link to set a new password; to an unknown address, one that creates an account."""
    try:
        address = accounts.normalise_address(form_field("mail"))
    except InvalidInput as error:
        return forgotten(error), 422
    account = account_to_mail(address, "reset")
    link = Link("sign-in", "no_account.txt")
    if account:
        link = Link("reset", "reset.txt", account.learner_id)
    return send_link("reset", address, link)


@bp.get("/reset/<token>")
@access.requires(Permission.OPEN)
def open_reset(token: str, error: InvalidInput | None = None) -> str:
    """Ask for the new password."""
    with current.database().read() as session:
        link = mail_links.find(session, "reset", token)
    return page("people/open_reset.html", "Set a new password", error, mail=link.mail)


@bp.post("/reset/<token>")
@access.requires(Permission.OPEN)
@cookie_check.before_sign_in(open_reset)
@sign_in_limits.limit_forms(open_reset)
def finish_reset(token: str) -> ResponseReturnValue:
    """Set the new password, sign all browsers out, and sign this one in."""
    with current.database().read() as session:
        link = mail_links.find(session, "reset", token)
    try:
        accounts.check_password(form_field("password"), link.mail)
    except InvalidInput as error:
        return open_reset(token, error), 422
    password_hash = passwords().hash(form_field("password"))
    who = current.identity()
    report = messages.notice(
        link.mail, "password_set.txt", forgotten=messages.link("signing_in.forgotten")
    )
    course = current.published().course
    with current.database().write() as session:
        account = accounts.lock_account(session, link.learner_id or 0)
        link = mail_links.use(session, "reset", token)
        if account is None or account.mail != link.mail:
            raise InvalidLink
        accounts.set_password(session, account.learner_id, password_hash)
        new = accounts.sign_in_browser(session, account.learner_id, who, identity.browser(), course)
        mail_queue.enqueue(session, report)
    messages.wake_sender()
    return signed_in(new, who)
