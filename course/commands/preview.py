"""course preview"""

import os
import signal
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.commands import options
from course.commands.serve import check_port
from course.content.reading import GLOSSARY, LESSONS, PLANS, QUIZZES, SITE

if TYPE_CHECKING:
    from course.publish.preview.state import Preview


@click.command()
@options.root
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, help="Port to listen on.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
def preview(root: Path, host: str, port: int, opens: bool) -> None:
    """Show the course while you write it: each save is on the screen at once.

    Problems show where they are, and go away when they are mended. Questions can be answered, and their
    keys looked at; nothing is recorded. Stop it with Ctrl+C.
    """
    if not (root / SITE).is_file():
        hint = "run this in a course's folder, or name the folder with --root"
        raise click.ClickException(f"There is no {SITE} in {root.resolve()}; {hint}.")
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # Material's notice, at its import
    # Imported here: MkDocs and the server take a second, which other commands should not pay.
    from werkzeug.serving import WSGIRequestHandler, make_server

    from course.publish.preview.app import create_app
    from course.publish.preview.state import Preview
    from course.web.edge import safety

    class Quiet(WSGIRequestHandler):
        def log_request(self, *args: object) -> None:
            """A trainer's terminal is for what must be mended."""

    where = f"[{host}]" if ":" in host else host
    address = f"http://{where}:{port}/"
    check_port(host, port)
    shown = Preview(root, address)
    shown.prepare()
    app = create_app(shown, host, safety.init_app)
    server = make_server(host, port, app, threaded=True, request_handler=Quiet)
    stop = threading.Event()
    for task in (_watch, _watch_settings):
        threading.Thread(target=task, args=(shown, stop), daemon=True).start()
    threading.Thread(target=_show_figures, args=(shown,), daemon=True).start()
    threading.Thread(target=shown.check_pages, daemon=True).start()
    click.echo(f"The preview is at {address}  Ctrl+C stops it.")
    _tell(shown)
    if opens:
        webbrowser.open(address)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that what was started is ended
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    finally:
        stop.set()
        server.server_close()
        shown.close()


def _show_figures(shown: "Preview") -> None:
    """Fetch how the questions do, where there is a record; no page waits for it."""
    from course.commands.statistics import notes

    shown.show_notes(notes)


def _tell(shown: "Preview") -> None:
    many = len(shown.problems)
    if many:
        click.echo(f"{many} {'problem' if many == 1 else 'problems'} to mend; the pages say where.")


def _watch(shown: "Preview", stop: threading.Event) -> None:
    """Hand over what is saved in the course's folders, a burst of saves at once."""
    from watchfiles import watch

    while not stop.is_set():
        folders = shown.folders()
        # Not the whole folder: it may hold a site, an environment, all of Node.
        for changes in watch(
            *folders,
            stop_event=stop,
            step=10,
            debounce=100,
            rust_timeout=1_000,
            yield_on_timeout=True,
        ):
            if changes:
                shown.update_files(Path(name) for _, name in changes)
            if shown.folders() != folders:
                break


def _watch_settings(shown: "Preview", stop: threading.Event) -> None:
    """Hand over what is saved in mkdocs.yml and glossary.yml, and folders that come or go beside it."""
    from watchfiles import watch

    names = {SITE, GLOSSARY, LESSONS, QUIZZES, PLANS}
    for changes in watch(shown.root, stop_event=stop, step=10, debounce=100, recursive=False):
        paths = {Path(name) for _, name in changes}
        if any(path.name in names for path in paths):
            shown.update_files(path for path in paths if path.name in names)
