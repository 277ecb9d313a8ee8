"""The address that a command listens on."""

import socket

import click


def check_port(host: str, port: int) -> None:
    """Raise ClickException, with a hint, if the address is not free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            hint = f"choose another with --port, such as --port {port + 1}"
            raise click.ClickException(
                f"Cannot listen on {host}:{port} ({error.strerror}); {hint}."
            ) from None
