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
from course.commands.ports import check_port
from course.content.counts import counted
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

    Problems show where they are, and go away when they are fixed. Questions can be answered, and their
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
            """Print nothing: the terminal is for problems."""

    where = f"[{host}]" if ":" in host else host
    address = f"http://{where}:{port}/"
    check_port(host, port)
    preview_state = Preview(root, address)
    preview_state.prepare()
    app = create_app(preview_state, host, safety.init_app)
    server = make_server(host, port, app, threaded=True, request_handler=Quiet)
    stop = threading.Event()
    for task in (_watch, _watch_settings):
        threading.Thread(target=task, args=(preview_state, stop), daemon=True).start()
    threading.Thread(target=_show_figures, args=(preview_state,), daemon=True).start()
    threading.Thread(target=preview_state.check_pages, daemon=True).start()
    click.echo(f"The preview is at {address}  Ctrl+C stops it.")
    _print_problem_count(preview_state)
    if opens:
        webbrowser.open(address)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the `finally` below runs
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    finally:
        stop.set()
        server.server_close()
        preview_state.close()


def _show_figures(preview_state: "Preview") -> None:
    """Load the question statistics, if there is a database; no page waits for them."""
    from course.commands.statistics import notes

    preview_state.show_notes(notes)


def _print_problem_count(preview_state: "Preview") -> None:
    if preview_state.problems:
        problems = counted(len(preview_state.problems), "problem")
        click.echo(f"{problems} to fix; the pages say where.")


def _watch(preview_state: "Preview", stop: threading.Event) -> None:
    """Report changed files in the course's folders to the preview, in batches."""
    from watchfiles import watch

    while not stop.is_set():
        folders = preview_state.folders()
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
                preview_state.update_files(Path(name) for _, name in changes)
            if preview_state.folders() != folders:
                break


def _watch_settings(preview_state: "Preview", stop: threading.Event) -> None:
    """Report changes of mkdocs.yml and glossary.yml, and created or deleted folders, to the preview."""
    from watchfiles import watch

    names = {SITE, GLOSSARY, LESSONS, QUIZZES, PLANS}
    for changes in watch(
        preview_state.root, stop_event=stop, step=10, debounce=100, recursive=False
    ):
        paths = {Path(name) for _, name in changes}
        if any(path.name in names for path in paths):
            preview_state.update_files(path for path in paths if path.name in names)
