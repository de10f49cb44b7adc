"""A database and its filestore in one file, and back.

The file has the layout of Odoo's own backups (``dump.sql``, ``filestore/``,
``manifest.json``), so Odoo's database manager reads it too. The database is dumped
before the filestore is read: an attachment added meanwhile is one file too many, never
one missing.
"""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from . import database, setup
from .console import Trouble, run, say, step
from .places import VAR, filestore

COMPLETE = "-- PostgreSQL database dump complete"


def backup(options):
    """Write the backup beside its place, verify it, then give it its name."""
    name = database.check_name(options.database)
    target = options.file.resolve()
    if target.exists():
        raise Trouble(f"{target} exists: a backup overwrites nothing.")
    if not target.parent.is_dir():
        raise Trouble(f"There is no folder {target.parent}.")
    with setup.ground() as server:
        if not database.exists(server, name):
            raise Trouble(f"There is no database « {name} ».")
        partial = target.with_name(target.name + ".partial")
        try:
            with step(f"Writing {target}"), _scratch() as scratch:
                dump = scratch / "dump.sql"
                pg_dump = ["pg_dump", "--no-owner", "--no-comments", "-f", dump, name]
                _client(pg_dump, server, f"pg_dump of {name} failed")
                _write(partial, dump, name)
            with step("Verifying it"):
                expected = server.sql(
                    "SELECT DISTINCT store_fname, checksum FROM ir_attachment "
                    "WHERE store_fname IS NOT NULL",
                    name,
                )
                count = _verify(partial, name, dict(row.split("|") for row in expected))
            partial.rename(target)
        finally:
            partial.unlink(missing_ok=True)
    size = target.stat().st_size / 1e6
    say(f"{target}: {name}, {count} files, {size:.1f} MB, verified.")


def restore(options):
    """Verify the file, make the database beside its place, then give it its name."""
    name = database.check_name(options.database)
    source = options.file.resolve()
    if not source.exists():
        raise Trouble(f"There is no file {source}.")
    with setup.ground() as server:
        if database.exists(server, name) and not options.overwrite:
            raise Trouble(
                f"The database « {name} » exists: say --overwrite to replace it, or "
                "--database to restore under another name."
            )
        restoring = f"{name}_restoring"
        with step(f"Verifying {source}"):
            _verify(source, name, {})
        with step(f"Restoring {name}"), _scratch() as scratch:
            with zipfile.ZipFile(source) as archive:
                archive.extractall(scratch)
            database.create(server, restoring)
            psql = ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "--single-transaction"]
            psql += ["-d", restoring, "-o", os.devnull, "-f", scratch / "dump.sql"]
            _client(psql, server, f"{source} could not be restored")
            if (scratch / "filestore").is_dir():
                filestore(restoring).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(scratch / "filestore", filestore(restoring))
            # No fingerprint of ours: the next run upgrades the addons if it must.
            database.mark(server, restoring, "restored")
            database.drop(server, name)
            database.rename(server, restoring, name)
    say(f"{name} is restored from {source}.")


def _scratch():
    VAR.mkdir(exist_ok=True)
    return _Scratch(dir=VAR)


class _Scratch(tempfile.TemporaryDirectory):
    def __enter__(self):
        return Path(super().__enter__())


def _client(command, server, wrong):
    run(command, Path(command[0]).name, wrong, env=server.environment())


def _write(target, dump, name):
    """The archive, with its manifest last: without it the file is not whole."""
    sums = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        sums["dump.sql"] = _add(archive, dump, "dump.sql")
        folder = filestore(name)
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.parent.name != "checklist":
                member = f"filestore/{path.relative_to(folder)}"
                sums[member] = _add(archive, path, member)
        manifest = {"odoo_dump": "1", "db_name": name, "sha256": sums}
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))


def _add(archive, path, member):
    """Add a file to the archive; return its SHA-256, '' if it has gone meanwhile."""
    sha = hashlib.sha256()
    try:
        content = path.open("rb")
    except FileNotFoundError:  # Odoo's garbage collector
        return ""
    with content, archive.open(member, "w", force_zip64=True) as output:
        while block := content.read(1 << 20):
            sha.update(block)
            output.write(block)
    return sha.hexdigest()


def _verify(path, name, expected):
    """Read the whole archive again; return the number of attachments' files.

    :param expected: ``{store_fname: SHA-1}`` of the database's attachments
    :raise Trouble: damaged, cut short, or an attachment missing
    """
    damaged = f"{path} is damaged, or no backup made by this command"
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            for member, sha256 in manifest["sha256"].items():
                if sha256 and _sum(archive, member, "sha256") != sha256:
                    raise Trouble(f"{damaged}: {member} is not what was written.")
            with archive.open("dump.sql") as dump:
                dump.seek(max(0, archive.getinfo("dump.sql").file_size - 4096))
                if COMPLETE not in dump.read().decode(errors="replace"):
                    raise Trouble(f"{damaged}: the dump of the database is cut short.")
            members = {m.removeprefix("filestore/") for m in manifest["sha256"]}
            for fname, sha1 in expected.items():
                if fname in members and _sum(archive, f"filestore/{fname}") != sha1:
                    raise Trouble(f"The attachment {fname} of {name} is damaged.")
                if fname not in members:
                    lost = not (filestore(name) / fname).exists()
                    where = f"{name}'s own filestore" if lost else path
                    raise Trouble(f"The attachment {fname} is missing in {where}.")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise Trouble(f"{damaged}: {error}.") from error
    return len(members) - 1


def _sum(archive, member, algorithm="sha1"):
    with archive.open(member) as content:
        return hashlib.file_digest(content, algorithm).hexdigest()
