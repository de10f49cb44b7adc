"""Each file of ``config/`` is accepted by the program that reads it."""

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
from pathlib import Path
from urllib.request import urlopen

import pytest
from helpers import addons, database, odoo, places, postgres, templates

CONFIG = places.CONFIG
PASSWORD = "a-password-of-more-than-20-characters"


def run(*command, **kwargs):
    return subprocess.run(
        command, capture_output=True, text=True, check=False, **kwargs
    )


def test_nginx_accepts_its_file(tmp_path):
    """In a tree of its own, with a certificate made for it."""
    certificate = ("-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "chain.pem")
    subject = ("-subj", "/CN=consortium.example")
    run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        *certificate,
        *subject,
    )
    site = (CONFIG / "nginx.conf").read_text()
    site = site.replace("/etc/ssl/consortium/fullchain.pem", f"{tmp_path}/chain.pem")
    site = site.replace("/etc/ssl/consortium/privkey.pem", f"{tmp_path}/privkey.pem")
    (tmp_path / "site.conf").write_text(site)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; include {tmp_path}/site.conf; }}\n"
    )
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    done = run(nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf")
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_systemd_accepts_the_units(tmp_path):
    """As installed: its user and its folders are made by the one who installs."""
    for unit in (CONFIG / "systemd").iterdir():
        text = unit.read_text().replace("/opt/consortium/", f"{places.ROOT}/")
        (tmp_path / unit.name).write_text(text)
    units = [str(path) for path in tmp_path.iterdir()]
    done = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units)
    complaints = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    assert not complaints
    assert done.returncode == 0, done.stderr


def test_systemd_units_fit_together():
    timer = (CONFIG / "systemd/consortium-backup.timer").read_text()
    assert re.search(r"^OnCalendar=(.+)$", timer, re.M)
    calendar = re.search(r"^OnCalendar=(.+)$", timer, re.M)[1]
    assert run("systemd-analyze", "calendar", calendar).returncode == 0


@pytest.mark.parametrize("weak", ["", "admin", "x" * 19])
def test_weak_master_password_is_refused(weak):
    done = run(CONFIG / "check-password", env={"ODOO_ADMIN_PASSWD": weak})
    assert done.returncode == 1
    assert "at least 20 characters" in done.stderr


def test_strong_master_password_is_accepted():
    done = run(CONFIG / "check-password", env={"ODOO_ADMIN_PASSWD": PASSWORD})
    assert done.returncode == 0


@pytest.mark.parametrize(
    "conf", sorted(path.name for path in (CONFIG / "postgresql").glob("*.conf"))
)
def test_postgresql_accepts_its_settings(conf, tmp_path):
    """The server reads the file and answers with a value that stands in it."""
    text = (CONFIG / "postgresql" / conf).read_text()
    (tmp_path / "postgresql.conf").write_text(text)
    tmp_path.chmod(0o700)
    for folder in (tmp_path, *tmp_path.parents):
        if str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    tmp_path.chmod(0o700)
    shutil.chown(tmp_path, postgres._owner())
    program = postgres._binaries() / "postgres"
    show = (program, "-D", tmp_path, "-C", "shared_buffers")
    done = run(*postgres._as_owner(), *show, cwd="/")
    assert done.returncode == 0, done.stderr
    size, unit = re.search(r"^shared_buffers = (\d+)(MB|GB)", text, re.M).groups()
    pages = int(size) * {"MB": 128, "GB": 131072}[unit]
    assert int(done.stdout) == pages


@pytest.fixture(scope="module")
def production(server, free_port):
    """Odoo, multi-process, with the production file; its address."""
    name = "consortium_production_test"
    database.create(server, name, templates.tested(server, addons.manifests()))
    port = free_port()
    environment = {
        **os.environ,
        **odoo.environment(server),
        "ODOO_RC": str(CONFIG / "odoo.production.conf"),
        "ODOO_ADMIN_PASSWD": PASSWORD,
    }
    ports = ("--http-port", str(port), "--gevent-port", str(port + 1))
    log = places.LOGS / "production-test.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            odoo.command("server", "-d", name, "--db-filter", f"^{name}$", *ports),
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield wait_for(f"http://127.0.0.1:{port}", process, log), log
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            database.drop(server, name)


def wait_for(address, process, log):
    for _ in range(300):
        assert process.poll() is None, log.read_text()[-4000:]
        try:
            with urlopen(f"{address}/web/health", timeout=5):
                return address
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text()[-4000:])


def status(address):
    try:
        with urlopen(address, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def test_production_answers(production):
    address, log = production
    code, page = status(f"{address}/web/login")
    assert code == 200
    assert 'name="login"' in page
    workers = len(re.findall(r"Worker WorkerHTTP \(\d+\) alive", log.read_text()))
    conf = (CONFIG / "odoo.production.conf").read_text()
    assert workers == int(re.search(r"^workers = (\d+)", conf, re.M)[1])


def test_production_lists_no_database(production):
    address, _log = production
    code, page = status(f"{address}/web/database/manager")
    assert "consortium_production_test" not in page
    assert code >= 400 or "disabled" in page


def test_production_file_has_no_secret():
    text = Path(CONFIG / "odoo.production.conf").read_text()
    assert not re.search(r"^(admin_passwd|db_password)", text, re.M)
