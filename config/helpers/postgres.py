"""The PostgreSQL server: a private cluster, or the one that ``PG*`` variables name.

The application's role is never a superuser: the extensions are created, once, in the
template that every database is copied from.
"""

import getpass
import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .console import Trouble, output_of, run, step
from .places import CONFIG, ROOT, VAR

MINIMUM = 15
ROLE = "consortium"
TEMPLATE = "consortium_empty"
SOCKET_PATH_LIMIT = 107  # bytes, of the operating system
ACCOUNT = "postgres"  # Debian's system account, which runs the cluster for root


@dataclass(frozen=True)
class Server:
    """How to reach the server: ``host`` is a name, or the folder of its socket."""

    host: str
    port: str
    user: str
    template: str = TEMPLATE

    def environment(self):
        return {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}

    def sql(self, statement, database="postgres"):
        """Run one SQL statement; return its rows, one string each, ``|`` between
        columns.

        :raise Trouble: PostgreSQL's own message
        """
        done = subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database],
            input=statement,
            env={**os.environ, **self.environment()},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Trouble(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.splitlines()


def packages():
    """Debian's packages that the server, or the client of another one, needs."""
    if not _is_given():
        return ("postgresql",)
    return () if shutil.which("pg_dump") else ("postgresql-client",)


def ensure():
    """Have a server running, with the application's role and the template.

    :raise Trouble: too old, unreachable, or without the extensions
    """
    server = _given() if _is_given() else _embedded()
    version = int(server.sql("SHOW server_version_num")[0]) // 10000
    if version < MINIMUM:
        raise Trouble(f"PostgreSQL {version} is too old: {MINIMUM} or newer is needed.")
    return server


def stop():
    """Stop the private cluster, if it runs."""
    cluster = _cluster()
    if (cluster / "PG_VERSION").exists() and _running(cluster):
        _pg_ctl(cluster, "stop", "-m", "fast")


def remove():
    """Stop the private cluster and delete its files."""
    stop()
    link = VAR / "postgres"
    shutil.rmtree(link.resolve(), ignore_errors=True)
    if link.is_symlink():
        link.unlink()


# ------------------------------------------------------------------
# A server that is already there
# ------------------------------------------------------------------


def _is_given():
    """Whether PGHOST names a server, other than the private cluster itself."""
    return os.environ.get("PGHOST") not in (None, "", str(_cluster()))


def _given():
    server = Server(
        os.environ["PGHOST"],
        os.environ.get("PGPORT", "5432"),
        os.environ.get("PGUSER") or getpass.getuser(),
    )
    if not server.sql(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'"):
        raise Trouble(
            f"The server {server.host} has no database {TEMPLATE}: have its "
            f"administrator run « psql -v role={server.user} -f "
            "config/postgresql/template.sql »."
        )
    return server


# ------------------------------------------------------------------
# The private cluster
# ------------------------------------------------------------------


def _embedded():
    binaries = _binaries()
    cluster = _cluster()
    if (cluster / "PG_VERSION").exists():
        made_by = (cluster / "PG_VERSION").read_text().strip()
        if made_by != binaries.parent.name:
            raise Trouble(
                f"The cluster in {cluster} was made by PostgreSQL {made_by}: install "
                f"postgresql-{made_by}, or start anew with « ./consortium reset »."
            )
    else:
        cluster = _place()
        _initialise(cluster, binaries)
    if not _running(cluster):
        _start(cluster)
    server = Server(str(cluster), "5432", ROLE)
    _ensure_template(server)
    return server


def _cluster():
    """The cluster's folder, by the path that the account running it can reach."""
    return (VAR / "postgres").resolve()


def _place():
    """Put a new cluster where the account that is to run it can reach it.

    The clone may be in a folder closed to others (``/root``): then the cluster is
    under ``/var/lib``, and ``var/postgres`` leads there.
    """
    if os.geteuid() == 0:
        reaches = [*_as_owner(), "test", "-x", VAR.parent]
        if subprocess.run(reaches, check=False).returncode:
            digest = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
            (VAR / "postgres").unlink(missing_ok=True)
            (VAR / "postgres").symlink_to(f"/var/lib/consortium-{digest}")
    return _cluster()


def _owner():
    return ACCOUNT if os.geteuid() == 0 else getpass.getuser()


def _as_owner():
    """The command prefix that runs a program as the cluster's owner."""
    return ["runuser", "-u", ACCOUNT, "--"] if os.geteuid() == 0 else []


def _binaries():
    """The newest server's folder of programs."""
    versions = {
        int(path.parents[1].name): path.parent
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
    }
    if not versions or max(versions) < MINIMUM:
        raise Trouble(
            f"No PostgreSQL {MINIMUM} or newer is installed here: install one, or name "
            "a server in PGHOST."
        )
    return versions[max(versions)]


def _initialise(cluster, binaries):
    """Make the cluster beside its place, then move it there in one go."""
    socket = cluster / ".s.PGSQL.5432"
    if len(os.fsencode(socket)) > SOCKET_PATH_LIMIT:
        raise Trouble(
            f"{cluster} is too long a path for PostgreSQL's socket: move the clone."
        )
    partial = cluster.with_name(cluster.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    shutil.chown(partial, _owner())
    with step("Making a private PostgreSQL cluster"):
        initdb = [binaries / "initdb", "-D", partial, "-U", ACCOUNT, "-E", "UTF8"]
        run(
            [*_as_owner(), *initdb, "--locale=C.UTF-8", "--auth=peer"],
            "initdb",
            "The PostgreSQL cluster could not be made.",
        )
        settings = (CONFIG / "postgresql/embedded.conf").read_text()
        with (partial / "postgresql.conf").open("a") as conf:
            conf.write(f"{settings}unix_socket_directories = '{cluster}'\n")
        # Peer authentication: this account is the application, the cluster's owner
        # is the superuser, nobody else is anybody.
        (partial / "pg_hba.conf").write_text("local all all peer map=consortium\n")
        (partial / "pg_ident.conf").write_text(
            f"consortium {getpass.getuser()} {ROLE}\nconsortium {_owner()} {ACCOUNT}\n"
        )
        partial.rename(cluster)


def _running(cluster):
    return _pg_ctl(cluster, "status", check=False) == 0


def _start(cluster):
    log = cluster / "server.log"
    start = ("start", "-w", "-t", "60", "-l", str(log))
    if _pg_ctl(cluster, *start, check=False):
        tail = output_of([*_as_owner(), "tail", "-n", "5", log])
        raise Trouble(f"PostgreSQL did not start: {tail} (the whole log: {log})")


def _pg_ctl(cluster, action, *options, check=True):
    done = subprocess.run(
        [*_as_owner(), _binaries() / "pg_ctl", action, "-D", cluster, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
        check=False,
    )
    if check and done.returncode:
        raise Trouble(f"PostgreSQL's « pg_ctl {action} » failed in {cluster}.")
    return done.returncode


def _ensure_template(server):
    """The application's role, and the template with the extensions, by the superuser.

    The template is marked as one last, so a half-made one is made again.
    """
    marked = f"SELECT datistemplate FROM pg_database WHERE datname = '{TEMPLATE}'"
    superuser = [*_as_owner(), "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-h"]
    superuser += [server.host, "-p", server.port, "-U", ACCOUNT, "-d", "postgres"]
    if output_of([*superuser, "-Atc", marked], cwd="/") == "t":
        return
    with (CONFIG / "postgresql/template.sql").open() as script:
        done = subprocess.run(
            [*superuser, "-v", f"role={ROLE}"],
            stdin=script,
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )
    if done.returncode:
        raise Trouble(f"The template database could not be made: {done.stderr.strip()}")
