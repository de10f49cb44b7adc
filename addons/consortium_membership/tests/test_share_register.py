import io
from datetime import datetime, timedelta
from unittest.mock import patch

import openpyxl
from lxml import html
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common_shares import ShareCommon


@tagged("post_install", "-at_install")
class TestShareRegister(ShareCommon, HttpCase):
    def figures(self, day, **values):
        return self.register._register_on(day, self.company, **values)

    def rows(self, day):
        keys = [key for key, _label in self.figures(day)["columns"]]
        return [dict(zip(keys, row, strict=True)) for row in self.figures(day)["rows"]]

    def test_what_the_law_asks_for_each_share(self):
        operation = self.paid_issue()
        self.transfer(3, "2018-06-01")
        request = self.redeem(4, "2018-07-01")
        self.repay(request, day="2018-08-01")
        (row,) = [r for r in self.rows("2018-12-31") if r["holder"] == self.alize.name]
        self.assertEqual(row["lot_date"], operation.date)
        self.assertEqual(row["quantity"], 3)
        self.assertEqual((row["paid"], row["owing"]), (30, 0))
        self.assertEqual(row["dates_redeemed"], "2018-07-01")
        self.assertEqual(row["dates_repaid"], "2018-08-01")
        self.assertEqual(row["dates_transferred"], "2018-06-01")

    def test_a_received_lot_keeps_its_subscription(self):
        self.paid_issue(day="2018-01-15")
        self.transfer(3, "2018-06-01")
        (row,) = [
            r for r in self.rows("2018-12-31") if r["holder"] == self.boreale.name
        ]
        self.assertEqual(
            (row["lot_date"], row["date_acquired"], row["quantity"]),
            (self.day("2018-01-15"), self.day("2018-06-01"), 3),
        )

    def test_departed_holders_stay(self):
        self.paid_issue()
        self.redeem(10)
        (row,) = self.rows("2018-12-31")
        self.assertEqual((row["quantity"], row["dates_redeemed"]), (0, "2018-07-01"))

    def test_unchanged_by_later_operations(self):
        self.paid_issue()
        before = self.figures("2018-05-31")["rows"]
        self.transfer(3, "2018-06-01")
        self.redeem(4, "2018-07-01")
        self.issue(day="2018-08-01")
        self.assertEqual(self.figures("2018-05-31")["rows"], before)

    def test_what_was_undone_has_no_date(self):
        """The dates of the law are those of what holds on the day asked for."""
        self.paid_issue()
        self.reverse(self.transfer(3, "2018-06-01"), "2018-06-20")
        request = self.redeem(4, "2018-07-01")
        payment = self.repay(request, day="2018-08-01")
        payment.action_draft()
        payment.action_cancel()
        self.reverse(request.operation_id)

        def dates(day):
            names = ("dates_transferred", "dates_redeemed", "dates_repaid")
            (row,) = [r for r in self.rows(day) if r["holder"] == self.alize.name]
            return tuple(row[name] for name in names)

        self.assertEqual(dates("2018-06-10"), ("2018-06-01", None, None))
        self.assertEqual(dates("2018-06-20"), (None, None, None))
        self.assertEqual(dates("2018-08-10"), (None, "2018-07-01", "2018-08-01"))
        self.assertEqual(dates(self.company._today()), (None, None, None))

    def test_what_is_paid_and_owing_on_each_day(self):
        """Shares are transferred once paid, on no day before they were."""
        operation = self.issue(day="2018-01-15")
        self.pay(operation, day="2018-03-10")
        with self.assertRaisesRegex(UserError, "A payment of 2018-03-10"):
            with self.env.cr.savepoint():
                self.transfer(10, "2018-02-01")
        with self.assertRaisesRegex(UserError, "A payment of 2018-03-10"):
            with self.env.cr.savepoint():
                self.redeem(4, "2018-03-09")
        self.env.invalidate_all()
        self.transfer(10, "2018-03-10")
        for day, quantity, paid, owing in (
            ("2018-01-15", 10, 0, 100),
            ("2018-03-09", 10, 0, 100),
            ("2018-03-10", 0, 0, 0),
        ):
            row = self.row(day=day)
            self.assertEqual(
                (row.quantity, row.paid, row.owing), (quantity, paid, owing), day
            )
        received = self.row(self.boreale, "2018-03-10")
        self.assertEqual((received.paid, received.owing), (100, 0))

    def test_an_issue_is_undone_after_its_payments_were(self):
        operation = self.issue(day="2018-01-15")
        payment = self.pay(operation, day="2018-03-10")
        payment.action_draft()
        payment.action_cancel()
        with self.assertRaisesRegex(UserError, "A payment of"):
            with self.env.cr.savepoint():
                self.reverse(operation, "2018-03-11")
        self.env.invalidate_all()
        reversal = self.reverse(operation)
        self.assertEqual(reversal.date, self.company._today())

    def test_as_known_then(self):
        self.paid_issue()
        self.assertTrue(self.figures("2018-12-31")["rows"])
        self.assertFalse(
            self.figures("2018-12-31", known_at="2001-01-01 00:00:00")["rows"]
        )

    def test_as_known_before_and_after_a_reversal(self):
        """A reversal changes what is known from its recording on, not before."""
        key, moment = (self.alize.id, self.common.id), datetime(2019, 1, 1, 12)

        def recorded(days):
            known = moment + timedelta(days)
            return patch.object(self.env.cr, "now", return_value=known)

        with recorded(0):
            self.paid_issue()
            given = self.transfer(4, "2018-06-01")
        with recorded(10):
            self.reverse(given, "2018-07-01")
        for days, held, transferred in (
            (-1, 0, None),
            (5, 6, "2018-06-01"),
            (11, 10, None),
        ):
            known_at = moment + timedelta(days)
            holdings = self.entries._holdings("2018-12-31", known_at)
            self.assertEqual(holdings.get(key, 0), held, days)
            rows = self.figures("2018-12-31", known_at=known_at)["rows"]
            own = [row for row in rows if row[0] == self.alize.name]
            found = [(row[4], row[6], row[7], row[10]) for row in own]
            expected = [(held, held * 10, 0, transferred)] if held else []
            self.assertEqual(found, expected, days)
        # On a day before the reversal, the transfer stands as it was made.
        holdings = self.entries._holdings("2018-06-30", moment + timedelta(11))
        self.assertEqual(holdings[key], 6)

    def test_totals_by_class(self):
        self.paid_issue()
        self.issue(self.boreale, 2)
        self.assertEqual(self.figures("2018-12-31")["totals"], {"PS": (12, 100, 20)})

    def test_one_class(self):
        self.paid_issue()
        self.issue(share_class=self.preferred)
        figures = self.figures("2018-12-31", share_class=self.preferred)
        self.assertEqual(figures["totals"].keys(), {"PP"})

    def test_the_screen_says_the_same(self):
        self.paid_issue()
        self.issue(self.boreale, 2)
        self.env.flush_all()
        for day in ("2018-01-14", "2018-01-15", "2018-12-31"):
            self.env.invalidate_all()
            screen = self.register.with_context(consortium_date=day).search([])
            self.assertEqual(
                sorted((r.partner_id.name, r.quantity, r.owing) for r in screen),
                sorted(
                    (r["holder"], r["quantity"], r["owing"]) for r in self.rows(day)
                ),
            )

    def test_the_screen_filters_and_groups(self):
        self.paid_issue()
        self.issue(self.boreale, 2)
        self.env.flush_all()
        model = self.register.with_context(consortium_date="2018-12-31")
        self.assertEqual(model.search([("owing", ">", 0)]).partner_id, self.boreale)
        groups = model._read_group([], ["share_class_id"], ["quantity:sum"])
        self.assertEqual(groups, [(self.common, 12)])
        row = model.search([("partner_id", "=", self.alize.id)])
        action = row.action_open_entries()
        self.assertEqual(
            self.entries.search(action["domain"]).operation_id.partner_id, self.alize
        )

    def test_one_query_whatever_the_rows(self):
        self.paid_issue()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.figures("2018-12-31")
        for quantity in (1, 2, 3):
            self.issue(self.boreale, quantity)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.figures("2018-12-31")

    def screen(self, **values):
        return self.env["consortium.share.register.print"].create(
            {"date": "2018-12-31", "company_id": self.company.id, **values}
        )

    def test_the_pdf(self):
        self.paid_issue()
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        html = reports._render_qweb_html(
            "consortium_membership.action_report_share_register", self.screen().ids
        )[0].decode()
        self.assertIn("Coopérative Alizé", html)
        self.assertIn("2018-01-15", html)
        self.assertIn("art. 124", html)
        pdf = reports._render_qweb_pdf(
            "consortium_membership.action_report_share_register", self.screen().ids
        )[0]
        self.assertTrue(pdf.startswith(b"%PDF"))

    def test_the_spreadsheet(self):
        self.alize.name = "=1+1"
        self.paid_issue()
        officer = self.member_user("membership_officer")
        screen = self.screen().with_user(officer).copy()
        self.authenticate(officer.login, officer.login)
        answer = self.url_open(screen.action_spreadsheet()["url"])
        self.assertEqual(answer.status_code, 200)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        self.assertEqual(sheet.cell(5, 1).value, "=1+1")
        self.assertEqual(sheet.cell(5, 1).data_type, "s")
        self.assertEqual((sheet.cell(5, 5).value, sheet.cell(5, 7).value), (10, 100))

    def test_the_spreadsheet_of_somebody_else_is_not_found(self):
        url = self.screen().action_spreadsheet()["url"]
        for group in ("membership_officer", "expert"):
            user = self.member_user(group)
            self.authenticate(user.login, user.login)
            self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(
            self.url_open("/consortium/shares.xlsx?register=x").status_code, 404
        )

    # Contacts

    def test_the_contact_shows_its_shares(self):
        self.issue(day="2018-01-15")
        self.assertEqual(self.alize.share_count, 10)
        early = self.alize.with_context(consortium_date="2018-01-14")
        self.assertEqual(early.share_count, 0)
        self.assertEqual(
            self.register.search(self.alize.action_view_shares()["domain"]).quantity, 10
        )

    def test_a_holder_is_not_deleted(self):
        self.issue()
        with self.assertRaisesRegex(UserError, "stands in the share register"):
            self.alize.unlink()
        self.boreale.unlink()

    def test_a_holder_is_not_merged_into_another(self):
        self.issue()
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        with self.assertRaisesRegex(UserError, "keep this contact"):
            wizard._merge((self.alize | self.boreale).ids, self.boreale)
        self.assertTrue(self.alize.exists())
        wizard._merge((self.alize | self.boreale).ids, self.alize)
        self.assertEqual(self.held(), 10)

    # Uninstall

    def test_the_addon_stays_while_the_ledger_has_rows(self):
        self.issue()
        modules = self.env["ir.module.module"].sudo()
        for name in ("consortium_membership", "consortium_base"):
            module = modules.search([("name", "=", name)])
            with self.assertRaisesRegex(UserError, "has to be kept"):
                module._check_no_ledger()
            with self.assertRaisesRegex(UserError, "has to be kept"):
                module.button_uninstall()
        self.env["ir.config_parameter"].sudo().set_param(
            "consortium_membership.uninstall_with_ledger", "True"
        )
        modules.search([("name", "=", "consortium_base")])._check_no_ledger()

    def test_the_document_has_every_cell_of_every_row(self):
        """An empty date leaves its column empty: it doesn't take that of the next."""
        self.paid_issue()
        self.transfer(10)
        screen = self.env["consortium.share.register.print"].create(
            {"date": "2018-12-31"}
        )
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "consortium_membership.report_share_register", screen.ids
        )
        rows = html.fromstring(page).xpath("//table//tbody[1]/tr")
        cells = [[" ".join(td.text_content().split()) for td in row] for row in rows]
        self.assertEqual({len(row) for row in cells}, {12})
        given = next(row for row in cells if row[0] == self.alize.name)
        self.assertEqual(given[8:11], ["", "", "2018-06-01"])
