import re
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .common import AtCostAgreementCommon

PAY = 314_159  # the cents that one person of a center of two would be paid


@tagged("post_install", "-at_install")
class TestCostPortal(AtCostAgreementCommon, HttpCase):
    """What its hours cost a member, on the page of the agreement."""

    browser_size = "390x844"

    def page(self, order, user=None):
        user = user or self.signatory
        self.authenticate(user.login, user.login)
        return self.url_open(f"/my/agreements/{order.id}")

    def card(self, order, user=None):
        """The card of the cost: its HTML, and the cents of each amount on it."""
        found = re.search(
            r'<section class="[^"]*o_agreement_cost.*?</section>',
            self.page(order, user).text,
            re.S,
        )
        if not found:
            return "", []
        # In whatever language: thousands may be spaced, decimals follow a comma.
        plain = re.sub(r"<[^>]+>", "|", found.group(0)).replace("&nbsp;", "")
        amounts = re.findall(r"(?<![\d-])\d[\d\s,.]*[.,]\d\d(?!\d)", plain)
        return found.group(0), [int(re.sub(r"\D", "", text)) for text in amounts]

    def test_nothing_before_the_first_hour(self):
        self.assertEqual(self.card(self.running()), ("", []))

    def test_provisional_cost(self):
        order = self.running(minutes=600)
        for minutes in (15, 50):
            self.approve(self.enter(order, minutes))
        self.enter(order, 25)
        card, amounts = self.card(order)
        # 65 minutes at 122 $/h, rounded once: 132.17.
        self.assertEqual(amounts, [13_217, 13_217])
        self.assertIn("1 h 05", card)
        self.assertIn("0 h 25", card)
        self.assertNotIn("o_cost_position", card)

    def test_the_position_of_the_year(self):
        order = self.running(minutes=600)
        self.approve(self.enter(order, 60))
        self.year_so_far((order, self.legal_center, 61_018, 12_653_712, 12_406_993))
        card, amounts = self.card(order)
        self.assertEqual(
            amounts,
            [12_200, 12_200, 246_719, 12_443, 9_688, 2_755, 12_200, 246_719],
        )
        self.assertIn('data-cents="246719"', card)
        self.assertIn('data-final="0"', card)

    def test_given_back(self):
        order = self.running(minutes=600)
        self.approve(self.enter(order, 60))
        self.year_so_far((order, self.legal_center, 600, 100_000, 122_000))
        page = self.page(order).text
        self.assertIn('data-cents="-22000"', page)

    def test_a_center_of_two_people_is_not_told(self):
        order = self.running(minutes=600)
        self.approve(self.enter(order, 60))
        self.year_so_far(
            (order, self.legal_center, 600, 125_000, 122_000),
            (order, self.money_center, 600, PAY, 108_000),
            centers={
                self.legal_center: (192_000, 39_816_327, 8_816_327),
                self.money_center: (600, PAY, 0),
            },
        )
        page = self.page(order).text
        self.assertIn("o_cost_hidden", page)
        self.assertIn('data-cents="3000"', page)
        self.assertNotIn("Finances T", page)
        _card, amounts = self.card(order)
        self.assertFalse({PAY, PAY // 10, PAY - 108_000, PAY - 105_000} & set(amounts))

    def test_two_people_for_a_fortnight_are_too_few(self):
        order = self.running(minutes=600)
        self.approve(self.enter(order, 60))
        one = self.env["consortium.cost.assignment"].search(
            [("cost_center_id", "=", self.legal_center.id)], limit=1
        )
        one.date_end = self.day(-14)
        self.year_so_far((order, self.legal_center, 600, 125_000, 122_000))
        page = self.page(order).text
        self.assertIn("o_agreement_cost", page)
        self.assertNotIn("o_cost_position", page)

    def test_a_final_run(self):
        order = self.running(minutes=600)
        self.approve(self.enter(order, 60))
        run = self.year_so_far((order, self.legal_center, 600, 125_000, 122_000))
        run._write_run({"is_running": False, "state": "approved", "hash": "x"})
        self.assertIn('data-final="1"', self.page(order).text)

    def test_a_draft_final_run_is_not_told(self):
        order = self.running(minutes=600)
        self.approve(self.enter(order, 60))
        run = self.year_so_far((order, self.legal_center, 600, 125_000, 122_000))
        run._write_run({"is_running": False})
        self.assertNotIn("o_cost_position", self.page(order).text)

    def test_true_up_statement(self):
        order = self.running(minutes=600)
        self.approve(self.enter(order, 60))
        run = self.year_so_far((order, self.legal_center, 60, 12_500, 12_200))
        run._write_run({"is_running": False, "state": "approved", "hash": "x"})
        row = self.env["consortium.true.up"].create(
            {
                "run_id": run.id,
                "company_id": run.company_id.id,
                "order_id": order.id,
                "partner_id": order.partner_id.id,
                "cost_center_id": self.legal_center.id,
                "minutes": 60,
                "billed_minutes": 60,
                "cost_cents": 12_500,
                "billed_cents": 12_200,
                "difference_cents": 300,
            }
        )
        address = f"/my/agreements/{order.id}/true-ups/{run.id}"
        self.assertNotIn(address, self.page(order).text)
        self.assertEqual(self.url_open(address).status_code, 404)
        row.write({"state": "approved", "settlement": "settle"})
        self.assertIn(address, self.page(order).text)
        render = self.env.registry["ir.actions.report"]
        with patch.object(
            render,
            "_render_qweb_pdf",
            lambda _self, name, ids: (f"%PDF {name} {ids}".encode(), "pdf"),
        ):
            answer = self.url_open(address)
            self.assertEqual(answer.headers["Content-Type"], "application/pdf")
            self.assertIn(str(row.ids), answer.text)
            self.authenticate(self.other_signatory.login, self.other_signatory.login)
            self.assertEqual(self.url_open(address).status_code, 404)
        self.assertFalse(
            self.env["consortium.true.up"].with_user(self.signatory).has_access("read")
        )

    def test_another_member_sees_nothing_of_it(self):
        order = self.running(minutes=600)
        other = self.running(self.organization_b, minutes=600)
        self.approve(self.enter(order, 60))
        self.approve(self.enter(other, 120))
        self.year_so_far(
            (order, self.legal_center, 60, 12_500, 12_200),
            (other, self.legal_center, 120, 77_777, 24_400),
        )
        self.assertEqual(self.page(order, self.other_signatory).status_code, 404)
        mine = self.page(order).text
        self.assertIn('data-cents="300"', mine)
        self.assertNotIn(77_777 - 24_400, self.card(order)[1])
        for model in (
            "consortium.rate.run",
            "consortium.rate.run.cell",
            "consortium.rate.run.center",
            "consortium.hourly.rate",
            "consortium.cost.center",
        ):
            self.assertFalse(
                self.env[model].with_user(self.signatory).has_access("read"), model
            )

    def test_queries_do_not_grow(self):
        order = self.running(minutes=6000)
        self.approve(self.enter(order, 10))
        self.year_so_far((order, self.legal_center, 10, 2_100, 2_033))
        self.page(order)
        counts = []
        for _each in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            order._cost_position()
            counts.append(self.cr.sql_log_count - before)
            self.approve(
                self.env["account.analytic.line"].union(
                    *(self.enter(order, 5) for _more in range(10))
                )
            )
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[0], 20)
