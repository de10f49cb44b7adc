"""The commands' own modules are importable from the tests that are about them."""

import socket
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "config"))


@pytest.fixture(scope="session")
def server():
    """The PostgreSQL server that the tests run on."""
    from helpers import postgres

    return postgres.ensure()


@pytest.fixture(scope="session")
def free_port():
    """A function that finds two free ports in a row, and returns the first."""

    def find():
        while True:
            with socket.socket() as first, socket.socket() as second:
                first.bind(("127.0.0.1", 0))
                port = first.getsockname()[1]
                try:
                    second.bind(("127.0.0.1", port + 1))
                except (OSError, OverflowError):
                    continue
                return port

    return find
