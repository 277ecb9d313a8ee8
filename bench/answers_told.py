"""What the figures of bench/answers.py say, in sentences and tables."""

from collections.abc import Iterator, Sequence
from typing import Any

from bench import answers, kolibri
from bench.recording import many
from bench.tables import Table, figure

Row = dict[str, Any]


def summary(result: dict[str, Any]) -> list[str]:
    """Return a sentence or two for each service, at the usual number of clients."""
    usual = result["sizes"]["usual"]
    at_usual = [row for row in _recorded(result) if row["clients"] == usual]
    return [line for row in at_usual for line in _said(row, result)]


def _said(row: Row, result: dict[str, Any]) -> Iterator[str]:
    rate = row["per_second"]
    html = next(
        other["per_second"]
        for other in result["rows"]
        if other["name"] == answers.RECORDED_HTML and _service(other) == _service(row)
    )
    yield (
        f"{_service(row)}: {figure(rate)} durable answers a second from {row['clients']} clients, half of "
        f"them within {figure(row['p50_ms'])} ms and 99 of 100 within {figure(row['p99_ms'])} ms; "
        f"{figure(html)} a second with HTML in return, as a page asks for it. {_beside(row)}"
    )
    if row["of_ceiling"] and row["of_hello"] and row["of_commits"]:
        yield (
            f"What dominates there: a hello of bare Flask takes {row['of_hello']:.0%} of the time of an "
            "answer, "
            f"and an answer to Flask that checks a cookie and stores nothing {row['of_ceiling']:.0%}. "
            f"{_disk(row)}"
        )


def _disk(row: Row) -> str:
    times = figure(row["of_commits"])
    if row["of_commits"] > 1:
        return (
            f"The disk does not bound it: {times} answers are stored in the time of one bare commit, because "
            "those that wait share one."
        )
    return f"The disk may bound it: {times} answers are stored in the time of one bare commit."


def _beside(row: Row) -> str:
    others = [
        (row["of_ceiling"], "times the same application with nothing stored"),
        (row["of_hello"], "times bare Flask that says hello"),
        (row["of_commits"], "times bare commits over one connection"),
        (row["of_kolibri"], "times Kolibri"),
    ]
    return f"That is {_listed([f'{figure(of)} {what}' for of, what in others if of])}."


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def tables(result: dict[str, Any]) -> list[Table]:
    """Return the overview, the times, what stands beside, the commits and the check."""
    return [
        _overview(result),
        _times(result),
        _ratios(result),
        _commits(result),
        _check(result),
    ]


def _service(row: Row) -> str:
    return f"{row['where']}, {many(row['workers'])}"


def _recorded(result: dict[str, Any]) -> list[Row]:
    return [row for row in result["rows"] if row["name"] == answers.RECORDED]


def _line(row: Row) -> str:
    """Return what a row is about, whatever the number of clients."""
    if row["name"] == answers.KOLIBRI:
        return "Kolibri records answers (SQLite)"
    what = {
        answers.RECORDED: f"the service records answers, {row['where']}",
        answers.RECORDED_HTML: f"the service records answers and returns HTML, {row['where']}",
        answers.CEILING: "Flask takes answers, nothing stored",
        answers.HELLO: "bare Flask says hello",
    }[row["name"]]
    return f"{what}, {many(row['workers'])}"


def _over_http(result: dict[str, Any]) -> list[Row]:
    return [row for row in result["rows"] if row["name"] != answers.COMMITS]


def _overview(result: dict[str, Any]) -> Table:
    sizes = result["sizes"]
    clients = sizes["clients"]
    cells: dict[str, dict[int, str]] = {}
    for row in _over_http(result):
        cells.setdefault(_line(row), {})[row["clients"]] = figure(row["per_second"])
    rows = [(line, *(of.get(n, "") for n in clients)) for line, of in cells.items()]
    busy = [row["processor"] for row in _over_http(result)]
    note = (
        "How many requests were answered each second, by the number of clients that ask at once, each as "
        "soon as it has its answer. An answer counts when the service has acknowledged it, which it does "
        f"when the answer is on the disk. Medians of {sizes['rounds']} runs of {sizes['seconds']} s each, "
        "everything in turn, so that a slow minute meets all alike. The service runs as `course serve` "
        f"starts it, with its defaults. {sizes['learners']:,} learners, each with a session, take turns; "
        "each answer has a new id and is one to the next of "
        f"{sizes['lessons'] * sizes['questions']} questions of all types. "
        '"Nothing stored" is Flask with the same cookie, the same refusal of other sites and JSON in and '
        "out, but no database. wrk sends the requests from the same processors and takes "
        f"{figure(min(busy))} to {figure(max(busy))} of one. {_rival_note(result)}"
    ).strip()
    return Table("Answers a second", ("Clients", *map(str, clients)), rows, note)


def _rival_note(result: dict[str, Any]) -> str:
    if not result["sizes"]["rival"]:
        return ""
    refused = sum(row["refused"] for row in result["rows"] if row["name"] == answers.KOLIBRI)
    failed = f" It failed to answer {refused:,} requests, which do not count." if refused else ""
    return f"{kolibri.NOTE} Its runs take {result['sizes']['rival_seconds']} s.{failed}"


def _times(result: dict[str, Any]) -> Table:
    rows = [
        (
            f"{_line(row)}, {row['clients']} {'client' if row['clients'] == 1 else 'clients'}",
            f"{figure(min(row['rounds']))} - {figure(max(row['rounds']))}",
            *(figure(row[key]) for key in ("p50_ms", "p99_ms", "p999_ms", "max_ms")),
            figure(row["max_ms"] / row["p50_ms"]) if row["p50_ms"] else "",
        )
        for row in _over_http(result)
    ]
    note = (
        "Milliseconds until a client has its answer: half of them had it within p50, 99 of 100 within p99, "
        "999 of 1,000 within p99.9; medians over the runs, and the longest of all. The first column shows "
        "how much the runs differ: the lowest and the highest number a second. Times are as measured: what "
        "wrk adds for requests that clients might have sent while they waited is taken out again."
    )
    columns = ("", "A second", "p50", "p99", "p99.9", "Longest", "Longest / p50")
    return Table("How long an answer takes", columns, rows, note)


def _ratios(result: dict[str, Any]) -> Table:
    keys = ("of_ceiling", "of_hello", "of_commits", "of_kolibri")
    rows = [
        (
            f"{_service(row)}, {row['clients']} {'client' if row['clients'] == 1 else 'clients'}",
            *(figure(row[key]) if row[key] is not None else "" for key in keys),
        )
        for row in _recorded(result)
    ]
    note = (
        "The service's answers a second divided by those of what stands beside it, in the same rounds, with "
        "as many clients and workers; medians. 1.00 means as many."
    )
    columns = ("", "Nothing stored", "Bare Flask", "Bare commits", "Kolibri")
    return Table("Beside what bounds it, and beside Kolibri", columns, rows, note)


def _commits(result: dict[str, Any]) -> Table:
    rows = [
        (
            f"{row['where']}, {row['clients']} {'connection' if row['clients'] == 1 else 'connections'}",
            figure(row["per_second"]),
            f"{figure(min(row['rounds']))} - {figure(max(row['rounds']))}",
            *(figure(row[key]) for key in ("p50_ms", "p99_ms", "p999_ms", "max_ms")),
        )
        for row in result["rows"]
        if row["name"] == answers.COMMITS
    ]
    note = (
        "What durability costs alone: rows of 200 bytes, each committed to the disk before the next, in a "
        "loop without HTTP. Times in milliseconds."
    )
    columns = ("", "A second", "Lowest - highest", "p50", "p99", "p99.9", "Longest")
    return Table("Bare commits", columns, rows, note)


def _check(result: dict[str, Any]) -> Table:
    keys = ("acknowledged", "stored", "at_most")
    rows = [(check["name"], *(f"{check[key]:,}" for key in keys)) for check in result["checks"]]
    note = (
        "Rows counted after every run, by another connection. When wrk stops it hangs up on requests under "
        "way, at most one a client, so some more may be stored than anybody was told of; none may be "
        "missing. No request to the service failed, or these tables would not have been written."
    )
    columns = ("", "Acknowledged", "Stored", "At most")
    return Table("During these runs nothing acknowledged was lost", columns, rows, note)
