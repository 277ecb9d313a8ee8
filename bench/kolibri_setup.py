"""Run by Kolibri's own Python, in its own environment: a facility with learners, each signed in.

python kolibri_setup.py PORT MANY FILE, while Kolibri listens at PORT. FILE becomes the learners' requests, as
load.lua reads them. Through Kolibri's models: the facility, its device and its learners. Through its web API,
as its own client does: signing in, and beginning a session with an exercise.
"""

import http.client
import json
import sys
import uuid
from http.cookies import SimpleCookie
from pathlib import Path

from kolibri.utils.main import initialize

initialize(skip_update=True)

from kolibri.core.auth.models import Facility, FacilityUser  # noqa: E402 - only once it is set up
from kolibri.core.device.utils import setup_device_and_facility  # noqa: E402

EXERCISE = {
    "node_id": uuid.uuid5(uuid.NAMESPACE_URL, "node").hex,
    "content_id": uuid.uuid5(uuid.NAMESPACE_URL, "content").hex,
    "channel_id": uuid.uuid5(uuid.NAMESPACE_URL, "channel").hex,
    "kind": "exercise",
    "mastery_model": {"type": "m_of_n", "m": 8, "n": 10},
}


def learners(many):
    """Make a facility whose learners sign in by name alone, which is one of Kolibri's settings."""
    by_name = {"learner_can_login_with_no_password": True, "learner_can_edit_password": False}
    device = {"language_id": "en"}
    setup_device_and_facility(
        None, "Bench", "nonformal", by_name, device, "bench", "bench-password"
    )
    facility = Facility.objects.get()
    return [
        FacilityUser.objects.create(
            username=f"learner{number}", full_name="Learner", password="", facility=facility
        )
        for number in range(many)
    ]


class Browser:
    """One learner's: it keeps cookies, and sends Kolibri's token against forgery."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = SimpleCookie()

    def ask(self, method, path, data=None):
        body = None if data is None else json.dumps(data)
        self.connection.request(method, path, body, dict(self.headers()))
        response = self.connection.getresponse()
        text = response.read().decode()
        if response.status >= 300:
            sys.exit(f"Kolibri: {method} {path}: {response.status} {text[:1000]}")
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        return json.loads(text)

    def headers(self):
        yield "Content-Type", "application/json"
        if self.cookies:
            yield "Cookie", "; ".join(f"{c.key}={c.value}" for c in self.cookies.values())
        if "kolibri_csrftoken" in self.cookies:
            yield "X-CSRFToken", self.cookies["kolibri_csrftoken"].value


def line(port, learner):
    """Return a learner's request, once they are signed in and have begun the exercise."""
    browser = Browser(port)
    who = {"username": learner.username, "facility": learner.facility_id}
    browser.ask("POST", "/api/auth/session/", who)
    session = browser.ask("POST", "/api/logger/trackprogress/", EXERCISE)["session_id"]
    browser.connection.close()
    headers = [f"{name}: {value}" for name, value in browser.headers()]
    return "\t".join([f"PUT /api/logger/trackprogress/{session}/", *headers])


def main(port, many, path):
    lines = [line(port, learner) for learner in learners(many)]
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
