"""Odoo 19 Community: downloaded as Debian's package and unpacked, never installed.

``CONSORTIUM_ODOO`` names a folder that already has it (a checkout, or an unpacked
package), and then nothing is downloaded.
"""

import hashlib
import os
import re
import shutil
from pathlib import Path

from .console import Trouble, output_of, run, step
from .places import ADDONS, CACHE, CONFIG, DATA, PYTHON, VAR, VENV

SERIES = "19.0"
PACKAGE = "odoo-19"
# The package links to these; their unstable versions fit it, but for Font Awesome,
# whose version 7 lacks the files that Odoo 19 names.
FROM_SID = (
    PACKAGE,
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
FROM_OWN_SUITE = ("fonts-font-awesome",)
# In the mail bundle, but left out of the package: without it each page logs an error.
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
UNPACKED = VAR / "odoo"
DEBS = CACHE / "debs"
SUMS = DEBS / "SHA256SUMS"


def ensure():
    """Have Odoo on this machine; return the folder to import it from.

    :raise Trouble: another series, a refused or a damaged download
    """
    if given := os.environ.get("CONSORTIUM_ODOO"):
        home = _importable(Path(given))
        if not home:
            raise Trouble(f"CONSORTIUM_ODOO names {given}, which holds no Odoo.")
    else:
        home = _importable(UNPACKED) or _unpack()
    if (series := _series(home)) != SERIES:
        raise Trouble(
            f"{home} holds Odoo {series}, and these addons are for {SERIES}: "
            f"name an Odoo {SERIES} in CONSORTIUM_ODOO."
        )
    return home


def fingerprint(home):
    """What a database made with this Odoo depends on."""
    debs = sorted(deb.name for deb in DEBS.glob(f"{PACKAGE}_*.deb"))
    return f"{home}:{debs if home.is_relative_to(VAR) else ''}"


def _importable(folder):
    """The folder under ``folder`` that ``import odoo`` works from, or None."""
    for home in (folder, folder / "usr/lib/python3/dist-packages"):
        if (home / "odoo/release.py").exists():
            return home
    return None


def _series(home):
    version = re.search(
        r"^version_info = \((\d+), (\d+)", (home / "odoo/release.py").read_text(), re.M
    )
    return ".".join(version.groups()) if version else "of an unknown series"


def _unpack():
    debs = _cached() or _download()
    partial = UNPACKED.with_name("odoo.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    with step("Unpacking Odoo"):
        for deb in debs:
            damaged = f"{deb} is damaged: delete it, then start again."
            run(["dpkg", "-x", deb, partial], "unpack", damaged)
        left_out = _importable(partial) / LEFT_OUT
        left_out.parent.mkdir(parents=True, exist_ok=True)
        left_out.touch()
        shutil.rmtree(UNPACKED, ignore_errors=True)
        partial.rename(UNPACKED)
    return _importable(UNPACKED)


def _cached():
    """The downloaded packages if all are there and whole, else None."""
    if not SUMS.exists():
        return None
    sums = dict(reversed(line.split()) for line in SUMS.read_text().splitlines())
    debs = [DEBS / name for name in sums]
    for deb in debs:
        if not deb.exists() or _sha256(deb) != sums[deb.name]:
            deb.unlink(missing_ok=True)
            return None
    return debs


def _sha256(path):
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _download():
    """Fetch the packages with an apt configuration of our own.

    apt checks the archive's signature and each file's SHA-256.
    """
    DEBS.mkdir(parents=True, exist_ok=True)
    apt = {"APT_CONFIG": str(_apt_configuration())}
    refused = (
        "Debian's unstable suite could not be read: check the network, or name a folder"
        " that holds Odoo in CONSORTIUM_ODOO."
    )
    with step(f"Downloading Odoo {SERIES} (130 MB)"):
        run(["apt-get", "-q", "update"], "apt-sid-update", refused, env=apt)
        shown = output_of(["apt-cache", "show", PACKAGE], env={**os.environ, **apt})
        if f"Version: {SERIES}" not in shown:
            raise Trouble(
                f"Debian's unstable suite no longer has Odoo {SERIES}: name a checkout "
                f"of it in CONSORTIUM_ODOO, or put {PACKAGE}_{SERIES}*.deb into {DEBS}."
            )
        failed = "The download failed or was damaged: start again."
        for old in DEBS.glob("*.deb"):
            old.unlink()
        for names, env in ((FROM_SID, apt), (FROM_OWN_SUITE, {})):
            command = ["sh", "-c", 'cd "$0" && apt-get -q download "$@"', DEBS, *names]
            run(command, "download", failed, env=env)
    debs = sorted(DEBS.glob("*.deb"))
    partial = SUMS.with_suffix(".partial")
    partial.write_text("".join(f"{_sha256(deb)} {deb.name}\n" for deb in debs))
    partial.rename(SUMS)
    return debs


def _apt_configuration():
    """apt's configuration for the unstable suite of the machine's own mirror."""
    home = CACHE / "apt"
    for folder in ("lists/partial", "archives/partial"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)"]
    mirrors = output_of([*command, "Created-By: Packages"]).splitlines()
    mirror = next((uri for uri in mirrors if uri.rstrip("/").endswith("/debian")), None)
    if not mirror:
        raise Trouble(
            "apt knows no Debian mirror on this machine: name a folder that holds Odoo "
            f"{SERIES} in CONSORTIUM_ODOO."
        )
    (home / "sid.list").write_text(f"deb [signed-by={KEYRING}] {mirror} sid main\n")
    configuration = home / "apt.conf"
    configuration.write_text(
        f'Dir::Etc::sourcelist "{home}/sid.list";\nDir::Etc::sourceparts "-";\n'
        f'Dir::State::lists "{home}/lists";\nDir::Cache "{home}";\n'
    )
    return configuration


def ensure_venv(home):
    """Have the virtual environment of ``requirements.txt``, seeing Odoo.

    The stamp is written last: without it, or with another one, the environment is
    made anew.
    """
    requirements = CONFIG.parent / "requirements.txt"
    wanted = f"{home}\n{_sha256(requirements)}\n"
    stamp = VENV / "stamp"
    if (
        stamp.exists()
        and stamp.read_text() == wanted
        and output_of([PYTHON, "-c", "import odoo.release as r; print(r.series)"])
        == SERIES
    ):
        return
    with step("Making the virtual environment"):
        failed = "The virtual environment could not be made"
        run(["python3", "-m", "venv", "--clear", VENV], "venv", f"{failed}.")
        pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        run(
            [*pip, "--no-deps", "-r", requirements],
            "pip",
            f"{failed}: check the network, then start again.",
        )
        site = next(VENV.glob("lib/python3*/site-packages"))
        (site / "odoo19.pth").write_text(f"{home}\n")
        stamp.write_text(wanted)


def command(*arguments):
    """The command line of an Odoo subcommand or server."""
    return [PYTHON, "-m", "odoo", *arguments]


def environment(server, addons=ADDONS):
    """The environment that Odoo runs in: where its database and its files are."""
    home = ensure()
    # A checkout keeps most addons beside the odoo package, not inside.
    folders = [home / "addons"] if (home / "odoo-bin").exists() else []
    if any(addons.glob("*/__manifest__.py")):
        folders.append(addons)
    return {
        **server.environment(),
        "ODOO_RC": str(CONFIG / "odoo.conf"),
        "ODOO_DATA_DIR": str(DATA),
        "ODOO_ADDONS_PATH": ",".join(map(str, folders)),
        "PGDATABASE_TEMPLATE": server.template,
    }
