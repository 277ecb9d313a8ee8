"""Limits on wrong passwords and on requests for mail, counted in the database across all processes.

Invariants:
- An attempt on an account is counted before the password is checked, so that concurrent attempts cannot
  exceed the limit; the count is taken back unless the password was wrong.
- For a network, only failures caused by the request are counted, afterwards. So a class behind one address
  uses up nothing by signing in all at once, by the check for cookies, or while the service is busy.
  Concurrent failures may exceed this limit slightly.
- Wrong passwords are limited for each network, and for each pair of account and network. Once all networks
  together reach the account's own limit, each network gets LIMIT_UNDER_ATTACK: guessing is slowed down, and
  the owner's first attempt from any network is still checked.
- A browser that was signed in to the account before has a separate limit, which no stranger can use up.
- Known and unknown addresses are counted in the same way.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue

from course.record.mail.mail_queue import NetworkQuota, TooMany
from course.record.people import accounts, rate_limits
from course.record.people.accounts import InvalidInput, TooManyHashes
from course.record.people.rate_limits import Limit, Window
from course.web import current
from course.web.edge import errors, limits
from course.web.edge.limits import Limited

LIMIT_UNDER_ATTACK = 1
"""Wrong passwords allowed for an account from one network, once its limit over all networks is reached."""

KNOWN_ACCOUNTS = "known"
"""The key in the session for the ids of learners who signed in with this browser."""

MAX_KNOWN_ACCOUNTS = 5

View = Callable[..., ResponseReturnValue]
Page = Callable[..., str]


def remember_account(learner_id: int) -> None:
    """Store in the session that this browser was signed in to an account."""
    others = [known for known in session.get(KNOWN_ACCOUNTS, []) if known != learner_id]
    session[KNOWN_ACCOUNTS] = [learner_id, *others][:MAX_KNOWN_ACCOUNTS]


def mail_bound() -> NetworkQuota:
    """Return the limit on mail requested from this request's network."""
    limit = _limit("", "LIMIT_MAIL")
    return NetworkQuota(limits.network(), limit.many, limit.within)


@dataclass(frozen=True)
class Attempt:
    """The limits of an attempt: *network* counts it if it failed, the others count it beforehand.

    For an unknown browser, *pair* limits the account from this network, and *all_networks* the account.
    """

    network: Limit | None = None
    limits: tuple[Limit, ...] = ()
    pair: Limit | None = None
    all_networks: Limit | None = None

    @property
    def counted(self) -> list[Limit]:
        """The limits that count the attempt beforehand."""
        return [*self.limits, *filter(None, (self.pair, self.all_networks))]


def limit_forms(page: Page) -> Callable[[View], View]:
    """Limit invalid forms for each network; *page* shows the form again."""
    return _limit_view(page, lambda: Attempt(_limit(f"form {limits.network()}", "LIMIT_SIGN_IN")))


def limit_sign_ins(page: Page) -> Callable[[View], View]:
    """Limit wrong passwords at sign-in; *page* shows the form again."""
    return _limit_view(page, _sign_in_attempt)


def limit_own_password(page: Page) -> Callable[[View], View]:
    """Limit wrong passwords of a signed-in user; *page* shows the form again."""
    return _limit_view(page, _own_password_attempt)


def _limit(name: str, setting: str) -> Limit:
    item = limits.parse_limits(current_app.config[setting])[0]
    return Limit(name, item.amount, timedelta(seconds=item.get_expiry()))


def _own_password_attempt() -> Attempt:
    identity = current.identity()
    if identity is None:
        return Attempt()
    own = _limit(f"own {identity.learner_id} {identity.sign_in_id}", "LIMIT_PASSWORD")
    return Attempt(limits=(own,))


def _sign_in_attempt() -> Attempt:
    network = limits.network()
    everybody = _limit(f"password {network}", "LIMIT_SIGN_IN")
    try:
        address = accounts.normalise_address(request.form.get("mail", ""))
    except InvalidInput:
        return Attempt(everybody)
    account = limits.pseudonym("account", address, current_app.config["SECRET_KEY"])
    if _is_known_browser(address):
        return Attempt(limits=(_limit(f"account {account} known", "LIMIT_PASSWORD"),))
    pair = _limit(f"account {account} {network}", "LIMIT_PASSWORD")
    return Attempt(everybody, (), pair, _limit(f"account {account}", "LIMIT_ACCOUNT"))


def _is_known_browser(address: str) -> bool:
    known = session.get(KNOWN_ACCOUNTS)
    if not known:
        return False
    with current.database().read() as reading:
        account = accounts.find_by_mail(reading, address)
    return account is not None and account.learner_id in known


def _count(attempt: Attempt) -> None:
    """Count an attempt beforehand; raises Limited, in which case nothing is counted."""
    if attempt.network is not None:
        with current.database().read() as reading:
            window = rate_limits.read_window(reading, attempt.network)
        if window.count >= attempt.network.many:
            raise Limited(window.seconds)
    if attempt.counted:
        with current.database().write() as writing:
            _check(attempt, rate_limits.count_event(writing, attempt.counted))


def _check(attempt: Attempt, windows: Mapping[Limit, Window]) -> None:
    """Raise Limited if a window exceeds its limit."""
    all_networks = attempt.all_networks
    is_attacked = all_networks is not None and windows[all_networks].count > all_networks.many
    for limit, window in windows.items():
        many = LIMIT_UNDER_ATTACK if limit is attempt.pair and is_attacked else limit.many
        if limit is not all_networks and window.count > many:
            raise Limited(window.seconds)


def _record_outcome(attempt: Attempt, *, failed: bool) -> None:
    """Count a failed attempt for its network; take the count of any other attempt back."""
    if failed and attempt.network is not None:
        with current.database().write() as writing:
            rate_limits.count_event(writing, [attempt.network])
    if not failed and attempt.counted:
        with current.database().write() as writing:
            rate_limits.uncount_event(writing, attempt.counted)


def _limit_view(page: Page, describe: Callable[[], Attempt]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @functools.wraps(view)
        def limited(**values: str) -> ResponseReturnValue:
            attempt = describe()
            try:
                _count(attempt)
                response = _response(view, values)
            except Limited as error:
                return _form_again(page, InvalidInput("", str(error)), 429, error.seconds, values)
            except TooMany as error:
                _record_outcome(attempt, failed=True)
                sent = "We’ve already sent several emails to this address."
                message = f"{sent} {limits.retry_message(error.seconds)}"
                return _form_again(page, InvalidInput("mail", message), 429, error.seconds, values)
            except TooManyHashes:
                _record_outcome(attempt, failed=False)
                return _form_again(
                    page, InvalidInput("", errors.CROWDED), 503, errors.CROWDED_SECONDS, values
                )
            if not g.get("database_failed"):
                _record_outcome(attempt, failed=400 <= response.status_code < 500)
            return response

        return limited

    return decorate


def _response(view: View, values: dict[str, str]) -> Response:
    """Return the response of *view*, or the error response for any exception not about limits."""
    try:
        return make_response(view(**values))
    except (Limited, TooMany, TooManyHashes):
        raise
    except Exception as error:
        return make_response(current_app.handle_user_exception(error))


def _form_again(
    page: Page, error: InvalidInput, status: int, seconds: int, values: dict[str, str]
) -> Response:
    """Return the form with its input except passwords, and Retry-After."""
    response = make_response(page(error=error, **values), status)
    response.headers["Retry-After"] = str(seconds)
    return response
