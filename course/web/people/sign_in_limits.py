"""Limits on wrong passwords and on requests for mail, counted in the database for all processes together.

What holds:
- Passwords tried for an account are counted before they are looked at, so that many at once do not all slip
  through, and taken back unless they were wrong.
- For a network, only what failed by what was sent is counted, afterwards. So a class behind one address uses
  up nothing by signing in all at once, by being asked whether browsers return cookies, or because the service
  is busy. A few more than the limit may fail at the same moment.
- Wrong passwords are limited for each network, and for an account and a network together. When networks
  together reach the account's own limit, each of them is left with few: guessing is slowed, and its owner's
  first try from anywhere is still looked at.
- A browser that was signed in to the account before has a limit of its own, which no stranger can use up.
- Known and unknown addresses are counted alike.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue

from course.record.mail.mail_queue import Bound, TooMany
from course.record.people import accounts, rate_limits
from course.record.people.accounts import Crowded, Unfit
from course.record.people.rate_limits import Limit, Window
from course.web import parts
from course.web.edge import errors, limits
from course.web.edge.limits import Limited

UNDER_ATTACK = 1
"""Wrong passwords for an account from one network, once all networks together have reached its limit."""

KNOWN = "known"
"""Where the session's cookie names the accounts that signed in with this browser."""

MOST_KNOWN = 5

View = Callable[..., ResponseReturnValue]
Page = Callable[..., str]


def remember_account(learner_id: int) -> None:
    """Note in the browser's session that it was signed in to an account."""
    others = [known for known in session.get(KNOWN, []) if known != learner_id]
    session[KNOWN] = [learner_id, *others][:MOST_KNOWN]


def mail_bound() -> Bound:
    """Return how much mail the network of this request may ask for."""
    limit = _limit("", "LIMIT_MAIL")
    return Bound(limits.network(), limit.many, limit.within)


@dataclass(frozen=True)
class Attempt:
    """What an attempt is counted against: the limit of its *network*, if it failed, and *limits* beforehand.

    Where an account is tried from a strange browser, there are also the limit of account and network as a
    *pair*, and that of all networks *together*.
    """

    network: Limit | None = None
    limits: tuple[Limit, ...] = ()
    pair: Limit | None = None
    together: Limit | None = None

    @property
    def counted(self) -> list[Limit]:
        """What counts it beforehand."""
        return [*self.limits, *filter(None, (self.pair, self.together))]


def of_forms(page: Page) -> Callable[[View], View]:
    """Limit forms that cannot be used, for each network; *page* shows the form again."""
    return _limiting(page, lambda: Attempt(_limit(f"form {limits.network()}", "LIMIT_SIGN_IN")))


def of_sign_ins(page: Page) -> Callable[[View], View]:
    """Limit wrong passwords at sign-in; *page* shows the form again."""
    return _limiting(page, _sign_in)


def of_own_password(page: Page) -> Callable[[View], View]:
    """Limit wrong passwords of somebody who is signed in; *page* shows the form again."""
    return _limiting(page, _own_password)


def _limit(name: str, setting: str) -> Limit:
    item = limits.parse_limits(current_app.config[setting])[0]
    return Limit(name, item.amount, timedelta(seconds=item.get_expiry()))


def _own_password() -> Attempt:
    identity = parts.identity()
    if identity is None:
        return Attempt()
    own = _limit(f"own {identity.learner_id} {identity.sign_in_id}", "LIMIT_PASSWORD")
    return Attempt(limits=(own,))


def _sign_in() -> Attempt:
    network = limits.network()
    everybody = _limit(f"password {network}", "LIMIT_SIGN_IN")
    try:
        address = accounts.normal(request.form.get("mail", ""))
    except Unfit:
        return Attempt(everybody)
    account = limits.pseudonym("account", address)
    if _is_known_browser(address):
        return Attempt(limits=(_limit(f"account {account} known", "LIMIT_PASSWORD"),))
    pair = _limit(f"account {account} {network}", "LIMIT_PASSWORD")
    return Attempt(everybody, (), pair, _limit(f"account {account}", "LIMIT_ACCOUNT"))


def _is_known_browser(address: str) -> bool:
    known = session.get(KNOWN)
    if not known:
        return False
    with parts.database().read() as reading:
        account = accounts.by_mail(reading, address)
    return account is not None and account.learner_id in known


def _count(attempt: Attempt) -> None:
    """Count an attempt where that is done beforehand; raises Limited, and then it counts nowhere."""
    if attempt.network is not None:
        with parts.database().read() as reading:
            window = rate_limits.look(reading, attempt.network)
        if window.count >= attempt.network.many:
            raise Limited(window.seconds)
    if attempt.counted:
        with parts.database().write() as writing:
            _check(attempt, rate_limits.add(writing, attempt.counted))


def _check(attempt: Attempt, windows: Mapping[Limit, Window]) -> None:
    """Raise Limited where a window holds more than its limit allows."""
    together = attempt.together
    is_attacked = together is not None and windows[together].count > together.many
    for limit, window in windows.items():
        many = UNDER_ATTACK if limit is attempt.pair and is_attacked else limit.many
        if limit is not together and window.count > many:
            raise Limited(window.seconds)


def _settle(attempt: Attempt, *, failed: bool) -> None:
    """Count what failed for its network, and take back what did not."""
    if failed and attempt.network is not None:
        with parts.database().write() as writing:
            rate_limits.add(writing, [attempt.network])
    if not failed and attempt.counted:
        with parts.database().write() as writing:
            rate_limits.take_back(writing, attempt.counted)


def _limiting(page: Page, describe: Callable[[], Attempt]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @functools.wraps(view)
        def limited(**values: str) -> ResponseReturnValue:
            attempt = describe()
            try:
                _count(attempt)
                response = _response(view, values)
            except Limited as error:
                return _form_again(page, Unfit("", str(error)), 429, error.seconds, values)
            except TooMany as error:
                _settle(attempt, failed=True)
                sent = "We’ve already sent several emails to this address."
                message = f"{sent} {limits.retry_message(error.seconds)}"
                return _form_again(page, Unfit("mail", message), 429, error.seconds, values)
            except Crowded:
                _settle(attempt, failed=False)
                return _form_again(
                    page, Unfit("", errors.CROWDED), 503, errors.CROWDED_SECONDS, values
                )
            if not g.get("database_failed"):
                _settle(attempt, failed=400 <= response.status_code < 500)
            return response

        return limited

    return decorate


def _response(view: View, values: dict[str, str]) -> Response:
    """Return the response of *view*, also where it is that of an error which means nothing for the limits."""
    try:
        return make_response(view(**values))
    except (Limited, TooMany, Crowded):
        raise
    except Exception as error:
        return make_response(current_app.handle_user_exception(error))


def _form_again(
    page: Page, error: Unfit, status: int, seconds: int, values: dict[str, str]
) -> Response:
    """Return the form with what was typed, passwords apart, and when it may be sent again."""
    response = make_response(page(error=error, **values), status)
    response.headers["Retry-After"] = str(seconds)
    return response
