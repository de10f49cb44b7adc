"""The import killed without warning half-way, in a process of its own, then resumed."""

import base64
import os
import signal
import subprocess
import sys

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config

ROWS = 1300
SCRIPT = """
import os, signal
from odoo.addons.consortium_base.models import consortium_organization_import as module
Import = env["consortium.organization.import"]
kind = type(Import)
process, done = kind._process, []

def killed(self, lines):
    process(self, lines)
    env.flush_all()
    done.append(1)
    if len(done) == {batches}:
        os.kill(os.getpid(), signal.SIGKILL)

kind._process = killed
Import._cron_run()
"""


@tagged("post_install", "-at_install")
class TestOrganizationImportRestart(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["consortium.affiliation"].search(
                [("organization_id.name", "=like", "Interrompue %")]
            ).unlink()
            self.organizations(env).unlink()
            imports = env["consortium.organization.import"].browse(self.import_id)
            imports.state = "done"
            imports.unlink()

    def organizations(self, env):
        return env["res.partner"].search([("name", "=like", "Interrompue %")])

    def process(self, batches=0):
        """Run the scheduled action elsewhere; die in the batch of that number."""
        command = [
            sys.executable, "-m", "odoo", "shell", "--no-http", "-d", get_db_name(),
            "--addons-path", ",".join(config["addons_path"]),
        ]  # fmt: skip
        if config["config"] and os.path.exists(config["config"]):
            command += ["-c", config["config"]]
        return subprocess.run(
            command,
            input=SCRIPT.format(batches=batches),
            capture_output=True,
            text=True,
            check=False,
        )

    def test_killed_and_resumed(self):
        rows = ["Nom;NEQ;Type;Réseaux", "Interrompue 0;1190000000;network;"]
        rows += [
            f"Interrompue {i};11{90000000 + i};mutual;Interrompue 0"
            for i in range(1, ROWS)
        ]
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            import_ = env["consortium.organization.import"].create(
                {
                    "name": "a.csv",
                    "file": base64.b64encode("\n".join(rows).encode()),
                    "fallback_date_start": "2018-07-01",
                }
            )
            self.import_id = import_.id
            import_.action_check()
            import_.state = "running"
        # The network alone, its networks, then 500 rows, and 500 not committed.
        killed = self.process(batches=4)
        self.assertEqual(killed.returncode, -signal.SIGKILL, killed.stderr)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.assertEqual(len(self.organizations(env)), 501)
            import_ = env["consortium.organization.import"].browse(self.import_id)
            self.assertEqual(import_.state, "running")
            self.assertEqual(import_.done_count, 501)
        resumed = self.process()
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            found = self.organizations(env)
            self.assertEqual(len(found), ROWS)
            self.assertEqual(len(set(found.mapped("company_registry"))), ROWS)
            network = found.filtered(lambda p: p.name == "Interrompue 0")
            self.assertEqual(network.member_count, ROWS - 1)
            import_ = env["consortium.organization.import"].browse(self.import_id)
            self.assertEqual((import_.state, import_.done_count), ("done", ROWS))
