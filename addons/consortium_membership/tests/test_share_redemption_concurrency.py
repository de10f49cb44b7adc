import threading
import time
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2 import OperationalError

from .common_shares import ANSWERS
from .test_membership_concurrency import Connection
from .test_share_concurrency import INSERT, TABLES


@tagged("post_install", "-at_install")
class TestShareRedemptionConcurrency(BaseCase):
    """Two officers, two real connections: a request is redeemed once."""

    def setUp(self):
        super().setUp()
        # Odoo's own runner holds the lock of registries: threads are given this one.
        self.registry = Registry(get_db_name())
        self.leave_the_books()
        self.addCleanup(self.clean)
        with self.connection() as env:
            self.partner = env["res.partner"].create({"name": "Deux à la fois"}).id
            share_class = env["consortium.share.class"].create(
                {"code": "2R", "name": "Deux rachats", "holder": "anyone"}
            )
            resolution = env["consortium.resolution"].create(
                {
                    "subject": "Rachat",
                    "kind": "redemption",
                    "date": "2018-01-10",
                    "unanimous": True,
                    "number": "T-RACHAT",
                }
            )
            resolution.action_decide()
            self.share_class, self.resolution = share_class.id, resolution.id
            issue = env["consortium.share.operation"].create(
                {
                    "kind": "issue",
                    "partner_id": self.partner,
                    "share_class_id": self.share_class,
                    "quantity": 10,
                    "date": "2018-01-15",
                }
            )
            values = (issue.id, env.company.id, self.partner, self.share_class, 10)
            env.flush_all()
            env.cr.execute(INSERT, (*values, "2018-01-15", "issue", None))
        with self.connection() as env:
            request = env["consortium.share.redemption"].create(
                {
                    "partner_id": self.partner,
                    "share_class_id": self.share_class,
                    "quantity": 10,
                }
            )
            request._sign_tests("resolution", ANSWERS, "2018-07-01")
            self.request = request.id

    def connection(self):
        return Connection(self.registry)

    def leave_the_books(self):
        """The ledger alone is at stake: no accounts are needed, nor posted to."""
        operations = self.registry["consortium.share.operation"]
        for model, name, result in (
            (self.registry["consortium.share.class"], "_require_ready", None),
            (operations, "_post_entry", "account.move"),
            (operations, "_credit_owing", "account.move"),
        ):

            def nothing(records, *args, result=result, **kwargs):
                return result and records.env[result]

            patcher = patch.object(model, name, nothing)
            patcher.start()
            self.addCleanup(patcher.stop)

    def clean(self):
        """What was committed goes, past the triggers that keep it."""
        with db_connect(get_db_name()).cursor() as cr:
            for table in TABLES:
                cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cr.execute(
                    f"DELETE FROM {table} WHERE partner_id = %s", (self.partner,)
                )
                cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cr.execute(
                "UPDATE consortium_share_redemption SET operation_id = NULL "
                "WHERE partner_id = %s",
                (self.partner,),
            )
            for table, column, value in (
                ("consortium_share_operation", "partner_id", self.partner),
                ("consortium_share_redemption_test", "redemption_id", self.request),
                ("consortium_share_redemption", "id", self.request),
                ("consortium_share_class", "id", self.share_class),
                ("consortium_resolution", "id", self.resolution),
                ("res_partner", "id", self.partner),
            ):
                cr.execute(f"DELETE FROM {table} WHERE {column} = %s", (value,))

    def redeem(self, pause=0):
        """Redeem, as a request does: five tries, then what the officer reads."""
        for _attempt in range(5):
            try:
                with self.connection() as env:
                    env["consortium.share.redemption"].browse(self.request)._redeem(
                        env["consortium.resolution"].browse(self.resolution),
                        "2018-07-01",
                    )
                    env.flush_all()
                    time.sleep(pause)
                return "redeemed"
            except OperationalError:
                time.sleep(0.1)
            except UserError as error:
                return str(error)
        return "given up"

    @mute_logger("odoo.sql_db")
    def test_the_second_officer_reads_why(self):
        outcomes = {}
        threads = [
            threading.Thread(
                target=lambda name=name, pause=pause: outcomes.update(
                    {name: self.redeem(pause)}
                )
            )
            for name, pause in (("first", 0.8), ("second", 0))
        ]
        threads[0].start()
        time.sleep(0.3)
        threads[1].start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(outcomes["first"], "redeemed")
        self.assertRegex(outcomes["second"], "already been decided|déjà", outcomes)
        with self.connection() as env:
            entries = env["consortium.share.entry"].search(
                [("partner_id", "=", self.partner), ("kind", "=", "redemption")]
            )
            self.assertEqual(entries.mapped("quantity"), [-10])
