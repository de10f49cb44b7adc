import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.allocation import propose
from ..tools.canonical import canonical, digest
from .frozen import keep_frozen_years
from .res_company_finances import EXPENSE_TYPES, INCOME_TYPES

SHARES = {
    "reserve": "reserve_min_share",
    "extra": "reserve_extra_min_share",
    "equity_debt": "reserve_equity_debt_share",
    "nonprofit": "nonprofit_reserve_share",
}
FROZEN_FIELDS = {
    "company_id",
    "content",
    "content_hash",
    "date",
    "date_from",
    "date_to",
    "move_id",
    "resolution_id",
    "surplus",
    "to_reserve",
}
BY_BUTTON = frozenset(
    {
        "state", "surplus", "equity", "debts", "nonprofit", "rule", "minimum",
        "in_shares", "move_id", "reversal_move_id", "content", "content_hash",
    }
)  # fmt: skip


class ConsortiumSurplusAllocation(models.Model):
    """What the general meeting does with the surplus of a year (Act, s. 143 to 148)."""

    _name = "consortium.surplus.allocation"
    _description = "Allocation of the Surplus"
    _inherit = ["consortium.by.button", "mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True
    _by_button = BY_BUTTON

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_year()[0]
    )
    date_to = fields.Date(
        string="To", required=True, default=lambda self: self._default_year()[1]
    )
    state = fields.Selection(
        [("draft", "Proposal"), ("posted", "Allocated"), ("replaced", "Reversed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    surplus = fields.Monetary(
        readonly=True, help="Of the year, as posted; negative: a deficit."
    )
    equity = fields.Monetary(
        readonly=True, help="At year end, the surplus of the year included."
    )
    debts = fields.Monetary(readonly=True, help="At year end.")
    nonprofit = fields.Boolean(string="Non-Profit Clause", readonly=True)
    rule = fields.Selection(
        [
            ("nothing", "Nothing to Allocate"),
            ("deficit", "Deficit: Charged to the Reserve"),
            ("nonprofit", "Non-Profit Clause: to the Reserve"),
            ("required", "Equity Is Low: a Part Goes to the Reserve"),
            ("free", "Equity Is High Enough: the Meeting Is Free"),
        ],
        readonly=True,
    )
    minimum = fields.Monetary(string="To the Reserve at the Least", readonly=True)
    in_shares = fields.Monetary(
        string="To the Reserve or in Shares",
        readonly=True,
        help="Besides, to the reserve or to rebates in shares, at the least.",
    )
    to_reserve = fields.Monetary(string="To the Reserve", tracking=True)
    to_members = fields.Monetary(
        string="Left for Rebates", compute="_compute_to_members"
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        string="Resolution of the General Meeting",
        check_company=True,
        ondelete="restrict",
        copy=False,
        tracking=True,
        domain="[('kind', '=', 'reserve'), ('body', '=', 'general_meeting'),"
        " ('state', '=', 'adopted')]",
    )
    reversal_resolution_id = fields.Many2one(
        "consortium.resolution",
        string="Resolution on the Reversal",
        check_company=True,
        ondelete="restrict",
        copy=False,
        tracking=True,
        domain="[('kind', '=', 'reserve'), ('body', '=', 'general_meeting'),"
        " ('state', '=', 'adopted'), ('id', '!=', resolution_id)]",
    )
    date = fields.Date(
        string="Date of the Entry",
        compute="_compute_date",
        store=True,
        readonly=False,
        copy=False,
    )
    surplus_account_id = fields.Many2one(
        "account.account",
        string="Surplus to Be Allocated",
        check_company=True,
        default=lambda self: self._default_account("surplus"),
        domain="[('equity_section', '=', 'surplus')]",
    )
    reserve_account_id = fields.Many2one(
        "account.account",
        string="Reserve",
        check_company=True,
        default=lambda self: self._default_account("reserve"),
        domain="[('equity_section', '=', 'reserve')]",
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        default=lambda self: self._default_journal(),
        domain="[('type', '=', 'general')]",
    )
    move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, copy=False, ondelete="restrict"
    )
    reversal_move_id = fields.Many2one(
        "account.move", readonly=True, copy=False, ondelete="restrict"
    )
    content = fields.Text(readonly=True, copy=False, export_string_translation=False)
    content_hash = fields.Char(string="SHA-256", readonly=True, copy=False)

    _years = models.Constraint(
        "EXCLUDE USING gist (company_id WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&) WHERE (state <> 'replaced')",
        "The surplus of this year is already the subject of another allocation.",
    )
    _period = models.Constraint(
        "CHECK (date_from <= date_to)", "A year ends on its first day or later."
    )
    # Raised by the trigger too, for whoever writes by SQL.
    _frozen = models.Constraint(
        "CHECK (state = 'draft' OR content_hash IS NOT NULL)",
        "An allocation that is posted is never changed nor deleted: reverse it.",
    )

    def init(self):
        """The trigger that keeps what is posted. The uninstall hook drops it."""
        keep_frozen_years(self, FROZEN_FIELDS, {"reversal_resolution_id"})

    @api.model
    def _default_year(self):
        """The last fiscal year that is over."""
        company = self.env.company
        return company._fiscal_year_before(company._fiscal_year(company._today())[0])

    @api.model
    def _default_account(self, section):
        """The only account of that section, or the one of its name if there are more:
        reserve, and current year earnings."""
        accounts = self.env["account.account"].search(
            [
                ("company_ids", "in", self.env.company.ids),
                ("equity_section", "=", section),
            ]
        )
        own = accounts.filtered(lambda a: a.account_type == "equity_unaffected")
        return (own or accounts)[:1]

    @api.model
    def _default_journal(self):
        return self.env["account.journal"].search(
            [("company_id", "=", self.env.company.id), ("type", "=", "general")],
            limit=1,
        )

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for allocation in self:
            allocation.display_name = self.env._(
                "Surplus, %(date_from)s – %(date_to)s",
                date_from=allocation.date_from,
                date_to=allocation.date_to,
            )

    @api.depends("surplus", "to_reserve")
    def _compute_to_members(self):
        for allocation in self:
            allocation.to_members = allocation.surplus - allocation.to_reserve

    @api.depends("resolution_id")
    def _compute_date(self):
        """The day of the general meeting, until somebody says another one."""
        for allocation in self:
            if allocation.state == "draft" and allocation.resolution_id:
                allocation.date = allocation.sudo().resolution_id.date
            else:
                allocation.date = allocation.date

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self._check_proposal()

    def write(self, vals):
        if FROZEN_FIELDS.intersection(vals):
            self._check_proposal()
        if "reversal_resolution_id" in vals:
            self._check_posted()
        return super().write(vals)

    def _check_posted(self):
        if self.filtered(lambda allocation: allocation.state != "posted"):
            raise UserError(
                self.env._("Only an allocation that is posted is reversed.")
            )

    def _check_proposal(self):
        if self.filtered(lambda allocation: allocation.state != "draft"):
            raise UserError(
                self.env._(
                    "An allocation that is posted is never changed nor deleted: "
                    "reverse it."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """A proposal is computed as soon as it is there."""
        allocations = super().create(vals_list)
        for allocation, vals in zip(allocations, vals_list, strict=True):
            proposed = vals.get("to_reserve")
            allocation.action_compute()
            if proposed:
                allocation.to_reserve = proposed
        return allocations

    def action_compute(self):
        """Read the books again, and propose what the law asks for."""
        self.ensure_one()
        self._check_proposal()
        proposal = self._proposal(self.date_from, self.date_to, self.company_id)
        amounts = ("surplus", "equity", "debts", "minimum", "in_shares", "to_reserve")
        self._write_by_button(
            {
                **{name: proposal[name] / 100 for name in amounts},
                "rule": proposal["rule"],
                "nonprofit": proposal["nonprofit"],
            }
        )

    @api.model
    def _proposal(self, date_from, date_to, company):
        """The figures of the books and the proposal of the law, in cents."""
        parameters = self.env["consortium.legal.parameter"]
        shares = {key: parameters._value(code, date_to) for key, code in SHARES.items()}
        results = company._book_balances(
            date_from, date_to, INCOME_TYPES + EXPENSE_TYPES
        )
        surplus = -sum(results.values())
        sheet = company._balance_sheet(date_to)
        nonprofit = company.nonprofit_clause
        return {
            "surplus": surplus,
            "equity": sheet["equity"],
            "debts": sheet["debts"],
            "nonprofit": nonprofit,
            **propose(surplus, sheet["equity"], sheet["debts"], shares, nonprofit),
        }

    @api.model
    def _for_year(self, date_from, date_to, company=None):
        """The surplus of a fiscal year and where it goes.

        What was posted for exactly this year, else what is proposed for it, else the
        proposal of the law.

        :return: ``{"date_from", "date_to", "company_id", "state": "computed" | "draft"
            | "posted", "surplus", "equity", "debts", "to_reserve", "to_members",
            "minimum", "in_shares", "nonprofit": bool, "rule": str, "rule_label": str,
            "references": [str], "resolution": str or None, "date": ISO text or None,
            "hash": str or None, "reserve": {"opening", "rows": [{"name", "date",
            "amount"}], "closing"}}``; amounts in cents; ``reserve`` is the statement of
            the reserve over that year, as the books say
        :raise AccessError: who asks may not read the books
        """
        company = company or self.env.company
        date_from, date_to = map(fields.Date.to_date, (date_from, date_to))
        allocation = self.search(
            [
                ("company_id", "=", company.id),
                ("date_from", "=", date_from),
                ("date_to", "=", date_to),
                ("state", "!=", "replaced"),
            ]
        )
        if allocation.state == "posted":
            structure = json.loads(allocation.content)
            structure["hash"] = allocation.content_hash
        else:
            structure = self._structure(date_from, date_to, company, allocation)
        labels = dict(self._fields["rule"]._description_selection(self.env))
        return {
            **structure,
            "rule_label": labels[structure["rule"]],
            "reserve": company._reserve_statement(date_from, date_to),
        }

    @api.model
    def _structure(self, date_from, date_to, company, allocation):
        """The plain structure that is shown and, once posted, frozen."""
        parameters = self.env["consortium.legal.parameter"]
        proposal = self._proposal(date_from, date_to, company)
        if allocation:
            proposal["to_reserve"] = round(allocation.to_reserve * 100)
            proposal["to_members"] = proposal["surplus"] - proposal["to_reserve"]
        codes = {
            "nonprofit": ["nonprofit"],
            "required": ["reserve", "extra", "equity_debt"],
            "free": ["equity_debt"],
        }.get(proposal["rule"], [])
        references = [parameters._reference(SHARES[code], date_to) for code in codes]
        day = allocation.date
        return {
            "date_from": fields.Date.to_string(date_from),
            "date_to": fields.Date.to_string(date_to),
            "company_id": company.id,
            "state": allocation.state or "computed",
            **proposal,
            "references": sorted({text for text in references if text}),
            "resolution": allocation.sudo().resolution_id.number or None,
            "date": fields.Date.to_string(day) if day else None,
            "hash": None,
        }

    def _freeze(self):
        """Keep the allocation as it is posted, with its digest."""
        structure = self._structure(self.date_from, self.date_to, self.company_id, self)
        del structure["hash"]
        text = canonical({**structure, "state": "posted"})
        self._write_by_button(
            {"state": "posted", "content": text, "content_hash": digest(text)}
        )
