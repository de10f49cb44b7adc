"""Who keeps envelopes, what is paid twice, and what the funder reads."""

import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_funding import FundingCommon


@tagged("post_install", "-at_install")
class TestFundingAccess(FundingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.envelope = cls.funding(cls.order, {"LEG": 9_000}, gap_source=cls.source)
        cls.cost_run = cls.year((cls.order, "LEG", 60, 10_000, 0))

    def test_by_role(self):
        claim = self.report(self.envelope, self.cost_run, approve=False)
        for role in ("manager", "auditor"):
            mine = claim.with_user(self.role(role))
            self.assertEqual((mine.cost, mine.line_ids.cost), (100, 100))
            self.assertEqual(mine.funding_id.cap_ids.rate, 90)
            self.assertFalse(mine.double_funding)
            for change in (
                mine.action_compute,
                mine.action_approve,
                lambda mine=mine: mine.funding_id.write({"amount": 1}),
            ):
                with self.assertRaises(AccessError):
                    change()
        for role in ("expert", "coordinator", "membership_officer"):
            for record in (claim, claim.line_ids, self.envelope, self.envelope.cap_ids):
                with self.assertRaises(AccessError):
                    record.with_user(self.role(role)).read(["company_id"])
        claim.with_user(self.role("accountant")).action_approve()
        self.assertEqual(claim.approved_by_id, self.role("accountant"))

    def test_a_coordinator_sees_the_name_on_the_order(self):
        seller = new_test_user(
            self.env,
            "at_cost_seller",
            groups="consortium_base.group_coordinator,"
            "sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        order = self.order.with_user(seller)
        self.assertEqual(
            order.web_read({"funding_id": {"fields": {"display_name": {}}}})[0],
            {
                "id": order.id,
                "funding_id": {
                    "id": self.envelope.id,
                    "display_name": self.envelope.name,
                },
            },
        )
        with self.assertRaises(AccessError):
            order.funding_id.read(["amount"])
        for target, value in ((order, False), (self.other, self.envelope.id)):
            with self.assertRaises(AccessError):
                target.with_user(seller).write({"funding_id": value})
        with self.assertRaises(AccessError):
            order.create({"partner_id": self.funder.id, "funding_id": self.envelope.id})
        order.note = "Elle écrit le reste."

    def test_each_company_its_own(self):
        other = self.env["res.company"].create({"name": "Autre coop"})
        funding = self.funding(self.env["sale.order"], company_id=other.id)
        accountant = self.role("accountant")
        self.assertFalse(funding.with_user(accountant)._filtered_access("read"))

    # Paid twice

    def credit(self, cents, code="LEG", partner=None, **values):
        """A posted subsidy of the funder that lowers the cost of a center."""
        partner = self.funder if partner is None else partner
        move = self.entry(
            self.credit_account, code, -cents, partner_id=partner.id, **values
        )
        return move

    def test_paid_twice(self):
        """Whoever of the funder signed; named, and refused without a reason."""
        person = self.env["res.partner"].create(
            {"name": "Agente", "parent_id": self.funder.id}
        )
        move = self.credit(1_234, partner=person)
        claim = self.report(self.envelope, self.cost_run, approve=False)
        self.assertIn(move.name, claim.double_funding)
        with self.assertRaises(UserError) as caught:
            claim.action_approve()
        for text in (move.name, "12,34", "LEG", "Say why it is not paid twice"):
            self.assertIn(text, str(caught.exception))
        claim.double_funding_reason = "Une autre dépense : l'équipement."
        claim.action_approve()
        self.assertIn(move.name, claim.double_funding)
        self.assertEqual(claim._replay(), claim.hash)

    def test_not_paid_twice(self):
        """Another center, year or payer; no credit; or all of it taken back."""
        self.credit(1_000, code="COM")
        self.credit(1_000, day="2019-07-01")
        self.credit(1_000, partner=self.order.partner_id)
        self.entry(self.expense, "LEG", 1_000, partner_id=self.funder.id)
        self.credit(1_000)._reverse_moves([{"date": "2019-04-30"}])._post()
        claim = self.report(self.envelope, self.cost_run)
        self.assertFalse(claim.double_funding)

    def test_a_center_counted_with_one_that_is_claimed(self):
        self.center["COM"].merge_into_id = self.center["LEG"]
        self.credit(1_000, code="COM")
        claim = self.report(self.envelope, self.cost_run, approve=False)
        self.assertTrue(claim.double_funding)

    # On paper

    def test_paper(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        move = self.credit(294_750)
        funding = self.envelope
        run = self.year((self.order, "LEG", 1_965, 400_000, 8_000))
        claim = self.report(funding, run, approve=False)
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        name = "consortium_timesheet.report_funding_claim"
        self.assertIn("pas encore approuvé", self.words(reports, name, claim))
        claim.double_funding_reason = "Équipement"
        claim.action_approve()
        words = self.words(reports, name, claim)
        for text in (
            "Reddition de comptes",
            "Ministère des Lacs",
            "Soutien aux lacs (CONV-2018-41), 2018-07-01 au 2020-06-30",
            "2018-07-01 au 2019-06-30",
            self.order.name,
            "32:45",
            "4 000,00",
            "90,00",
            "2 947,50",  # eligible: 32 h 45 at 90 $
            "1 052,50",
            "1 132,50",
            f"assumé par : {self.source}",
            move.name,
            "Équipement",
            claim.hash,
        ):
            self.assertIn(text, words)
        content, kind = reports._render_qweb_pdf(name, claim.ids)
        self.assertEqual((kind, content[:4]), ("pdf", b"%PDF"))

    def words(self, reports, name, claim):
        """What the page says, between its tags."""
        html = reports._render_qweb_html(name, claim.ids)[0].decode()
        return " ".join(re.sub("<[^>]+>", " ", html).replace("\xa0", " ").split())
