import json

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, ExclusionViolation

from ..tools.canonical import digest
from .common_figures import NEXT_YEAR, YEAR, FiguresCase


@tagged("post_install", "-at_install")
class TestSurplusAllocation(FiguresCase):
    def surplus(self, amount=75_048):
        self.earn("2018-12-31", 100_000)
        self.spend("2018-12-31", 100_000 - amount)

    def allocation(self, **values):
        return self.allocations.create(
            {
                "company_id": self.company.id,
                "date_from": YEAR[0],
                "date_to": YEAR[1],
                **values,
            }
        )

    def test_all_of_it_with_the_nonprofit_clause(self):
        self.surplus()
        allocation = self.allocation()
        self.assertEqual(allocation.rule, "nonprofit")
        self.assertEqual(allocation.to_reserve, 75_048)
        self.assertEqual(allocation.to_members, 0)

    def test_twice_ten_percent_while_equity_is_low(self):
        self.company.nonprofit_clause = False
        self.surplus(10_000.05)
        self.entry("2018-12-31", "bank", "debt", 1_000_000)
        allocation = self.allocation()
        self.assertEqual(allocation.rule, "required")
        self.assertEqual(allocation.minimum, 1_000.01)
        self.assertEqual(allocation.in_shares, 1_000.01)
        self.assertEqual(allocation.to_members, 0)
        allocation.to_reserve = allocation.minimum
        self.assertEqual(allocation.to_members, 9_000.04)

    def test_free_when_equity_is_high(self):
        self.company.nonprofit_clause = False
        self.surplus()
        allocation = self.allocation()
        self.assertEqual((allocation.rule, allocation.minimum), ("free", 0))

    def test_accounts_and_year_by_default(self):
        allocation = self.allocations.create({})
        self.assertEqual(str(allocation.date_to), "2019-06-30")
        self.assertEqual(allocation.surplus_account_id, self.accounts["surplus"])
        self.assertEqual(allocation.reserve_account_id, self.accounts["reserve"])

    def test_posting_needs_the_general_meeting(self):
        self.surplus()
        allocation = self.allocation()
        board = self.resolution(body="board")
        draft = self.env["consortium.resolution"].create(
            {
                "subject": "Projet",
                "kind": "reserve",
                "body": "general_meeting",
                "date": "2019-10-24",
            }
        )
        other = self.resolution(kind="rates")
        for resolution, date, words in (
            (False, False, "resolution"),
            (False, "2019-10-24", "cite one resolution"),
            (board, "2019-10-24", "general meeting alone"),
            (draft, "2019-10-24", "not been adopted"),
            (other, "2019-10-24", "kind"),
            (self.resolution(), "2019-10-23", "later"),
        ):
            allocation.write({"resolution_id": resolution and resolution.id})
            allocation.date = date
            with self.assertRaisesRegex(UserError, words):
                allocation.action_post()
        self.assertFalse(allocation.move_id)

    def test_posting(self):
        self.surplus()
        allocation = self.allocation(resolution_id=self.resolution().id)
        allocation.action_post()
        move = allocation.move_id
        self.assertEqual(move.state, "posted")
        self.assertEqual(str(move.date), "2019-10-24")
        balances = {line.account_id: line.balance for line in move.line_ids}
        self.assertEqual(
            balances,
            {self.accounts["surplus"]: 75_048, self.accounts["reserve"]: -75_048},
        )
        self.assertEqual(allocation.state, "posted")
        self.assertEqual(allocation.content_hash, digest(allocation.content))
        sheet = self.company._balance_sheet("2019-10-24")["sections"]
        self.assertEqual((sheet["reserve"], sheet["surplus"]), (75_048_00, 0))

    def test_a_deficit_reduces_the_reserve(self):
        self.entry("2018-01-01", "bank", "reserve", 100)
        self.spend("2018-12-31", 30)
        allocation = self.allocation(resolution_id=self.resolution().id)
        self.assertEqual((allocation.rule, allocation.to_reserve), ("deficit", -30))
        allocation.action_post()
        self.assertEqual(
            self.company._balance_sheet("2019-12-31")["sections"]["reserve"], 70_00
        )

    def test_amounts_are_checked(self):
        self.surplus()
        allocation = self.allocation(resolution_id=self.resolution().id)
        allocation.to_reserve = 75_047.99
        with self.assertRaisesRegex(UserError, "go to the reserve"):
            allocation.action_post()
        allocation.to_reserve = 75_048.01
        with self.assertRaisesRegex(UserError, "go to the reserve"):
            allocation.action_post()

    def test_books_that_changed_are_read_again(self):
        self.surplus()
        allocation = self.allocation(resolution_id=self.resolution().id)
        self.spend("2019-01-01", 1)
        with self.assertRaisesRegex(UserError, "books of the year have changed"):
            allocation.action_post()
        allocation.action_compute()
        allocation.action_post()
        self.assertEqual(allocation.to_reserve, 75_047)

    def test_nothing_to_allocate(self):
        allocation = self.allocation(resolution_id=self.resolution().id)
        with self.assertRaisesRegex(UserError, "neither surplus nor deficit"):
            allocation.action_post()

    def test_posted_once(self):
        self.surplus()
        allocation = self.allocation(resolution_id=self.resolution().id)
        allocation.action_post()
        for change in (
            allocation.action_post,
            allocation.action_compute,
            allocation.unlink,
            lambda: allocation.write({"to_reserve": 1}),
        ):
            with self.assertRaisesRegex(UserError, "reverse it"):
                change()
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE consortium_surplus_allocation SET to_reserve = 1 WHERE id = %s",
                (allocation.id,),
            )

    def test_only_buttons_post_and_reverse(self):
        self.surplus()
        allocation = self.allocation(resolution_id=self.resolution().id)
        for name, value in (
            ("state", "posted"),
            ("state", "replaced"),
            ("content_hash", "0"),
            ("rule", "free"),
        ):
            with self.assertRaisesRegex(UserError, "buttons|reverse it"):
                allocation.write({name: value})
        with self.assertRaisesRegex(UserError, "buttons"):
            self.allocation(state="posted")
        allocation.unlink()
        forged = {
            "state": "posted",
            "content": "{}",
            "content_hash": "0",
            "rule": "free",
        }
        by_default = self.by_default(self.allocations, forged).create(
            {"date_from": YEAR[0], "date_to": YEAR[1]}
        )
        self.assertEqual((by_default.state, by_default.rule), ("draft", "nonprofit"))
        self.assertFalse(by_default.content or by_default.content_hash)
        by_default.unlink()
        allocation = self.allocation(resolution_id=self.resolution().id)
        allocation.action_post()
        for state in ("draft", "replaced"):
            with self.assertRaisesRegex(UserError, "buttons"):
                allocation.write({"state": state})
        self.assertEqual(allocation.state, "posted")

    def test_the_report_prints_the_rule_in_words(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        self.surplus()
        report = self.env["consortium.annual.report"].create(
            {
                "company_id": self.company.id,
                "date_from": YEAR[0],
                "date_to": YEAR[1],
            }
        )
        for lang, words in (
            ("en_US", "Non-Profit Clause: to the Reserve"),
            ("fr_CA", "Clause sans but lucratif : à la réserve"),
        ):
            block = report.with_context(lang=lang)._section_surplus()[0]
            self.assertEqual(block["notes"][0], words)

    def test_the_addon_stays_while_it_keeps_an_allocation(self):
        addon = self.env.ref("base.module_consortium_reporting")
        self.surplus()
        allocation = self.allocation(resolution_id=self.resolution().id)
        addon._check_no_ledger()
        allocation.action_post()
        with self.assertRaisesRegex(UserError, "Allocation of the Surplus"):
            addon._check_no_ledger()

    def reserve(self):
        return self.company._balance_sheet("2019-11-15")["sections"]["reserve"]

    def reverse_by_core(self, move):
        """What the button of the entry does, whatever a caller adds to the context."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids, move_reverse_cancel=True
        )
        wizard.create({"journal_id": move.journal_id.id}).refund_moves()

    def test_its_entry_stays_posted(self):
        self.surplus()
        allocation = self.allocation(resolution_id=self.resolution().id)
        allocation.action_post()
        move = allocation.move_id
        for undo in (
            move.button_draft,
            move.button_cancel,
            move.action_reverse,
            lambda: self.reverse_by_core(move),
        ):
            with self.assertRaisesRegex(UserError, "reverse the allocation"):
                undo()
        self.assertEqual((move.state, self.reserve()), ("posted", 75_048_00))
        self.assertFalse(move.reversal_move_ids)

    def test_what_was_reversed_is_neither_undone_nor_doubled(self):
        self.surplus()
        allocation = self.posted_and_reversed()
        for move in (allocation.move_id, allocation.reversal_move_id):
            for undo in (
                move.button_draft,
                move.button_cancel,
                move.action_reverse,
                lambda move=move: self.reverse_by_core(move),
            ):
                with self.assertRaisesRegex(UserError, "new allocation"):
                    undo()
            self.assertEqual(move.state, "posted")
        self.assertEqual(self.reserve(), 0)

    def posted_and_reversed(self):
        allocation = self.allocation(resolution_id=self.resolution().id)
        allocation.action_post()
        allocation.reversal_resolution_id = self.resolution(date="2019-11-14")
        allocation.action_reverse()
        return allocation

    def test_the_meeting_alone_reverses(self):
        self.surplus()
        allocation = self.allocation(resolution_id=self.resolution().id)
        with self.assertRaisesRegex(UserError, "posted is reversed"):
            allocation.reversal_resolution_id = self.resolution()
        allocation.action_post()
        for resolution, words in (
            (self.env["consortium.resolution"], "cite one resolution"),
            (allocation.resolution_id, "own resolution"),
            (self.resolution(body="board"), "general meeting alone"),
            (self.resolution(kind="rates"), "kind"),
            (self.resolution(date="2019-11-16"), "later"),
        ):
            allocation.reversal_resolution_id = resolution
            with self.assertRaisesRegex(UserError, words):
                allocation.action_reverse()
        self.assertEqual((allocation.state, self.reserve()), ("posted", 75_048_00))

    def test_the_resolution_of_a_reversal_stays(self):
        self.surplus()
        allocation = self.posted_and_reversed()
        other = self.resolution()
        with self.assertRaisesRegex(UserError, "posted is reversed"):
            allocation.reversal_resolution_id = other
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE consortium_surplus_allocation SET reversal_resolution_id = %s "
                "WHERE id = %s",
                (other.id, allocation.id),
            )

    def test_two_allocations_of_a_year(self):
        self.allocation()
        with mute_logger("odoo.sql_db"), self.assertRaises(ExclusionViolation):
            self.allocation()

    def test_reversal_frees_the_year(self):
        self.surplus()
        allocation = self.allocation(resolution_id=self.resolution().id)
        with self.assertRaisesRegex(UserError, "posted is reversed"):
            allocation.action_reverse()
        allocation.unlink()
        allocation = self.posted_and_reversed()
        self.assertEqual(allocation.state, "replaced")
        self.assertEqual(allocation.reversal_move_id.state, "posted")
        sheet = self.company._balance_sheet("2019-11-15")["sections"]
        self.assertEqual((sheet["reserve"], sheet["surplus"]), (0, 75_048_00))
        self.allocation().unlink()

    def test_the_structure_of_a_year(self):
        self.surplus()
        found = self.allocations._for_year(*YEAR)
        self.assertEqual(found["state"], "computed")
        self.assertEqual((found["surplus"], found["to_reserve"]), (75_048_00,) * 2)
        self.assertTrue(found["references"])
        allocation = self.allocation(resolution_id=self.resolution().id)
        self.assertEqual(self.allocations._for_year(*YEAR)["state"], "draft")
        allocation.action_post()
        posted = self.allocations._for_year(*YEAR)
        self.assertEqual(posted["state"], "posted")
        self.assertEqual(posted["hash"], allocation.content_hash)
        self.assertEqual(posted["date"], "2019-10-24")
        self.assertEqual(posted["resolution"], allocation.resolution_id.number)
        self.assertNotIn("hash", json.loads(allocation.content))

    def test_the_statement_of_the_reserve(self):
        self.entry("2018-01-01", "bank", "reserve", 50_000)
        self.surplus()
        allocation = self.allocation(resolution_id=self.resolution().id)
        allocation.action_post()
        self.assertEqual(
            self.company._reserve_statement(*YEAR),
            {"opening": 50_000_00, "rows": [], "closing": 50_000_00},
        )
        following = self.company._reserve_statement(*NEXT_YEAR)
        self.assertEqual(following["opening"], 50_000_00)
        self.assertEqual(following["closing"], 125_048_00)
        self.assertEqual(
            [(row["amount"], row["date"]) for row in following["rows"]],
            [(75_048_00, "2019-10-24")],
        )
        self.assertIn(allocation.resolution_id.number, following["rows"][0]["name"])
