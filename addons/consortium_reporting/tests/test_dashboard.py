from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from .common_figures import LAST_YEAR, NEXT_YEAR, YEAR, FiguresCase


@tagged("post_install", "-at_install")
class TestDashboard(FiguresCase):
    def dashboard(self, date=None):
        return self.indicators.dashboard(date)

    def card(self, code, date=None):
        return next(c for c in self.dashboard(date)["cards"] if c["code"] == code)

    def test_the_year_so_far(self):
        """Of what runs, the same days a year before, and their part of the budget."""
        self.earn("2019-08-01", 150)
        self.earn("2018-08-01", 100)
        self.earn("2018-12-01", 999)
        self.budget(("2019-07-01", "2020-06-30"), services=366)
        data = self.dashboard()
        self.assertEqual(data["until"], "2019-11-15")
        card = self.card("income")
        self.assertEqual(
            (card["value"], card["previous"], card["change"], card["budget"]),
            ("$150.00", "$100.00", "+50.0%", "$138.00"),
        )
        months = card["charts"][0]
        self.assertEqual(months["dimension"], "month")
        self.assertEqual(months["keys"][0][:2], ["2019-07", "2019-08"])
        self.assertEqual(months["keys"][1][:2], ["2018-07", "2018-08"])
        self.assertEqual(months["periods"][1], ["2018-07-01", "2018-11-15"])
        self.assertEqual(months["openable"], [True, True])
        self.assertEqual(months["series"], [[0, 150, 0, 0, 0], [0, 100, 0, 0, 0]])

    def test_a_past_year_is_whole(self):
        data = self.dashboard("2019-01-01")
        self.assertEqual((data["year"], data["until"]), (list(YEAR), YEAR[1]))
        self.assertEqual(data["before"], LAST_YEAR[1])
        self.assertEqual(data["after"], "2019-07-01")
        self.assertFalse(self.dashboard()["after"])

    def test_it_opens_on_the_last_year_with_results(self):
        self.assertEqual(self.dashboard()["year"], list(NEXT_YEAR))
        self.earn("2018-08-01", 10)
        # Neither what moves no result, nor a draft, nor what is dated ahead.
        self.entry("2019-07-15", "bank", "receivable", 10)
        self.entry("2019-07-16", "bank", "services", 10, post=False)
        self.earn("2019-12-01", 10)
        data = self.dashboard()
        self.assertEqual((data["year"], data["until"]), (list(YEAR), YEAR[1]))
        for screen in ("consortium.financial.screen", "consortium.indicator.screen"):
            self.assertEqual(str(self.env[screen].create({}).date), "2018-08-01")
        # Today's year is one click away.
        self.assertEqual(data["today"], "2019-11-15")
        now = self.dashboard(data["today"])
        self.assertEqual((now["year"], now["today"]), (list(NEXT_YEAR), False))
        # As soon as something of it is posted, it opens.
        self.earn("2019-07-02", 1)
        self.assertEqual(self.dashboard()["year"], list(NEXT_YEAR))

    def test_it_opens_down_to_the_records(self):
        first = self.earn("2018-08-01", 10)
        self.earn("2018-09-01", 20, "grants")
        self.spend("2018-08-02", 5)
        lines = self.env["account.move.line"]

        def found(*arguments):
            action = self.indicators.open_records(*arguments)
            return lines.search(action["domain"])

        income = found("income", *YEAR)
        self.assertEqual(sum(income.mapped("balance")), -30)
        self.assertEqual(sum(found("surplus", *YEAR).mapped("balance")), -25)
        august = found("income", *YEAR, "month", "2018-08")
        self.assertEqual(august.move_id, first)
        grants = found("income", *YEAR, "account", "413100 grants")
        self.assertEqual(sum(grants.mapped("balance")), -20)
        self.assertFalse(found("reserve", *YEAR))
        for arguments in (("directors", None), ("income", "region")):
            code, dimension = arguments
            with self.assertRaisesRegex(UserError, "no records"):
                self.indicators.open_records(code, *YEAR, dimension, "x")

    def test_what_a_bar_opens_adds_up_to_it(self):
        network = self.organization(
            "Réseau",
            organization_kind_id=self.env.ref(
                "consortium_base.organization_kind_network"
            ).id,
        )
        region = self.env.ref("consortium_base.region_06")
        first = self.organization("Alizé", "user", region_id=region.id)
        second = self.organization("Boréale", "user")
        self.env["consortium.affiliation"].create(
            {
                "organization_id": second.id,
                "network_id": network.id,
                "date_start": "2018-01-01",
                "is_primary": True,
            }
        )
        self.entry("2018-06-30", "bank", "reserve", 500)
        self.entry("2018-06-30", "bank", "common", 60)
        self.entry("2018-06-30", "bank", "debt", 40)
        self.earn("2017-08-01", 7)
        self.spend("2018-08-02", 30)
        self.invoice(first, "2018-08-01", 100)
        self.invoice(first, "2018-09-01", -20)
        self.invoice(second, "2019-06-30", 9)
        codes = ("income", "expenses", "surplus", "equity", "debts", "reserve")
        opened = self.bars_that_open([*codes, "invoiced", "organizations_invoiced"])
        traits = ("region", "kind", "network")
        for expected in (
            ("income", "account"),
            ("surplus", "month"),
            ("equity", "section"),
            *(("invoiced", trait) for trait in traits),
            *(("organizations_invoiced", trait) for trait in traits),
        ):
            self.assertIn(expected, opened)

    def test_operations_open_the_lines_that_count(self):
        member = self.organization("Alizé", "user")
        line = self.invoice(member, "2018-08-01", 10).invoice_line_ids
        self.invoice(member, "2018-08-01", 5, "grants")
        action = self.indicators.open_records("user_business_share", *YEAR)
        found = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(found, line)

    def test_who_may_look(self):
        for group in ("accountant", "manager", "auditor"):
            self.indicators.with_user(self.employee(group)).dashboard()
        expert = self.indicators.with_user(self.employee("expert"))
        with self.assertRaises(AccessError):
            expert.dashboard()
        with self.assertRaises(AccessError):
            expert.open_records("income", *YEAR)

    def test_an_expert_reads_no_figure(self):
        self.earn("2018-08-01", 10)
        expert = self.indicators.with_user(self.employee("expert"))
        found = expert._values(["income", "equity", "user_business_share"], *YEAR)
        for figure in found.values():
            self.assertIsNone(figure["value"])
            self.assertIn("may not read", figure["error"])

    def test_figures_of_some_years(self):
        self.earn("2018-08-01", 10)
        self.earn("2017-08-01", 5)
        with Form(self.env["consortium.indicator.screen"]) as form:
            form.date = YEAR[1]
            form.years = 2
            form.section = "finances"
            screen = form.save()
        action = screen.action_show()
        results = self.env[action["res_model"]].search(action["domain"])
        income = results.filtered(
            lambda r: r.indicator_id.code == "income" and not r.dimension
        )
        self.assertEqual(
            income.sorted("year").mapped(lambda r: (r.year, r.value)),
            [("2017-2018", 5), ("2018-2019", 10)],
        )
        part = results.filtered(lambda r: r.key == "2018-08" and r.value == 10)[:1]
        opened = part.action_open_records()
        lines = self.env["account.move.line"].search(opened["domain"])
        self.assertEqual(sum(lines.mapped("balance")), -10)
        self.assertEqual(income[0].text, "$10.00")

    def test_too_many_years(self):
        screen = self.env["consortium.indicator.screen"].create({"years": 11})
        with self.assertRaisesRegex(UserError, "10 years"):
            screen.action_show()

    def test_evolution_of_one_indicator(self):
        indicator = self.indicators.search([("code", "=", "income")])
        action = indicator.action_evolution()
        self.assertEqual(action["views"][0], (False, "graph"))
        results = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(results.indicator_id, indicator)


@tagged("post_install", "-at_install")
class TestDashboardScreen(FiguresCase, HttpCase):
    frozen_at = None  # Sessions go by the real clock.

    def call(self, method, *arguments):
        response = self.make_jsonrpc_request(
            f"/web/dataset/call_kw/consortium.indicator/{method}",
            {
                "model": "consortium.indicator",
                "method": method,
                "args": list(arguments),
                "kwargs": {},
            },
        )
        return response

    def test_what_the_browser_asks(self):
        year = [str(d) for d in self.company._fiscal_year(self.company._today())]
        self.earn(year[0], 150)
        manager = self.employee("manager")
        self.authenticate(manager.login, manager.login)
        data = self.call("dashboard", None)
        self.assertEqual(data["year"], year)
        codes = [card["code"] for card in data["cards"]]
        self.assertEqual(len(set(codes)), len(codes))
        action = self.call("open_records", "income", *year, None, None)
        self.assertEqual(action["res_model"], "account.move.line")
