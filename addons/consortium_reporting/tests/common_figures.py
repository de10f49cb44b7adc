from freezegun import freeze_time
from odoo.addons.base.tests.common import BaseCommon
from odoo.exceptions import UserError
from odoo.tests import new_test_user

ACCOUNTS = {
    "receivable": ("110000", "asset_receivable"),
    "bank": ("111000", "asset_cash"),
    "payable": ("210000", "liability_payable"),
    "debt": ("220000", "liability_non_current"),
    "common": ("312100", "equity"),
    "surplus": ("322000", "equity_unaffected"),
    "reserve": ("360000", "equity"),
    "services": ("411230", "income"),
    "grants": ("413100", "income"),
    "interest": ("422100", "income"),
    "salaries": ("512110", "expense"),
    "amortization": ("512201", "expense_depreciation"),
    "other": ("512210", "expense"),
}
YEAR = ("2018-07-01", "2019-06-30")
LAST_YEAR = ("2017-07-01", "2018-06-30")
NEXT_YEAR = ("2019-07-01", "2020-06-30")


class FiguresCase(BaseCommon):
    """A cooperative whose year ends on June 30, its chart, and short ways to post."""

    frozen_at = "2019-11-15 15:00:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.frozen_at:
            freezer = freeze_time(cls.frozen_at)
            freezer.start()
            cls.addClassCleanup(freezer.stop)
        dollar = cls.env.ref("base.CAD")
        dollar.active = True
        cls.company = cls.env["res.company"].create(
            {
                "name": "Coopérative d'essai",
                "legal_form": "solidarity",
                "nonprofit_clause": True,
                "currency_id": dollar.id,
                "fiscalyear_last_day": 30,
                "fiscalyear_last_month": "6",
            }
        )
        cls.env.user.write(
            {"company_ids": [(4, cls.company.id)], "company_id": cls.company.id}
        )
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": cls.company.ids,
                "lang": "en_US",
            }
        )
        cls.company = cls.company.with_env(cls.env)
        cls.accounts = {
            name: cls.env["account.account"].create(
                {
                    "name": name,
                    "code": code,
                    "account_type": kind,
                    "company_ids": [(6, 0, cls.company.ids)],
                }
            )
            for name, (code, kind) in ACCOUNTS.items()
        }
        cls.accounts["reserve"].equity_section = "reserve"
        cls.accounts["common"].equity_section = "common"
        for name in ("grants", "interest"):
            cls.accounts[name].operations_scope = "excluded"
        cls.journals = {
            kind: cls.env["account.journal"].create(
                {
                    "name": kind,
                    "code": kind[:5].upper(),
                    "type": kind,
                    "company_id": cls.company.id,
                    "default_account_id": cls.accounts["services"].id
                    if kind == "sale"
                    else False,
                }
            )
            for kind in ("sale", "general")
        }
        cls.indicators = cls.env["consortium.indicator"]
        cls.operations = cls.env["consortium.member.operations"]
        cls.allocations = cls.env["consortium.surplus.allocation"]

    @classmethod
    def employee(cls, group):
        """A user of the cooperative with one group of ours."""
        return new_test_user(
            cls.env,
            f"figures_{group}",
            groups=f"consortium_base.group_{group}",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            tz="America/Toronto",
        )

    @classmethod
    def organization(cls, name, operations_class=False, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "operations_class": operations_class,
                "property_account_receivable_id": cls.accounts["receivable"].id,
                "property_account_payable_id": cls.accounts["payable"].id,
                **values,
            }
        )

    @classmethod
    def entry(cls, date, debit, credit, amount, post=True):
        """An entry of two lines."""
        accounts = (cls.accounts[debit], cls.accounts[credit])
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": cls.journals["general"].id,
                "date": date,
                "line_ids": [
                    (0, 0, {"name": "/", "account_id": account.id, "balance": balance})
                    for account, balance in zip(
                        accounts, (amount, -amount), strict=True
                    )
                ],
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def earn(cls, date, amount, account="services"):
        return cls.entry(date, "bank", account, amount)

    @classmethod
    def spend(cls, date, amount, account="salaries"):
        return cls.entry(date, account, "bank", amount)

    @classmethod
    def invoice(cls, partner, date, amount, account="services", post=True, **line):
        """An invoice of one line; a credit note for a negative amount."""
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice" if amount >= 0 else "out_refund",
                "partner_id": partner.id,
                "invoice_date": date,
                "date": date,
                "journal_id": cls.journals["sale"].id,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Service",
                            "account_id": cls.accounts[account].id,
                            "price_unit": abs(amount),
                            "tax_ids": [(5, 0, 0)],
                            **line,
                        },
                    )
                ],
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def resolution(cls, **values):
        """An adopted resolution on the reserve, of the general meeting."""
        resolution = cls.env["consortium.resolution"].create(
            {
                "subject": "Affectation des excédents",
                "kind": "reserve",
                "body": "general_meeting",
                "date": "2019-10-24",
                "unanimous": True,
                "company_id": cls.company.id,
                **values,
            }
        )
        resolution.action_decide()
        return resolution

    @staticmethod
    def by_default(model, values):
        """The model, as somebody sees it whose defaults are these: of the context, and
        kept as its own."""
        for name, value in values.items():
            model.env["ir.default"].set(model._name, name, value, user_id=True)
        return model.with_context(
            **{f"default_{name}": value for name, value in values.items()}
        )

    @classmethod
    def budget(cls, year, **amounts):
        """A budget by line of the table of results."""
        template = cls.company._financial_template()
        return cls.env["mis.budget"].create(
            {
                "name": year[0],
                "report_id": template.id,
                "company_id": cls.company.id,
                "date_from": year[0],
                "date_to": year[1],
                "item_ids": [
                    (
                        0,
                        0,
                        {
                            "kpi_expression_id": template.kpi_ids.filtered(
                                lambda kpi, name=name: kpi.name == name
                            ).expression_ids.id,
                            "date_from": year[0],
                            "date_to": year[1],
                            "amount": amount,
                        },
                    )
                    for name, amount in amounts.items()
                ],
            }
        )

    def bars_that_open(self, codes, year=YEAR):
        """Whatever is opened adds up to the figure, or to the part that was clicked.

        :return: ``{(code, dimension)}`` of what can be opened
        """
        opened = set()
        for code, figure in self.indicators._values(codes, *year).items():
            divisions = {None: {None: figure["value"]}, **figure["by"]}
            for dimension, parts in divisions.items():
                if not self.indicators._can_open(code, dimension):
                    with self.assertRaises(UserError):
                        self.indicators.open_records(code, *year, dimension, "x")
                    continue
                opened.add((code, dimension))
                for key, value in parts.items():
                    action = self.indicators.open_records(code, *year, dimension, key)
                    records = self.env[action["res_model"]].search(action["domain"])
                    self.assertEqual(
                        self.added_up(code, records), value, (code, dimension, key)
                    )
        return opened

    def added_up(self, code, records):
        if records._name == "account.move.line":
            balance = round(sum(records.mapped("balance")) * 100)
            return balance if code == "expenses" else -balance
        if records._name == "account.analytic.line":
            return sum(records.mapped("minutes"))
        return len(records)

    @classmethod
    def year_of_the_oracle(cls):
        """The published year 2018-2019 of the table, in a few entries."""
        cls.earn("2017-12-31", 3_222_029)
        cls.spend("2017-12-31", 3_180_589)
        cls.earn("2018-12-31", 3_500_000)
        cls.earn("2019-06-30", 69_964, "grants")
        cls.spend("2018-12-31", 3_400_000)
        cls.spend("2019-06-30", 94_916, "amortization")
        cls.budget(YEAR, services=3_183_149, salaries=3_151_713)
        cls.budget(NEXT_YEAR, services=4_146_109, salaries=4_100_351)
