from odoo import api, fields, models
from odoo.addons.consortium_base.models.consortium_representation import changed
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

ACCOUNTS = ("equity_account_id", "unpaid_account_id", "redeemable_account_id")
# What the price and the books of shares already issued rest on.
FROZEN = ("company_id", "kind", "par_value", *ACCOUNTS)


class ConsortiumShareClass(models.Model):
    """A class of shares: its price, who may hold it, where it stands in the books."""

    _name = "consortium.share.class"
    _description = "Class of Shares"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Stable: imports and reports know the class by it."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("common", "Common Shares"),
            ("preferred", "Preferred Shares"),
            ("participating", "Participating Preferred Shares"),
        ],
        required=True,
        default="common",
        tracking=True,
    )
    par_value = fields.Monetary(
        compute="_compute_par_value",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="The price of one share. That of common shares is set by law.",
    )
    is_qualifying = fields.Boolean(
        string="Qualifying",
        tracking=True,
        help="Members subscribe some of them when they are admitted.",
    )
    is_transferable = fields.Boolean(
        string="Transferable",
        default=True,
        tracking=True,
        help="The board may approve their transfer to another holder.",
    )
    holder = fields.Selection(
        [("member", "Members, Auxiliary Ones Included"), ("anyone", "Anyone")],
        string="Who May Hold Them",
        required=True,
        default="member",
        tracking=True,
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        string="Resolution That Fixes Its Features",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        groups="base.group_user",
    )
    terms = fields.Html(
        translate=True, help="Rights, restrictions, repayment: holders read them."
    )
    equity_account_id = fields.Many2one(
        "account.account",
        string="Paid Shares",
        check_company=True,
        ondelete="restrict",
        groups="base.group_user",
        domain="[('account_type', '=', 'equity')]",
        help="Equity: what was paid on the shares that exist.",
    )
    unpaid_account_id = fields.Many2one(
        "account.account",
        string="Subscribed, Not Paid",
        check_company=True,
        ondelete="restrict",
        groups="base.group_user",
        domain="[('account_type', '=', 'liability_current')]",
        help="Outside equity: what is subscribed and not paid yet.",
    )
    redeemable_account_id = fields.Many2one(
        "account.account",
        string="To Be Repaid",
        check_company=True,
        ondelete="restrict",
        groups="base.group_user",
        domain="[('account_type', '=', 'liability_payable')]",
        help="Redeemed by resolution, not repaid yet.",
    )
    is_ready = fields.Boolean(compute="_compute_is_ready", compute_sudo=True)
    issued_quantity = fields.Integer(
        compute="_compute_issued_quantity", string="Shares Outstanding"
    )

    _code = models.UniqueIndex(
        "(company_id, code)", "Another class of shares has this code."
    )
    _par_value = models.Constraint(
        "CHECK (par_value > 0)", "The price of a share is more than zero."
    )

    @api.depends("kind")
    def _compute_par_value(self):
        for share_class in self:
            if share_class.kind == "common":
                share_class.par_value = share_class._legal_par_value()
            else:
                share_class.par_value = share_class.par_value or 10.0

    @api.depends(*ACCOUNTS)
    def _compute_is_ready(self):
        for share_class in self:
            share_class.is_ready = all(share_class[name] for name in ACCOUNTS)

    @api.depends_context("consortium_date", "tz")
    def _compute_issued_quantity(self):
        date = self.env["res.partner"]._consortium_date()
        counts = dict(
            self.env["consortium.share.entry"]._read_group(
                [("share_class_id", "in", self.ids), ("date", "<=", date)],
                ["share_class_id"],
                ["quantity:sum"],
            )
        )
        for share_class in self:
            share_class.issued_quantity = counts.get(share_class, 0)

    @api.model
    def _legal_par_value(self, date=None):
        """The price of a common share that the law sets, on a date or today."""
        date = date or self.env.company._today()
        return float(
            self.env["consortium.legal.parameter"]._value(
                "common_share_par_value", date
            )
        )

    @api.constrains("kind", "par_value")
    def _check_par_value(self):
        for share_class in self.filtered(lambda c: c.kind == "common"):
            legal = share_class._legal_par_value()
            if share_class.currency_id.compare_amounts(share_class.par_value, legal):
                raise ValidationError(
                    self.env._(
                        "The law sets the price of a common share: %(price).2f. "
                        "Change the legal parameter when the law changes.",
                        price=legal,
                    )
                )

    @api.constrains("kind", "company_id")
    def _check_kind(self):
        for share_class in self:
            if (
                share_class.kind == "participating"
                and share_class.company_id.nonprofit_clause
            ):
                raise ValidationError(
                    self.env._(
                        "The articles have the non-profit clause: no participating "
                        "preferred shares."
                    )
                )

    def write(self, vals):
        """Shares already issued keep their price and their accounts.

        :raise UserError: ``vals`` changes them
        """
        for share_class in changed(self, vals, FROZEN):
            filled = all(not share_class[name] for name in FROZEN if name in vals)
            if share_class._is_used() and not filled:
                raise UserError(
                    self.env._(
                        "Shares of the class « %(name)s » were issued: its kind, price "
                        "and accounts stay. Archive it and make another class.",
                        name=share_class.name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for share_class in self:
            if share_class._is_used():
                raise UserError(
                    self.env._(
                        "Shares of the class « %(name)s » were issued: archive it "
                        "instead.",
                        name=share_class.name,
                    )
                )

    def _is_used(self):
        self.ensure_one()
        # Whoever holds them, whatever the user may read; only counted.
        entries = self.env["consortium.share.entry"].sudo()
        return bool(entries.search_count([("share_class_id", "=", self.id)], limit=1))

    def _require_ready(self):
        """The class has its accounts and its company the journals of shares.

        :raise UserError: one is missing
        """
        self.ensure_one()
        # The accounts of the class, whoever applies the board's decision.
        share_class = self.sudo()
        company = share_class.company_id
        if not (
            share_class.is_ready
            and company.share_journal_id
            and company.share_entry_journal_id
        ):
            raise UserError(
                self.env._(
                    "The class « %(name)s » has no accounts or journals yet: an "
                    "accountant sets them up on the class.",
                    name=self.name,
                )
            )

    def action_set_up_accounting(self):
        """Make the journals and accounts that are missing, with their French names."""
        # Whoever makes them, in whatever language: as the registers and letters.
        lang = self.env["res.lang"]._get_data(code="fr_CA").code or self.env.lang
        for share_class in self.with_context(lang=lang):
            share_class.check_access("write")
            share_class.company_id._set_up_shares()
            share_class._set_up_accounts()

    def _set_up_accounts(self):
        self.ensure_one()
        company = self.company_id
        preferred = self.kind != "common"
        names = {
            "equity_account_id": (
                ("3120", self.env._("Preferred shares, paid"))
                if preferred
                else ("3110", self.env._("Common shares, paid"))
            ),
            "unpaid_account_id": ("2510", self.env._("Shares subscribed, not paid")),
            "redeemable_account_id": ("2520", self.env._("Shares to be repaid")),
        }
        types = {
            "equity_account_id": "equity",
            "unpaid_account_id": "liability_current",
            "redeemable_account_id": "liability_payable",
        }
        for field_name, (code, name) in names.items():
            if not self[field_name]:
                self[field_name] = company._share_account(code, name, types[field_name])

    def _books(self):
        """What the ledger says each account of shares should hold, and what it holds.

        One query over the ledger and one over the books, in cents.

        :return: ``[(account, share class, expected, actual), …]``
        """
        self.env.flush_all()
        expected = self._expected_balances()
        accounts = self.env["account.account"].browse({key for key, _c in expected})
        if not accounts:
            return []
        actual = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT account_id, round(100 * -sum(balance))::bigint
                      FROM account_move_line
                     WHERE parent_state = 'posted' AND account_id IN %s
                       AND company_id IN %s
                     GROUP BY account_id
                    """,
                    tuple(accounts.ids),
                    tuple(self.company_id.ids),
                )
            )
        )
        totals, classes = {}, {}
        for (account_id, class_id), amount in expected.items():
            totals[account_id] = totals.get(account_id, 0) + amount
            classes.setdefault(account_id, self.browse(class_id))
        return [
            (
                account,
                classes[account.id],
                totals[account.id],
                actual.get(account.id, 0),
            )
            for account in accounts
        ]

    def _expected_balances(self):
        """``{(account id, class id): cents}`` by the ledger of shares alone."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT share_class_id, sum(paid), sum(unpaid), sum(redeemable) FROM (
                    SELECT e.share_class_id,
                           e.paid_change AS paid,
                           CASE WHEN o.is_invoiced IS NOT TRUE THEN 0
                                WHEN e.id = l.id
                                THEN e.quantity * e.unit_price - e.paid_change
                                ELSE -e.cancelled END AS unpaid,
                           e.redeemable
                      FROM consortium_share_entry e
                      JOIN consortium_share_entry l
                        ON l.id = COALESCE(e.origin_entry_id, e.id)
                      JOIN consortium_share_operation o ON o.id = l.operation_id
                     WHERE e.share_class_id IN %(classes)s
                    UNION ALL
                    SELECT p.share_class_id,
                           CASE p.kind WHEN 'paid' THEN p.amount ELSE 0 END,
                           CASE p.kind WHEN 'paid' THEN -p.amount ELSE 0 END,
                           CASE p.kind WHEN 'repaid' THEN -p.amount ELSE 0 END
                      FROM consortium_share_payment p
                     WHERE p.share_class_id IN %(classes)s) AS figures
                 GROUP BY share_class_id
                """,
                classes=tuple(self.ids) or (0,),
            )
        )
        found = {}
        for class_id, *amounts in rows:
            share_class = self.browse(class_id)
            for name, amount in zip(ACCOUNTS, amounts, strict=True):
                account = share_class[name]
                if account:
                    key = (account.id, class_id)
                    found[key] = found.get(key, 0) + round(100 * amount)
        return found

    @api.model
    def _cron_check_books(self):
        """Compare the ledger of shares with the books; tell the accountant of any cent.

        One activity a class at a time: it stays until somebody closes it.
        """
        classes = self.with_context(active_test=False).search(
            [("equity_account_id", "!=", False)]
        )
        for company in classes.company_id:
            own = classes.filtered(lambda c, company=company: c.company_id == company)
            for account, share_class, expected, actual in own._books():
                if expected != actual:
                    share_class._tell_accountant(account, expected, actual)

    def _tell_accountant(self, account, expected, actual):
        self.ensure_one()
        summary = self.env._("Shares and books differ: account %s", account.code)
        if summary in self.activity_ids.mapped("summary"):
            return
        group = self.env.ref("consortium_base.group_accountant")
        users = group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=self.env._(
                "Account %(account)s: %(expected).2f by the ledger of shares, "
                "%(actual).2f in the books.",
                account=account.display_name,
                expected=expected / 100,
                actual=actual / 100,
            ),
            user_id=(users[:1] or self.env.ref("base.user_admin")).id,
        )
