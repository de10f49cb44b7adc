import base64

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ConsortiumPayImport(models.Model):
    """The pay of a period, by cost center. What each person earns is never kept.

    The file goes through memory only: choosing it writes the totals of centers, which
    are the dry run; posting makes one entry of them.
    """

    _name = "consortium.pay.import"
    _description = "Pay Import"
    _inherit = ["mail.thread"]
    _order = "date_end desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Pay",
        required=True,
        default=lambda self: self.env._("Regular pay"),
        help="Two imports of the same pay may not cover the same days. Name a bonus or "
        "a retroactive pay otherwise.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_start = fields.Date(string="From", required=True)
    date_end = fields.Date(string="To", required=True)
    accounting_date = fields.Date(
        compute="_compute_accounting_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    control_total = fields.Monetary(
        help="The total that the pay provider gives: pay and employer charges."
    )
    file = fields.Binary(
        string="Pay File",
        compute="_compute_file",
        inverse="_inverse_file",
        store=False,
        help="CSV or XLSX: employee, number or e-mail, pay, charges. It is read, and "
        "not kept.",
    )
    file_name = fields.Char(copy=False)
    fingerprint = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    people_count = fields.Integer(string="People Paid", readonly=True, copy=False)
    line_ids = fields.One2many("consortium.pay.import.line", "import_id", readonly=True)
    problems = fields.Text(readonly=True, copy=False)
    total = fields.Monetary(compute="_compute_total")
    state = fields.Selection(
        [
            ("draft", "To Check"),
            ("posted", "Posted"),
            ("reversed", "Reversed"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    move_id = fields.Many2one(
        "account.move",
        string="Entry",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    reversal_id = fields.Many2one(
        "account.move",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )

    _dates = models.Constraint(
        "CHECK (date_end >= date_start)", "A pay period ends after it begins."
    )
    _period_once = models.Constraint(
        "EXCLUDE USING gist (company_id WITH =, name WITH =, "
        "daterange(date_start, date_end, '[]') WITH &&) WHERE (state = 'posted')",
        "This pay is already posted for part of that period: reverse it first.",
    )
    _file_once = models.UniqueIndex(
        "(company_id, fingerprint) WHERE state = 'posted'",
        "This very file is already posted.",
    )

    @api.depends("date_end")
    def _compute_accounting_date(self):
        for pay in self:
            pay.accounting_date = pay.date_end

    @api.depends("line_ids.amount", "line_ids.charges")
    def _compute_total(self):
        for pay in self:
            pay.total = sum(line.amount + line.charges for line in pay.line_ids)

    def _compute_file(self):
        """Nothing to show: the file isn't kept."""
        self.file = False

    def _inverse_file(self):
        for pay in self:
            if pay.file:
                pay._read_file(base64.b64decode(pay.file))

    def write(self, vals):
        """A posted import stays as it is."""
        told = {"date_start", "date_end", "accounting_date", "name"}
        told |= {"company_id", "control_total"}
        if told & set(vals) and self.filtered(lambda pay: pay.state != "draft"):
            raise UserError(
                self.env._("A pay that was posted does not change: reverse it.")
            )
        if ({"state", "move_id", "reversal_id", "fingerprint"} & set(vals)) and (
            not self.env.su
        ):
            raise UserError(self.env._("A pay is posted and reversed by its buttons."))
        result = super().write(vals)
        if {"date_start", "date_end"} & set(vals) and "file" not in vals:
            # The shares may be others on these days: the file must be read again.
            self._clear()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_draft(self):
        if self.filtered(lambda pay: pay.state != "draft"):
            raise UserError(
                self.env._("A pay that was posted is not deleted: reverse it.")
            )

    def _clear(self):
        # Fields that only the import itself writes.
        self.sudo().write(
            {
                "line_ids": [Command.clear()],
                "problems": False,
                "people_count": 0,
                "fingerprint": False,
            }
        )

    def action_post(self):
        """One entry, with the totals of centers, posted.

        :raise UserError: nothing was read, something is wrong, the totals differ, or
            the same pay is already posted
        """
        for pay in self:
            pay._check_ready()
            pay._check_not_posted()
            move = self.env["account.move"].create(pay._prepare_move())
            move.action_post()
            # Only this button writes these fields; the right to post was checked above.
            pay.sudo().write({"state": "posted", "move_id": move.id})
            pay.flush_recordset()

    def _check_ready(self):
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This pay is already posted."))
        if self.problems:
            raise UserError(
                self.env._("Correct first what is wrong:\n%(list)s", list=self.problems)
            )
        if not self.line_ids:
            raise UserError(self.env._("Choose the pay file first."))
        if self.currency_id.compare_amounts(self.control_total, self.total):
            raise UserError(
                self.env._(
                    "The file makes %(total)s and the control total is %(control)s: "
                    "nothing was posted.",
                    total=self.currency_id.format(self.total),
                    control=self.currency_id.format(self.control_total),
                )
            )

    def _check_not_posted(self):
        """The sentence of what the database would refuse, naming the other import."""
        period = Domain("name", "=", self.name) & (
            Domain("date_start", "<=", self.date_end)
            & Domain("date_end", ">=", self.date_start)
        )
        other = self.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "posted")
            & (period | Domain("fingerprint", "=", self.fingerprint)),
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "This pay is already posted: entry %(entry)s, from %(start)s to "
                    "%(end)s.",
                    entry=other.move_id.name,
                    start=other.date_start,
                    end=other.date_end,
                )
            )

    def _prepare_move(self):
        """The entry: pay and charges of each center, against what is to be paid."""
        accounts = self.company_id._pay_accounts()
        lines = []
        for line in self.line_ids:
            account = line.cost_center_id.analytic_account_id
            for amount, name in (
                (line.amount, "pay_account_id"),
                (line.charges, "pay_charges_account_id"),
            ):
                if amount:
                    lines.append(
                        {
                            "name": f"{self.name} – {line.cost_center_id.code}",
                            "account_id": accounts[name].id,
                            "debit": amount,
                            "analytic_distribution": {str(account.id): 100},
                        }
                    )
        lines.append(
            {
                "name": self.name,
                "account_id": accounts["pay_payable_account_id"].id,
                "credit": self.total,
            }
        )
        return {
            "move_type": "entry",
            "journal_id": accounts["pay_journal_id"].id,
            "company_id": self.company_id.id,
            "date": self.accounting_date,
            "ref": self.env._(
                "%(name)s, from %(start)s to %(end)s",
                name=self.name,
                start=self.date_start,
                end=self.date_end,
            ),
            "line_ids": [Command.create(values) for values in lines],
        }

    def action_reverse(self):
        """Reverse the entry, on its own date; the pay may then be imported again.

        :raise UserError: it isn't posted, or part of its entry was reversed by hand
        """
        for pay in self:
            pay.check_access("write")
            if pay.state != "posted":
                raise UserError(self.env._("Only a posted pay is reversed."))
            reversal = pay._reversed_by_hand() or pay.move_id._reverse_moves(
                [{"date": pay.accounting_date, "ref": pay.move_id.ref}], cancel=True
            )
            # Only this button writes these fields.
            pay.sudo().write({"state": "reversed", "reversal_id": reversal.id})

    def _reversed_by_hand(self):
        """The entry by which somebody reversed the whole of that of the pay."""
        move = self.move_id
        done = move.reversal_move_ids.filtered(lambda each: each.state == "posted")
        if done and self.currency_id.compare_amounts(
            sum(done.mapped("amount_total")), move.amount_total
        ):
            raise UserError(
                self.env._(
                    "%(move)s was reversed otherwise by %(others)s: undo that first.",
                    move=move.name,
                    others=", ".join(done.mapped("name")),
                )
            )
        return done[:1]


class AccountMove(models.Model):
    _inherit = "account.move"  # pylint: disable=R8180

    def button_draft(self):
        """The entry of a pay stays in the cost of its centers, or the pay is reversed.

        :raise UserError: naming the pay
        """
        # Whoever resets an entry may not read pays.
        pay = (
            self.env["consortium.pay.import"]
            .sudo()
            .search(
                Domain("move_id", "in", self.ids)
                | Domain("reversal_id", "in", self.ids),
                limit=1,
            )
        )
        if pay:
            raise UserError(
                self.env._(
                    "This entry is that of the pay « %(name)s », from %(start)s to "
                    "%(end)s: reverse that pay instead.",
                    name=pay.name,
                    start=pay.date_start,
                    end=pay.date_end,
                )
            )
        return super().button_draft()


class ConsortiumPayImportLine(models.Model):
    """The total of a center in a pay: never that of a person."""

    _name = "consortium.pay.import.line"
    _description = "Pay of a Cost Center"
    _order = "import_id, cost_center_id, id"
    _check_company_auto = True

    import_id = fields.Many2one(
        "consortium.pay.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", related="import_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_center_id = fields.Many2one(
        "consortium.cost.center", required=True, index=True, ondelete="restrict"
    )
    amount = fields.Monetary(string="Pay")
    charges = fields.Monetary(string="Employer Charges")
    people_count = fields.Integer(string="People")
