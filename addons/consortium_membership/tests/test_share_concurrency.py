import threading
import time
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

INSERT = """
    INSERT INTO consortium_share_entry
        (operation_id, company_id, partner_id, share_class_id, quantity, unit_price,
         date, recorded_at, kind, origin_entry_id)
    VALUES (%s, %s, %s, %s, %s, 10, %s, now(), %s, %s) RETURNING id
"""
TABLES = ("consortium_share_entry", "consortium_share_turn")


@tagged("post_install", "-at_install")
class TestShareConcurrency(BaseCase):
    """Two real connections: the same shares are not redeemed twice."""

    def setUp(self):
        super().setUp()
        with self.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.company = env.ref("base.main_company").id
            self.partner = env["res.partner"].create({"name": "Deux à la fois"}).id
            self.other = env["res.partner"].create({"name": "Un autre"}).id
            share_class = env["consortium.share.class"].create(
                {"code": "2X", "name": "Deux fois", "holder": "anyone"}
            )
            self.share_class = share_class.id
            self.operation = (
                env["consortium.share.operation"]
                .create(
                    {
                        "kind": "issue",
                        "partner_id": self.partner,
                        "share_class_id": share_class.id,
                        "quantity": 10,
                        "date": "2018-01-15",
                    }
                )
                .id
            )
        with self.cursor() as cr:
            self.lot = self.insert(cr, 10, "issue", "2018-01-15", None)
        self.addCleanup(self.clean)

    def cursor(self):
        return Registry(get_db_name()).cursor()

    def clean(self):
        """What was committed goes, past the triggers that keep it."""
        with db_connect(get_db_name()).cursor() as cr:
            for table in TABLES:
                cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cr.execute(
                    f"DELETE FROM {table} WHERE partner_id IN %s",
                    ((self.partner, self.other),),
                )
                cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cr.execute(
                "DELETE FROM consortium_share_operation WHERE id = %s",
                (self.operation,),
            )
            cr.execute(
                "DELETE FROM consortium_share_class WHERE id = %s", (self.share_class,)
            )
            cr.execute(
                "DELETE FROM res_partner WHERE id IN %s",
                ((self.partner, self.other),),
            )

    def insert(self, cr, quantity, kind, day, origin, partner=None):
        cr.execute(
            INSERT,
            (
                self.operation,
                self.company,
                partner or self.partner,
                self.share_class,
                quantity,
                day,
                kind,
                origin,
            ),
        )
        return cr.fetchone()[0]

    def take(self, cr, quantity, day="2018-07-01"):
        return self.insert(cr, quantity, "redemption", day, self.lot)

    @mute_logger("odoo.sql_db")
    def second(self, first_commits, quantity=-6, day="2018-07-01", partner=None):
        """What happens to a second person while the first has not committed."""
        outcome = []
        ready = threading.Event()

        def other():
            with db_connect(get_db_name()).cursor() as cr:
                cr.execute("SELECT 1")  # its snapshot is older than the commit
                ready.set()
                try:
                    if partner:
                        self.insert(cr, 1, "issue", day, None, partner)
                    else:
                        self.take(cr, quantity, day)
                    outcome.append("written")
                    cr.commit()  # pylint: disable=invalid-commit
                except SerializationFailure:
                    outcome.append("again")
                    cr.rollback()
                except IntegrityError as error:
                    outcome.append(error.diag.constraint_name)
                    cr.rollback()

        with db_connect(get_db_name()).cursor() as cr:
            self.take(cr, -6)
            thread = threading.Thread(target=other)
            thread.start()
            ready.wait(10)
            time.sleep(0.4)
            waited = not outcome
            if first_commits:
                cr.commit()  # pylint: disable=invalid-commit
            else:
                cr.rollback()
            thread.join(15)
        return waited, outcome

    def test_the_second_waits_and_is_told_to_try_again(self):
        self.assertEqual(self.second(True), (True, ["again"]))
        with (
            mute_logger("odoo.sql_db"),
            db_connect(get_db_name()).cursor() as cr,
            self.assertRaises(IntegrityError) as caught,
        ):
            self.take(cr, -6)
        self.assertEqual(
            caught.exception.diag.constraint_name, "consortium_share_entry_no_negative"
        )

    def test_the_second_goes_on_when_the_first_gives_up(self):
        self.assertEqual(self.second(False), (True, ["written"]))

    def test_another_holder_does_not_wait(self):
        self.assertEqual(self.second(True, partner=self.other), (False, ["written"]))

    def test_an_officer_who_tries_again_gets_a_sentence(self):
        """Odoo tries the refused transaction again; this is what it then finds."""
        self.second(True)
        with self.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
            resolution = env["consortium.resolution"].create(
                {
                    "subject": "Transfert",
                    "kind": "redemption",
                    "date": "2018-01-10",
                    "unanimous": True,
                    "number": "T-TRANSFERT",
                }
            )
            resolution.action_decide()
            operation = env["consortium.share.operation"].create(
                {
                    "kind": "transfer",
                    "partner_id": self.partner,
                    "counterparty_id": self.other,
                    "share_class_id": self.share_class,
                    "quantity": 6,
                    "date": "2018-07-01",
                    "resolution_id": resolution.id,
                }
            )
            share_classes = type(env["consortium.share.class"])
            with (
                # The ledger alone is at stake: no accounts are needed.
                patch.object(share_classes, "_require_ready", lambda self: None),
                self.assertRaisesRegex(
                    UserError, "has 4 such shares on 2018-07-01, not 6"
                ),
            ):
                operation.action_confirm()
            cr.rollback()
