from datetime import timedelta

import psycopg2
from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_shares import ShareCommon


@tagged("post_install", "-at_install")
class TestShareLedger(ShareCommon):
    """Rows are added, never changed nor deleted, by anybody."""

    def refused(self, query, *arguments):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation) as caught,
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query, arguments)
        return caught.exception.diag.constraint_name

    def test_sql_update_is_refused(self):
        entry = self.issue().entry_ids
        name = self.refused(
            "UPDATE consortium_share_entry SET quantity = 99 WHERE id = %s", entry.id
        )
        self.assertEqual(name, "consortium_share_entry_append_only")

    def test_sql_update_of_nothing_is_refused(self):
        entry = self.issue().entry_ids
        self.refused(
            "UPDATE consortium_share_entry SET write_date = now() WHERE id = %s",
            entry.id,
        )

    def test_sql_delete_is_refused(self):
        entry = self.issue().entry_ids
        self.refused("DELETE FROM consortium_share_entry WHERE id = %s", entry.id)

    def test_sql_truncate_is_refused(self):
        self.refused("TRUNCATE consortium_share_entry CASCADE")

    def test_sql_on_payments_is_refused(self):
        operation = self.paid_issue()
        entry = operation.entry_ids.id
        self.refused(
            "UPDATE consortium_share_payment SET amount = 1 WHERE entry_id = %s", entry
        )
        self.refused("DELETE FROM consortium_share_payment WHERE entry_id = %s", entry)
        self.refused("TRUNCATE consortium_share_payment")

    def test_the_superuser_is_refused_too(self):
        entry = self.issue().entry_ids.sudo()
        with self.assertRaisesRegex(UserError, "never changed"):
            entry.write({"quantity": 3})
        with self.assertRaisesRegex(UserError, "never changed"):
            entry.unlink()

    def test_nobody_writes_entries_by_hand(self):
        entry = self.issue().entry_ids
        with self.assertRaises(UserError):
            self.entries.create(
                {
                    "operation_id": entry.operation_id.id,
                    "company_id": self.company.id,
                    "partner_id": self.alize.id,
                    "share_class_id": self.common.id,
                    "quantity": 1,
                    "unit_price": 10,
                    "date": "2018-05-01",
                    "kind": "issue",
                }
            )

    def insert(self, **values):
        """An entry written by SQL, like the one of an issue but for ``values``."""
        row = {
            "quantity": 1,
            "date": "2018-05-01",
            "kind": "issue",
            "origin_entry_id": None,
            "counterparty_id": None,
            "reversed_entry_id": None,
            **values,
        }
        self.env.cr.execute(
            "INSERT INTO consortium_share_entry (operation_id, company_id, partner_id, "
            "share_class_id, quantity, unit_price, date, recorded_at, kind, "
            "origin_entry_id, counterparty_id, reversed_entry_id) "
            "VALUES (%s, %s, %s, %s, %s, 10, %s, now(), %s, %s, %s, %s)",
            (
                self.operation.id,
                self.company.id,
                self.alize.id,
                self.common.id,
                row["quantity"],
                row["date"],
                row["kind"],
                row["origin_entry_id"],
                row["counterparty_id"],
                row["reversed_entry_id"],
            ),
        )

    def insert_refused(self, **values):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation) as caught,
            self.env.cr.savepoint(),
        ):
            self.insert(**values)
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return caught.exception.diag.constraint_name

    def test_the_database_knows_holdings(self):
        self.operation = self.issue()
        origin = self.operation.entry_ids.id
        self.assertEqual(
            self.insert_refused(
                quantity=-11, kind="redemption", origin_entry_id=origin
            ),
            "consortium_share_entry_no_negative",
        )
        self.insert(quantity=-10, kind="redemption", origin_entry_id=origin)
        self.assertEqual(
            self.insert_refused(quantity=-1, kind="redemption", origin_entry_id=origin),
            "consortium_share_entry_no_negative",
        )

    def test_the_database_knows_dates(self):
        self.operation = self.issue()
        self.assertEqual(
            self.insert_refused(date="2018-01-14"), "consortium_share_entry_in_order"
        )
        self.insert(date="2018-01-15")

    def test_the_database_knows_that_transfers_balance(self):
        self.operation = self.issue()
        origin = self.operation.entry_ids.id
        self.assertEqual(
            self.insert_refused(
                quantity=-1,
                kind="transfer",
                origin_entry_id=origin,
                counterparty_id=self.boreale.id,
            ),
            "consortium_share_entry_balanced",
        )

    def test_the_database_knows_origins_and_zeros(self):
        self.operation = self.issue()
        self.assertEqual(
            self.insert_refused(quantity=0), "consortium_share_entry_append_only"
        )
        self.assertIn(
            self.insert_refused(quantity=-1, kind="redemption"),
            (
                "consortium_share_entry_needs_origin",
                "consortium_share_entry_no_negative",
            ),
        )

    def test_holdings_on_dates(self):
        self.issue(day="2018-01-15")
        self.issue(day="2018-05-01", quantity=5)
        days = ("2018-01-14", "2018-01-15", "2018-04-30", "2018-05-01", "2019-01-01")
        self.assertEqual([self.held(day=day) for day in days], [0, 10, 10, 15, 15])

    def test_holdings_as_known_then(self):
        self.issue(day="2018-01-15")
        before = fields.Datetime.now() - timedelta(days=1)
        key = (self.alize.id, self.common.id)
        self.assertNotIn(key, self.entries._holdings("2018-12-31", before))
        after = fields.Datetime.now() + timedelta(days=1)
        self.assertEqual(self.entries._holdings("2018-12-31", after)[key], 10)

    def test_holdings_without_zeros(self):
        self.paid_issue()
        self.redeem(10)
        self.assertFalse(self.held())
        self.assertNotIn(
            (self.alize.id, self.common.id), self.entries._holdings("2030-01-01")
        )

    def test_holdings_in_one_query(self):
        self.issue()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.entries._holdings("2018-12-31")

    def test_recorded_at_is_not_given(self):
        entry = self.issue().entry_ids
        copy = self.entries.sudo().create(
            {
                "operation_id": entry.operation_id.id,
                "company_id": self.company.id,
                "partner_id": self.alize.id,
                "share_class_id": self.common.id,
                "quantity": 1,
                "unit_price": 10,
                "date": "2018-05-01",
                "kind": "issue",
                "recorded_at": "2001-01-01 00:00:00",
            }
        )
        self.assertEqual(copy.recorded_at.date(), fields.Date.today())

    def test_a_reversal_once(self):
        operation = self.issue()
        self.reverse(operation)
        with self.assertRaisesRegex(UserError, "can't be reversed"):
            operation.action_reverse()


@tagged("post_install", "-at_install")
class TestShareClass(ShareCommon):
    def test_the_law_sets_the_price_of_common_shares(self):
        self.assertEqual(self.common.par_value, 10.0)
        with self.assertRaisesRegex(ValidationError, "The law sets the price"):
            self.common.par_value = 12.0

    def test_a_class_with_shares_keeps_its_price(self):
        self.issue(share_class=self.preferred)
        with self.assertRaisesRegex(UserError, "kind, price and accounts stay"):
            self.preferred.par_value = 25.0
        with self.assertRaisesRegex(UserError, "kind, price and accounts stay"):
            self.preferred.equity_account_id = self.common.equity_account_id
        with self.assertRaisesRegex(UserError, "archive it instead"):
            self.preferred.unlink()

    def test_a_class_without_shares_changes(self):
        self.preferred.par_value = 25.0
        self.preferred.unlink()

    def test_the_non_profit_clause_forbids_participating_shares(self):
        self.company.sudo().nonprofit_clause = True
        with self.assertRaisesRegex(ValidationError, "non-profit clause"):
            self.share_class("PPP", "Participantes", kind="participating")

    def test_a_code_once(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.share_class("PS", "Encore")

    def test_accounts_are_set_up_once(self):
        accounts = self.common.equity_account_id
        self.common.action_set_up_accounting()
        self.assertEqual(self.common.equity_account_id, accounts)
        other = self.share_class("PQ", "Parts de qualification")
        self.assertEqual(other.unpaid_account_id, self.common.unpaid_account_id)
        self.assertNotEqual(
            self.preferred.equity_account_id, self.common.equity_account_id
        )

    def test_a_class_without_accounts_issues_nothing(self):
        bare = self.env["consortium.share.class"].create({"code": "X", "name": "X"})
        with self.assertRaisesRegex(UserError, "no accounts or journals"):
            self.issue(share_class=bare)

    def test_issued_quantity_on_a_date(self):
        self.issue(day="2018-01-15")
        common = self.common.with_context(consortium_date="2018-01-14")
        self.assertEqual(common.issued_quantity, 0)
        common = self.common.with_context(consortium_date="2018-01-15")
        self.assertEqual(common.issued_quantity, 10)
