"""Envelopes and their accountability reports: what may be done, and what is refused."""

import json

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_funding import FundingCommon


@tagged("post_install", "-at_install")
class TestFunding(FundingCommon):
    def test_two_years(self):
        """The second year has what the first left of the envelope."""
        funding = self.funding(
            self.order + self.other, {"LEG": 10_000}, 1_500, gap_source=self.source
        )
        first = self.report(
            funding,
            self.year(
                (self.order, "LEG", 300, 60_000, 0), (self.other, "FIN", 60, 20_000, 0)
            ),
        )
        self.assertEqual(self.lines(first, "cap_cents"), {"LEG": 10_000, "FIN": 0})
        self.assertEqual((first.eligible_cents, first.funder_cents), (70_000, 70_000))
        second = self.report(
            funding, self.year((self.order, "FIN", 60, 99_999, 0), start="2019-07-01")
        )
        self.assertEqual((second.others_cents, second.funder_cents), (70_000, 80_000))
        self.assertEqual(second.gap_cents, 19_999)
        self.assertEqual(second.previous_id, first)
        self.assertEqual((funding.claimed, funding.claim_count), (1_500, 2))

    def test_a_later_run_gives_the_difference(self):
        funding = self.funding(self.order, amount=1_000, gap_source=self.source)
        run = self.year((self.order, "LEG", 60, 60_000, 0))
        first = self.report(funding, run)
        later = self.year((self.order, "LEG", 60, 70_001, 0))
        with self.assertRaisesRegex(UserError, "A later run of that year"):
            self.report(funding, run)
        second = self.report(funding, later)
        self.assertEqual(
            (second.year_cents, second.earlier_cents, second.funder_cents),
            (70_001, 60_000, 10_001),
        )
        # What turns out to cost less is given back.
        third = self.report(funding, self.year((self.order, "LEG", 60, 50_000, 0)))
        self.assertEqual(third.funder_cents, -20_001)
        self.assertEqual(third.previous_id.previous_id, first)
        self.assertEqual(funding.claimed, 500)

    def test_without_a_cap(self):
        funding = self.funding(self.order, amount=1_000)
        claim = self.report(funding, self.year((self.order, "LEG", 1, 99_999, 0)))
        self.assertEqual((claim.funder_cents, claim.gap_to_fund_cents), (99_999, 0))
        # Nothing is left: nobody bears it.
        self.assertFalse(claim.gap_source)

    def test_centers_counted_together(self):
        """The lowest of their caps holds."""
        funding = self.funding(self.order, {"LEG": 12_000, "FIN": 9_000})
        self.center["LEG"].merge_into_id = self.center["FIN"]
        run = self.year((self.order, "FIN", 60, 20_000, 0))
        claim = self.report(funding, run, approve=False)
        self.assertEqual(self.lines(claim, "cap_cents"), {"FIN": 9_000})

    def test_fixed_prices_are_left_out(self):
        funding = self.funding(self.order, amount=1_000)
        run = self.year(
            (self.order, "LEG", 60, 10_000, 0), (self.order, "LEG", 60, 9_000, 0, True)
        )
        claim = self.report(funding, run)
        self.assertEqual((claim.cost_cents, claim.fixed), (10_000, 90))

    def test_what_is_left_has_a_source(self):
        """The reserve too, where the funder pays all of the cost."""
        funding = self.funding(self.order, amount=1_000, gap_source="  ")
        claim = self.report(
            funding, self.year((self.order, "LEG", 60, 10_000, 200)), approve=False
        )
        with self.assertRaisesRegex(UserError, "2.00 that the funder does not pay"):
            claim.action_approve()
        funding.gap_resolution_id = self.resolution
        claim.funding_gap_source = self.source
        self.assertEqual(funding.gap_source, self.source)
        with self.assertRaisesRegex(UserError, "is of the kind « Rates »"):
            claim.action_approve()
        funding.gap_resolution_id = False
        claim.action_approve()
        funding.gap_source = "Autre"
        self.assertEqual(claim.gap_source, self.source)

    def test_steps_in_order(self):
        funding = self.funding(self.order, amount=1_000)
        run = self.year((self.order, "LEG", 60, 10_000, 0))
        claim = self.env["consortium.funding.claim"].create(
            {"funding_id": funding.id, "run_id": run.id}
        )
        for step in (claim.action_approve, claim._statements):
            with self.assertRaisesRegex(UserError, "Compute the report first"):
                step()
        claim.action_compute()
        funding.amount = 50
        with self.assertRaisesRegex(UserError, "changed since it was computed"):
            claim.action_approve()
        claim.run_id = self.year((self.other, "LEG", 60, 10_000, 0))
        self.assertEqual(claim.state, "draft")
        with self.assertRaisesRegex(UserError, "No agreement of « Soutien aux lacs »"):
            claim.action_compute()
        run._write_run({"true_up_state": False})
        claim.run_id = run
        with self.assertRaisesRegex(UserError, "Approve the true-up of"):
            claim.action_compute()
        with self.assertRaisesRegex(UserError, "by its buttons"):
            claim.write({"state": "approved"})
        with self.assertRaisesRegex(UserError, "by its buttons"):
            claim.with_user(self.role("accountant")).create({"funder_cents": 1})
        with self.assertRaisesRegex(UserError, "does not give its hash again"):
            claim.action_verify()

    def test_approved_again(self):
        """Nothing happens; another report on the same run is refused."""
        funding = self.funding(self.order, amount=1_000)
        run = self.year((self.order, "LEG", 60, 10_000, 0))
        claim = self.report(funding, run)
        kept = claim.read(["hash", "approved_on", "inputs"])
        claim.action_approve()
        self.assertEqual(claim.read(["hash", "approved_on", "inputs"]), kept)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.report(funding, run)

    def test_approved_is_frozen(self):
        claim = self.report(
            self.funding(self.order, amount=1_000),
            self.year((self.order, "LEG", 60, 10_000, 0)),
        )
        for change in (
            lambda: claim.action_compute(),
            lambda: claim.unlink(),
            lambda: claim.write({"double_funding_reason": "x"}),
            lambda: claim.write({"hash": "x"}),
        ):
            with self.assertRaises(UserError):
                change()
        self.env.flush_all()
        for query in (
            "UPDATE consortium_funding_claim SET funder_cents = 0, earlier_cents = "
            "year_cents WHERE id = %s",
            "DELETE FROM consortium_funding_claim WHERE id = %s",
            "UPDATE consortium_funding_claim_line SET minutes = 1 WHERE claim_id = %s",
            "DELETE FROM consortium_funding_claim_line WHERE claim_id = %s",
            "TRUNCATE consortium_funding_claim_line",
            "DELETE FROM consortium_funding WHERE id = %s",
        ):
            target = claim.funding_id if "funding WHERE" in query else claim
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.cr.execute(query, [target.id] if "%s" in query else None)
        self.assertEqual(json.loads(claim.inputs)["reference"], "CONV-2018-41")

    def test_a_figure_altered_by_sql_is_mended(self):
        """What is approved follows from the true-up, not from rows."""
        claim = self.report(
            self.funding(self.order, amount=1_000),
            self.year((self.order, "LEG", 60, 10_000, 0)),
            approve=False,
        )
        self.env.flush_all()
        self.cr.execute(
            "UPDATE consortium_funding_claim_line SET eligible_cents = 0 "
            "WHERE claim_id = %s",
            (claim.id,),
        )
        self.env.invalidate_all()
        claim.action_approve()
        self.assertEqual(claim.line_ids.eligible_cents, 10_000)

    def test_what_a_report_rests_on_stays(self):
        funding = self.funding(self.order, {"LEG": 10_000}, 1_000)
        run = self.year((self.order, "LEG", 60, 10_000, 0))
        self.report(funding, run)
        cap, other = funding.cap_ids, self.funder.copy()
        for change, text in (
            (lambda: funding.write({"amount": 99.99}), "Approved reports claim"),
            (lambda: funding.write({"funder_id": other.id}), "its funder and"),
            (lambda: funding.write({"date_start": "2018-07-02"}), "may only widen"),
            (lambda: funding.write({"date_end": "2020-06-29"}), "may only widen"),
            (lambda: cap.write({"rate": 110}), "that cap stays"),
            (lambda: cap.unlink(), "that cap stays"),
            (
                lambda: cap.write({"cost_center_id": self.center["FIN"].id}),
                "that cap stays",
            ),
            (
                lambda: funding.write({"order_ids": [Command.unlink(self.order.id)]}),
                "it stays in this envelope",
            ),
            (lambda: self.order.write({"funding_id": False}), "it stays in this"),
            (lambda: funding.unlink(), "archive it instead"),
        ):
            # Unlike assertRaisesRegex, it takes back what was written.
            with self.assertRaises(UserError) as caught:
                change()
            self.assertIn(text, str(caught.exception))
        # What no report rests on may change, and the envelope be archived.
        funding.write(
            {
                "amount": 100,
                "date_end": "2021-06-30",
                "active": False,
                "cap_ids": [
                    Command.create({"cost_center_id": self.center["FIN"].id, "rate": 9})
                ],
                "order_ids": [Command.link(self.other.id)],
            }
        )
        self.assertEqual(self.other.funding_id, funding)
        self.assertEqual(funding.cap_ids.mapped("rate_cents"), [900, 10_000])
        self.other.funding_id = False

    def test_before_any_approved_report(self):
        funding = self.funding(self.order, {"LEG": 10_000}, 1_000)
        run = self.year((self.order, "LEG", 60, 10_000, 0))
        claim = self.report(funding, run, approve=False)
        funding.cap_ids.rate = 50
        self.assertEqual(funding.cap_ids.rate_cents, 5_000)
        funding.unlink()
        self.assertFalse(claim.exists())
        self.assertFalse(self.order.funding_id)

    def test_bad_terms(self):
        with mute_logger("odoo.sql_db"):
            for values in (
                {"amount": 0},
                {"date_end": "2018-06-30"},
                {"caps": {"LEG": 0}},
            ):
                with self.assertRaises(IntegrityError), self.cr.savepoint():
                    self.funding(self.order, **values)
        other = self.env["res.company"].create({"name": "Autre coop"})
        with self.assertRaises(UserError):
            self.funding(self.order, company_id=other.id)

    def test_queries_do_not_grow(self):
        """What is billed: as many queries for two envelopes as for one."""
        one = self.funding(self.order)
        both = one + self.funding(self.other)

        def queries(fundings):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            fundings.mapped("billed")
            fundings.mapped("claimed")
            return self.cr.sql_log_count - before

        queries(one)
        self.assertEqual(queries(both), queries(one))

    def test_form(self):
        accountant = self.role("accountant")
        with Form(self.env["consortium.funding"].with_user(accountant)) as form:
            form.name = "Soutien"
            form.funder_id = self.funder
            form.date_start, form.date_end = "2018-07-01", "2019-06-30"
            form.amount = 1_000
            with form.cap_ids.new() as cap:
                cap.cost_center_id = self.center["LEG"]
                cap.rate = 120.5
            form.order_ids.add(self.order)
        funding = form.record
        self.assertEqual(funding.cap_ids.rate_cents, 12_050)
        self.assertEqual(self.order.funding_id, funding)
        self.assertEqual((funding.billed, funding.progress), (0, 0))
        run = self.year((self.order, "LEG", 60, 10_000, 0))
        action = funding.action_open_claims()
        claims = self.env["consortium.funding.claim"].with_user(accountant)
        with Form(claims.with_context(**action["context"])) as form:
            form.run_id = run
        form.record.action_compute()
        self.assertEqual(claims.search(action["domain"]).funder, 100)
        self.assertEqual(form.record.display_name, "Soutien – 2018-2019")
