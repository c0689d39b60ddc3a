"""What the server refuses to do while nobody has to say who they are."""

from __future__ import annotations

import ipaddress


class Exposed(ValueError):
    """The server would be reachable from other machines without authentication."""


def check_host(host: str) -> None:
    """Raises Exposed where the address to listen on is not this machine's loopback."""
    if host == "localhost":
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise Exposed(
        f"will not listen on {host!r}: without authentication only loopback is served"
        " (127.0.0.1, ::1, localhost); put a proxy that authenticates in front"
    )
