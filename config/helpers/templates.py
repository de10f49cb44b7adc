"""Template databases: built once, kept, and built anew when what they are made from
has changed. All are in French (Canada), for a company in Québec, without
demonstration data.

``consortium_core``: every core and OCA addon, none of ours; slow to build, rarely.
``consortium_tested``: a copy of it with our addons, the one tests run on.
``alone_<addon>``: just what that addon depends on, in an empty database.
"""

import re
from pathlib import Path

from . import addons, database, odoo
from .console import Trouble, run, step
from .places import CONFIG, ROOT, VAR, filestore

CORE = "consortium_core"
TESTED = "consortium_tested"
COMPANY = CONFIG / "helpers/in_odoo/company.py"
# A line of Odoo's log: date, time, process, level, database, then what is said.
COMPLAINT = re.compile(
    r"^\S+ \S+ \d+ (?P<level>WARNING|ERROR|CRITICAL) \S+ (?P<said>.*)$", re.M
)


def core(server):
    """The template with everything that is not ours; return its name."""
    modules = sorted({*addons.ACCOUNTANT, *addons.outside(addons.manifests())})
    return _built(server, CORE, _ground(), modules, "core and OCA addons")


def tested(server, names):
    """The template with our addons ``names``, what they need, and what is outside."""
    wanted = addons.closure(names)
    fingerprint = database.digest(_core_mark(server), addons.fingerprint(wanted))
    everything = set(wanted) == set(addons.manifests())
    name = TESTED if everything else f"consortium_with_{database.digest(*wanted)[:6]}"
    return _built(server, name, fingerprint, wanted, ", ".join(wanted), template=CORE)


def alone(server, addon):
    """The template with just the dependencies of ``addon``; its name, and the folder
    of the addons that it may see. In sight of others, glue would install itself: so
    the template is built without the addon in sight, in case it is glue."""
    wanted = addons.closure([addon])
    needed = list(addons.manifests()[addon]["depends"])
    ours = [name for name in needed if name in addons.manifests()]
    # What another of ours depends on, this one does too: its template is a beginning.
    other = max(ours, key=lambda name: len(addons.closure([name])), default=None)
    template = other and alone(server, other)[0]
    made_from = database.fingerprint(server, template) if template else _ground()
    fingerprint = database.digest(made_from, *needed, addons.fingerprint(wanted[:-1]))
    name = f"alone_{addon}"
    visible = _only(wanted[:-1], VAR / "alone" / addon / "needed")
    what = f"what {addon} depends on"
    _built(server, name, fingerprint, needed, what, template, visible)
    return name, _only(wanted, VAR / "alone" / addon / "with")


def _only(names, folder):
    """A folder with links to these addons and no others."""
    folder.mkdir(parents=True, exist_ok=True)
    for link in folder.iterdir():
        link.unlink()
    for name in names:
        (folder / name).symlink_to(addons.ADDONS / name)
    return folder


def install(server, name, modules, log, visible=addons.ADDONS, options=()):
    """Install addons in a database; return the log.

    :raise Trouble: the installation failed, or one of our addons complained
    """
    path = run(
        odoo.command(
            "server", "-d", name, "-i", ",".join(modules), "--stop-after-init",
            "--no-http", "--load-language", "fr_CA", *options,
        ),
        log,
        f"Installing {', '.join(modules)} failed",
        env=odoo.environment(server, visible),
        progress=True,
    )  # fmt: skip
    if complaints := complaints_in(path.read_text(errors="replace")):
        raise Trouble(
            f"Installing {', '.join(modules)} logged:\n" + "\n".join(complaints)
        )
    return path


def complaints_in(log):
    """The lines of a log that are errors, or in which one of our addons warns."""
    ours = tuple(addons.manifests())
    return [
        match[0]
        for match in COMPLAINT.finditer(log)
        if match["level"] != "WARNING" or any(name in match["said"] for name in ours)
    ]


def settle(server, name):
    """The company in Québec, the language of every user: see ``in_odoo/company.py``."""
    run(
        odoo.command("shell", "-d", name, "--no-http"),
        f"settle-{name}",
        f"The company of {name} could not be set up",
        env=odoo.environment(server),
        stdin=COMPANY.read_text(),
    )


def _ground():
    """The fingerprint of what every template is made from."""
    made_from = (ROOT / "requirements.txt", Path(__file__), COMPANY)
    return database.digest(
        odoo.fingerprint(odoo.ensure()), *(path.read_bytes() for path in made_from)
    )


def _core_mark(server):
    core(server)
    return database.fingerprint(server, CORE)


def _built(
    server, name, fingerprint, modules, what, template=None, visible=addons.ADDONS
):
    """Build the database ``name`` unless it is there with that fingerprint."""
    mark = database.digest(fingerprint, *modules)
    whole = filestore(name).is_dir() and database.fingerprint(server, name) == mark
    if not whole:
        with step(f"Installing {what}"):
            database.create(server, name, template)
            server.sql(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
            if not template:
                install(server, name, ["base"], f"{name}-base", visible)
                settle(server, name)
            install(server, name, modules, name, visible)
            database.mark(server, name, mark)
    return name
