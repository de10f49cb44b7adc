"""What the tests of shares have in common."""

from datetime import date

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

ANSWERS = {"insolvent": "no", "unstable": "no", "unmet": "no"}


class ShareCommon(AccountTestInvoicingCommon):
    """A class of common shares with its accounts, two holders, a resolution."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.sudo().group_ids |= cls.env.ref("consortium_base.group_manager")
        cls.env.user.sudo().group_ids |= cls.env.ref("consortium_base.group_accountant")
        cls.env.user.sudo().lang = "en_US"
        cls.env = cls.env["base"].with_context(tracking_disable=True, lang=None).env
        cls.company = cls.env.company
        cls.common = cls.share_class("PS", "Parts sociales")
        cls.preferred = cls.share_class(
            "PP", "Parts privilégiées", kind="preferred", par_value=20.0
        )
        cls.alize, cls.boreale = cls.env["res.partner"].create(
            [
                {"name": "Coopérative Alizé", "is_company": True},
                {"name": "Mutuelle Boréale", "is_company": True},
            ]
        )
        cls.board = cls.resolution("2017-01-10")
        cls.bank = cls.company_data["default_journal_bank"]
        cls.operations = cls.env["consortium.share.operation"]
        cls.entries = cls.env["consortium.share.entry"]
        cls.payments = cls.env["consortium.share.payment"]
        cls.certificates = cls.env["consortium.share.certificate"]
        cls.register = cls.env["consortium.share.register"]

    @classmethod
    def share_class(cls, code, name, **values):
        share_class = cls.env["consortium.share.class"].create(
            {"code": code, "name": name, "holder": "anyone", **values}
        )
        share_class.action_set_up_accounting()
        return share_class

    @classmethod
    def resolution(cls, day, kind="redemption", decide=True):
        resolution = cls.env["consortium.resolution"].create(
            {"subject": "Parts", "kind": kind, "date": day, "unanimous": True}
        )
        if decide:
            resolution.action_decide()
        return resolution

    @classmethod
    def member_user(cls, group, login=None):
        """A user with one group of ours; password = login."""
        login = login or f"share_{group}"
        return (
            cls.env["res.users"]
            .sudo()
            .create(
                {
                    "name": login,
                    "login": login,
                    "password": login,
                    "lang": "en_US",
                    "company_id": cls.company.id,
                    "company_ids": [(6, 0, cls.company.ids)],
                    "group_ids": [
                        (4, cls.env.ref(f"consortium_base.group_{group}").id)
                    ],
                }
            )
        )

    @classmethod
    def representative(cls, name, organization, **scopes):
        """The portal user of somebody who represents it; password = login."""
        person = cls.env["res.partner"].create(
            {"name": name, "email": f"{name.lower()}@example.com", "lang": "en_US"}
        )
        cls.env["consortium.representation"].create(
            {
                "person_id": person.id,
                "organization_id": organization.id,
                "date_start": "2018-01-01",
                "scope_billing": True,
                **scopes,
            }
        )
        user = person.sudo().with_context(active_test=False).user_ids
        user.write(
            {
                "password": user.login,
                "company_ids": [(6, 0, cls.company.ids)],
                "company_id": cls.company.id,
            }
        )
        return user

    @classmethod
    def issue(cls, partner=None, quantity=10, day="2018-01-15", share_class=None, **kw):
        return cls.operations._subscribe(
            partner or cls.alize,
            share_class or cls.common,
            quantity,
            day,
            cls.board,
            **kw,
        )

    @classmethod
    def invoice(cls, operation):
        return operation.move_ids.filtered(lambda m: m.move_type == "out_invoice")

    @classmethod
    def pay(cls, operation, amount=None, day="2018-02-01"):
        """A payment of the invoice of an issue; all that is due if no amount."""
        invoice = cls.invoice(operation)
        return (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "payment_date": day,
                    "amount": amount or invoice.amount_residual,
                    "journal_id": cls.bank.id,
                    "group_payment": True,
                }
            )
            ._create_payments()
        )

    @classmethod
    def paid_issue(cls, partner=None, quantity=10, day="2018-01-15", **kw):
        operation = cls.issue(partner, quantity, day, **kw)
        cls.pay(operation, day=day)
        return operation

    @classmethod
    def prepare(cls, kind, quantity, day, partner=None, **values):
        return cls.operations.create(
            {
                "kind": kind,
                "partner_id": (partner or cls.alize).id,
                "share_class_id": cls.common.id,
                "quantity": quantity,
                "date": day,
                "resolution_id": cls.board.id,
                **values,
            }
        )

    @classmethod
    def transfer(cls, quantity, day="2018-06-01", partner=None, to=None, **values):
        operation = cls.prepare(
            "transfer",
            quantity,
            day,
            partner,
            counterparty_id=(to or cls.boreale).id,
            **values,
        )
        operation.action_confirm()
        return operation

    @classmethod
    def request(cls, quantity, partner=None, **values):
        return cls.env["consortium.share.redemption"].create(
            {
                "partner_id": (partner or cls.alize).id,
                "share_class_id": cls.common.id,
                "quantity": quantity,
                "request_date": "2018-03-01",
                **values,
            }
        )

    @classmethod
    def redeem(cls, quantity, day="2018-07-01", partner=None, **values):
        request = cls.request(quantity, partner, **values)
        request._sign_tests("resolution", ANSWERS, day)
        request._redeem(cls.board, day)
        return request

    @classmethod
    def repay(cls, request, amount=None, day="2018-08-01"):
        amount = amount or request.amount_due
        request._sign_tests("payment", ANSWERS, day, amount=amount)
        return request._pay(amount, day, cls.bank)

    @classmethod
    def reverse(cls, operation, day=None):
        action = operation.action_reverse()
        reversal = cls.operations.browse(action["res_id"])
        if day:
            reversal.date = day
        reversal.action_confirm()
        return reversal

    def balance(self, account):
        """What an account holds, as a credit, in cents."""
        self.env.flush_all()
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(-100 * sum(lines.mapped("balance")))

    def held(self, partner=None, day="2030-01-01", share_class=None):
        key = ((partner or self.alize).id, (share_class or self.common).id)
        return self.entries._holdings(day).get(key, 0)

    def row(self, partner=None, day="2018-12-31", share_class=None):
        """The one row of a holder in the register as of a date, as a record."""
        self.env.invalidate_all()
        return self.register.with_context(consortium_date=day).search(
            [
                ("partner_id", "=", (partner or self.alize).id),
                ("share_class_id", "=", (share_class or self.common).id),
            ]
        )

    def assertBooks(self):
        """Ledger and books agree to the cent, account by account."""
        for account, _class, expected, actual in (
            self.common | self.preferred
        )._books():
            self.assertEqual(expected, actual, account.display_name)

    def valid(self, partner=None, share_class=None):
        return self.certificates.search(
            [
                ("partner_id", "=", (partner or self.alize).id),
                ("share_class_id", "=", (share_class or self.common).id),
                ("state", "=", "valid"),
            ]
        )

    @staticmethod
    def day(text):
        return date.fromisoformat(text)
