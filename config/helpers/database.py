"""Databases with their filestores.

A database's COMMENT holds the fingerprint of what it was made from, written last: a
database without one is half made, and is made again.
"""

import hashlib
import re
import shutil
import subprocess

from .console import Trouble
from .places import filestore

NAME = re.compile(r"[a-z_][a-z0-9_-]{0,62}")
STOPPED_WITHIN = 60_000  # milliseconds


def check_name(name):
    """:raise Trouble: no name for a database of ours"""
    if not NAME.fullmatch(name):
        raise Trouble(
            f"« {name} » is no database name: lower-case letters, digits, _ and - only."
        )
    return name


def exists(server, name):
    return bool(server.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def fingerprint(server, name):
    """What the database was made from; '' when half made or not there."""
    rows = server.sql(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        f"WHERE datname = '{name}'"
    )
    return rows[0] if rows else ""


def mark(server, name, value):
    """Write the fingerprint: the database is whole."""
    server.sql(f"COMMENT ON DATABASE \"{name}\" IS '{value}'")


def create(server, name, template=None):
    """A new database, empty or a copy of ``template``, filestore included.

    An older one of that name goes. The copy's attachments are hard links: Odoo never
    changes an attachment's file, it only adds and removes some.
    """
    drop(server, name)
    if template:
        _disconnect(server, template)
    server.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template or server.template}"')
    if template and filestore(template).is_dir():
        filestore(name).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-al", filestore(template), filestore(name)], check=True)


def drop(server, name):
    """Drop the database and its filestore, if there."""
    _stop_making(server, name)
    if exists(server, name):
        # FORCE would refuse while autovacuum is in it, whose role isn't ours; without,
        # PostgreSQL stops that, and waits for those just disconnected.
        _disconnect(server, name)
        server.sql(f'DROP DATABASE "{name}"')
    shutil.rmtree(filestore(name), ignore_errors=True)


def rename(server, old, new):
    """Give a finished database its name, after its filestore: interrupted between the
    two, there is no database of the new name, and it is made again."""
    _disconnect(server, old)
    if filestore(old).is_dir():
        shutil.rmtree(filestore(new), ignore_errors=True)
        filestore(old).rename(filestore(new))
    server.sql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def digest(*parts):
    """A short fingerprint of strings and files' contents."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part if isinstance(part, bytes) else str(part).encode())
        sha.update(b"\0")
    return sha.hexdigest()[:16]


def _stop_making(server, name):
    """End what a killed command had asked for: PostgreSQL copies on without it, and
    would then have a database of that name. One set-up at a time: nobody else's."""
    server.sql(
        f"SELECT pg_terminate_backend(pid, {STOPPED_WITHIN}) FROM pg_stat_activity "
        f"WHERE query LIKE 'CREATE DATABASE \"{name}\" %' AND state = 'active' "
        "AND usename = current_user AND pid <> pg_backend_pid()"
    )


def _disconnect(server, name):
    server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{name}' AND usename = current_user "
        "AND pid <> pg_backend_pid()"
    )
