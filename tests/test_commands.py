"""What ``./consortium`` promises: it may be killed and repeated, a backup comes back
whole, and what goes wrong is said in one sentence."""

import hashlib
import os
import subprocess
import sys
import zipfile

import pytest
from command import consortium
from helpers import (
    addons,
    console,
    database,
    odoo,
    places,
    postgres,
    setup,
    system,
    templates,
)
from helpers.console import Trouble

# ------------------------------------------------------------------
# backup and restore
# ------------------------------------------------------------------


def figures(server, name):
    """Every table's number of rows, each partner, and every attachment's content."""
    tables = server.sql(
        "SELECT relname FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace ORDER BY 1",
        name,
    )
    counts = server.sql(
        ";".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables),
        name,
    )
    partners = server.sql("SELECT md5(p::text) FROM res_partner p ORDER BY id", name)
    folder = places.filestore(name)
    files = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "checklist"
    }
    return counts, partners, files


def test_backup_dropped_and_restored_has_the_same_figures(server, tmp_path):
    name, file = "consortium_backup_test", tmp_path / "backup.zip"
    database.create(server, name, templates.tested(server, addons.manifests()))
    before = figures(server, name)
    assert before[2], "no attachment to lose"
    code, said = consortium("backup", file, "--database", name)
    assert code == 0, said
    assert "verified" in said

    code, said = consortium("restore", file, "--database", name)
    assert code == 1
    assert "--overwrite" in said

    database.drop(server, name)
    code, said = consortium("restore", file, "--database", name)
    assert code == 0, said
    assert figures(server, name) == before

    server.sql("DELETE FROM ir_attachment", name)
    code, said = consortium("restore", file, "--database", name, "--overwrite")
    assert code == 0, said
    assert figures(server, name) == before
    database.drop(server, name)


@pytest.mark.parametrize("damage", ["cut", "altered", "no backup"])
def test_damaged_backup_is_refused(server, tmp_path, damage):
    """And nothing is made of it, not even half a database."""
    file = tmp_path / "backup.zip"
    code, said = consortium("backup", file, "--database", os.environ["PGDATABASE"])
    assert code == 0, said
    content = file.read_bytes()
    if damage == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif damage == "altered":
        with zipfile.ZipFile(file) as archive:
            offset = archive.getinfo("dump.sql").header_offset + 5000
        file.write_bytes(content[:offset] + b"damaged" + content[offset + 7 :])
    else:
        file.write_text("Bonjour")
    code, said = consortium("restore", file, "--database", "consortium_never")
    assert code == 1
    assert "is damaged, or no backup" in said
    assert not database.exists(server, "consortium_never")


def test_backup_overwrites_nothing(tmp_path):
    file = tmp_path / "backup.zip"
    file.write_text("kept")
    code, said = consortium("backup", file, "--database", os.environ["PGDATABASE"])
    assert code == 1
    assert "exists" in said
    assert file.read_text() == "kept"


# ------------------------------------------------------------------
# One sentence when something is wrong
# ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("test", "no_such_addon"), "« no_such_addon » is no addon"),
        (("run", "--database", "Robert'); DROP"), "is no database name"),
        (("run", "--port", "80"), "is not between 1024 and 65534"),
        (("shell", "no_such_database"), "no database « no_such_database »"),
        (("backup", "/no/such/folder/file"), "no folder /no/such/folder"),
        (("backup", "file.zip", "--database", "no_such"), "no database « no_such »"),
        (("restore", "/no/such/file"), "no file /no/such/file"),
        (("reset",), "--yes"),
    ],
)
def test_wrong_use(arguments, sentence):
    code, said = consortium(*arguments)
    assert code == 1
    assert sentence in said
    assert "Traceback" not in said


def test_shell_reads_standard_input(server):
    code, said = consortium(
        "shell", os.environ["PGDATABASE"], stdin="print(env.company.currency_id.name)"
    )
    assert code == 0
    assert "CAD" in said.split()


def test_missing_package_without_sudo(monkeypatch):
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system.shutil, "which", lambda name: name == "apt-get")
    with pytest.raises(Trouble, match="apt-get install no-such-package"):
        system.ensure_packages(["no-such-package"])


def test_no_disk_space(monkeypatch, tmp_path):
    monkeypatch.setattr(system, "VAR", tmp_path / "var")
    monkeypatch.setattr(system, "NEEDED_GB", 10**9)
    with pytest.raises(Trouble, match="make room"):
        system.check_disk()


def test_postgresql_too_old(monkeypatch):
    monkeypatch.setattr(postgres, "MINIMUM", 99)
    with pytest.raises(Trouble, match="No PostgreSQL 99 or newer"):
        postgres._binaries()


def test_given_server_without_the_template(monkeypatch, server):
    monkeypatch.setenv("PGUSER", server.user)
    monkeypatch.setattr(postgres, "TEMPLATE", "no_such_template")
    monkeypatch.setenv("PGHOST", f"{server.host}/.")
    with pytest.raises(Trouble, match="template.sql"):
        postgres.ensure()


@pytest.fixture
def downloads(monkeypatch, tmp_path):
    """A folder of downloaded packages: one, whole."""
    monkeypatch.setattr(odoo, "DEBS", tmp_path)
    monkeypatch.setattr(odoo, "SUMS", tmp_path / "SHA256SUMS")
    deb = tmp_path / "odoo-19_1_all.deb"
    deb.write_text("whole")
    odoo.SUMS.write_text(f"{hashlib.sha256(b'whole').hexdigest()} {deb.name}\n")
    return deb


def test_whole_download_is_kept(downloads):
    assert odoo._cached() == [downloads]


def test_damaged_download_is_fetched_again(downloads):
    downloads.write_text("damaged")
    assert odoo._cached() is None
    assert not downloads.exists()


def test_interrupted_download_is_fetched_again(downloads):
    odoo.SUMS.unlink()
    assert odoo._cached() is None


@pytest.mark.parametrize(
    ("release", "sentence"),
    [("version_info = (20, 0, 0)", "holds Odoo 20.0"), (None, "holds no Odoo")],
)
def test_another_odoo(monkeypatch, tmp_path, release, sentence):
    if release:
        (tmp_path / "odoo").mkdir()
        (tmp_path / "odoo/release.py").write_text(release)
    monkeypatch.setenv("CONSORTIUM_ODOO", str(tmp_path))
    with pytest.raises(Trouble, match=sentence):
        odoo.ensure()


def test_suite_moved_to_another_series(monkeypatch, downloads):
    monkeypatch.setattr(odoo, "run", lambda *_args, **_kwargs: None)
    monkeypatch.setattr(odoo, "output_of", lambda *_a, **_k: "Version: 20.0+dfsg-1")
    monkeypatch.setattr(odoo, "_apt_configuration", lambda: "apt.conf")
    with pytest.raises(Trouble, match="no longer has Odoo 19.0"):
        odoo._download()
    assert downloads.exists(), "what was there is kept"


def test_half_built_environment_is_built_again(monkeypatch, tmp_path):
    """Without its stamp, whatever is in the folder counts for nothing."""
    commands = []
    venv = tmp_path / "venv"
    (venv / "lib/python3.11/site-packages").mkdir(parents=True)
    monkeypatch.setattr(odoo, "VENV", venv)
    monkeypatch.setattr(odoo, "PYTHON", venv / "bin/python")
    monkeypatch.setattr(
        odoo, "run", lambda command, *_a, **_k: commands.append(command)
    )
    odoo.ensure_venv(tmp_path)
    assert [command[-2] for command in commands] == ["--clear", "-r"]
    assert (venv / "stamp").exists()


def test_half_built_template_is_built_again(monkeypatch, server):
    """An interrupted build leaves a database without a fingerprint."""
    name, built = "consortium_half_test", []

    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    def build():
        core = templates.core(server)
        return templates._built(server, name, "same", ["none"], "nothing", core)

    monkeypatch.setattr(templates, "install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build()
    assert database.exists(server, name)
    assert not database.fingerprint(server, name)
    monkeypatch.setattr(templates, "install", lambda *a, **_k: built.append(a))
    build()
    build()
    assert len(built) == 1, "built again once, then kept"
    database.drop(server, name)


def psql(server, name, statement):
    return subprocess.Popen(
        ["psql", "-Xq", "-d", name, "-c", statement],
        env={**os.environ, **server.environment()},
        stderr=subprocess.DEVNULL,
    )


def test_a_creation_that_was_killed_is_begun_again(monkeypatch, server):
    """PostgreSQL goes on creating when the command that asked for it is gone."""
    name, template = "consortium_killed_test", templates.core(server)
    database.drop(server, name)
    creating = f"""
        SELECT pid FROM pg_stat_activity
         WHERE query LIKE 'CREATE DATABASE "{name}" %' AND state = 'active'
    """
    # It waits some seconds for whoever is in the template.
    someone = psql(server, template, "SELECT pg_sleep(60)")
    inside = f"SELECT 1 FROM pg_stat_activity WHERE datname = '{template}'"
    while not server.sql(inside):
        assert someone.poll() is None
    asking = psql(server, "postgres", f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    while not (pids := server.sql(creating)):
        assert asking.poll() is None
    asking.kill()
    asking.wait()
    assert server.sql(creating) == pids, "it goes on"

    left, disconnect = [], database._disconnect

    def observed(*arguments):
        left.extend(server.sql(creating))
        disconnect(*arguments)

    monkeypatch.setattr(database, "_disconnect", observed)
    database.create(server, name, template)
    assert not left, "it was ended before another one began"
    assert database.exists(server, name)
    someone.wait()
    database.drop(server, name)


def test_chapters_of_a_script_are_shown(monkeypatch, tmp_path, capsys):
    """Who waits for the demonstration reads where it is; modules are not shown."""
    monkeypatch.setattr(console, "LOGS", tmp_path)
    script = (
        "import sys, time\n"
        "print('1 INFO db loading: Loading module base (1/20)', flush=True)\n"
        "print('1 INFO db demo: Demonstration 2/25: networks', flush=True)\n"
        "time.sleep(1)\n"
    )
    log = console.run([sys.executable, "-"], "chapters", "It failed", stdin=script)
    assert "networks" in log.read_text()
    assert capsys.readouterr().out == "         2 of 25: networks\n"


def test_addon_that_complains_is_said():
    ours = next(iter(addons.manifests()))
    log = (
        f"2026-01-01 00:00:00,000 1 INFO db odoo.modules.loading: Loading {ours}\n"
        f"2026-01-01 00:00:00,000 1 WARNING db odoo.addons.{ours}.models.x: oh\n"
        "2026-01-01 00:00:00,000 1 WARNING db odoo.addons.sale: not ours\n"
        "2026-01-01 00:00:00,000 1 ERROR db odoo.sql_db: bad query\n"
    )
    assert [line[26:33].strip() for line in templates.complaints_in(log)] == [
        "WARNING",
        "ERROR d",
    ]


def test_reset_deletes_var_and_keeps_downloads(monkeypatch, tmp_path):
    var = tmp_path / "var"
    var.mkdir()
    (var / "made").touch()
    monkeypatch.setattr(setup, "VAR", var)
    monkeypatch.setattr(postgres, "VAR", var)
    options = type("Options", (), {"yes": True})
    setup.reset(options)
    assert not var.exists()


def test_fingerprint_follows_the_files(monkeypatch, tmp_path):
    monkeypatch.setattr(addons, "ADDONS", tmp_path)
    (tmp_path / "a/tests").mkdir(parents=True)
    (tmp_path / "a/model.py").write_text("1")
    before = addons.fingerprint(["a"])
    (tmp_path / "a/tests/test_a.py").write_text("tests are read live")
    assert addons.fingerprint(["a"]) == before
    (tmp_path / "a/model.py").write_text("2")
    assert addons.fingerprint(["a"]) != before
