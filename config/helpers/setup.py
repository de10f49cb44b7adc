"""From a bare machine to a server to work with, and back."""

import fcntl
import shutil
import sys
from contextlib import contextmanager

from . import odoo, postgres, system
from .console import Trouble, say
from .places import CACHE, VAR


@contextmanager
def ground(packages=()):
    """Everything there and PostgreSQL running; yield the server.

    One set-up at a time: a second command waits for the first one's.
    """
    VAR.mkdir(exist_ok=True)
    with (VAR / "lock").open("w") as lock:
        _lock(lock)
        system.check_disk()
        system.ensure_packages((*system.RUN, *postgres.packages(), *packages))
        odoo.ensure_venv(odoo.ensure())
        yield postgres.ensure()


def _lock(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another command is setting up; waiting for it…")
        fcntl.flock(lock, fcntl.LOCK_EX)


def reset(options):
    """Delete ``var/``, the private cluster and its databases; keep the downloads."""
    if not options.yes:
        if not sys.stdin.isatty():
            raise Trouble("reset deletes every database: say --yes to confirm.")
        if input(f"Delete {VAR} and every database in it? [y/N] ").lower() != "y":
            return
    if VAR.exists():
        postgres.remove()
        shutil.rmtree(VAR)
    say(f"Done. What was downloaded is kept in {CACHE}.")
