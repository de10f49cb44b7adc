from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# What the year itself tells; the other drivers are typed with the key.
COMPUTED_DRIVERS = ("minutes", "direct_cost")


class ConsortiumAllocationKey(models.Model):
    """How the cost of a support center is shared out, while the key is in force."""

    _name = "consortium.allocation.key"
    _description = "Allocation Key"
    _inherit = ["mail.thread"]
    _order = "cost_center_id, date_start desc"
    _check_company_auto = True

    cost_center_id = fields.Many2one(
        "consortium.cost.center",
        string="Support Center",
        required=True,
        index=True,
        check_company=True,
        ondelete="cascade",
        tracking=True,
        domain="[('kind', '=', 'support'), ('merge_into_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", related="cost_center_id.company_id", store=True, index=True
    )
    date_start = fields.Date(string="From", required=True, tracking=True)
    date_end = fields.Date(string="Last Day", tracking=True)
    driver = fields.Selection(
        [
            ("percent", "Percentages"),
            ("fte", "Full-Time Equivalents"),
            ("seats", "Workstations"),
            ("area", "Floor Area"),
            ("other", "Other Quantity"),
            ("minutes", "Chargeable Hours of the Year"),
            ("direct_cost", "Direct Cost of the Year"),
        ],
        required=True,
        default="percent",
        tracking=True,
        help="What the shares are in proportion to.",
    )
    source = fields.Char(
        help="Where the quantities come from: a lease, a plan, a count and its date.",
        tracking=True,
    )
    line_ids = fields.One2many("consortium.allocation.key.line", "key_id", copy=True)
    total = fields.Float(digits=(16, 4), compute="_compute_total")

    _dates = models.Constraint(
        "CHECK (date_end >= date_start)", "A key ends on or after the day it begins."
    )
    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (cost_center_id WITH =, "
        "daterange(date_start, date_end, '[]') WITH &&)",
        "This center already has a key over part of that time: end it first.",
    )

    @api.depends("cost_center_id", "date_start")
    def _compute_display_name(self):
        for key in self:
            code = key.cost_center_id.code or ""
            key.display_name = f"{code} – {key.date_start or ''}"

    @api.depends("line_ids.quantity")
    def _compute_total(self):
        for key in self:
            key.total = sum(key.line_ids.mapped("quantity"))

    @api.constrains("driver", "line_ids", "cost_center_id")
    def _check_lines(self):
        for key in self:
            if key.cost_center_id.kind != "support":
                raise ValidationError(
                    self.env._(
                        "%(name)s is not a support center: it has no key.",
                        name=key.cost_center_id.display_name,
                    )
                )
            key._check_shares()

    def _check_shares(self):
        """Refuse a key by which nothing can be shared out.

        :raise ValidationError: no quantity, or percentages that do not make 100
        """
        self.ensure_one()
        if self.driver in COMPUTED_DRIVERS:
            return
        total = sum(line._exact() for line in self.line_ids)
        if not total:
            raise ValidationError(
                self.env._(
                    "The key of %(name)s shares nothing: give each center its "
                    "quantity.",
                    name=self.cost_center_id.display_name,
                )
            )
        if self.driver == "percent" and total != 100:
            raise ValidationError(
                self.env._(
                    "The key of %(name)s makes %(total)s %%, not 100 %%.",
                    name=self.cost_center_id.display_name,
                    total=self._readable(total),
                )
            )

    def _readable(self, number):
        text = f"{float(number):.4f}".rstrip("0").rstrip(".")
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return text.replace(".", lang.decimal_point or ".")

    @api.model
    def _on(self, date, company):
        """The keys in force on a date, of the support centers of a company."""
        return self.search(
            Domain("company_id", "=", company.id)
            & Domain("date_start", "<=", date)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", date))
        )

    def _shares(self, measured):
        """The key as parts of one, exact.

        :param measured: ``{driver: {code of an expertise center: quantity}}`` for the
            drivers that the year itself tells
        :return: ``{code of a pool: Fraction}``, that sum to one
        :raise UserError: nothing to share by
        """
        self.ensure_one()
        if self.driver in COMPUTED_DRIVERS:
            quantities = measured[self.driver]
        else:
            self._check_shares()
            quantities = {}
            for line in self.line_ids:
                code = line.cost_center_id._pool().code
                quantities[code] = quantities.get(code, 0) + line._exact()
        total = sum(quantities.values())
        if not total:
            raise UserError(
                self.env._(
                    "The key of %(name)s has nothing to share by.",
                    name=self.cost_center_id.display_name,
                )
            )
        return {
            code: Fraction(quantity) / Fraction(total)
            for code, quantity in quantities.items()
        }


class ConsortiumAllocationKeyLine(models.Model):
    _name = "consortium.allocation.key.line"
    _description = "Share of an Allocation Key"
    _order = "key_id, quantity desc, id"
    _check_company_auto = True

    key_id = fields.Many2one(
        "consortium.allocation.key", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", related="key_id.company_id", store=True, index=True
    )
    cost_center_id = fields.Many2one(
        "consortium.cost.center",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    quantity = fields.Float(digits=(16, 4), required=True)
    percentage = fields.Float(
        string="Share (%)", digits=(5, 2), compute="_compute_percentage"
    )

    _quantity = models.Constraint(
        "CHECK (quantity >= 0)", "A share of a key is zero or more."
    )
    _once = models.Constraint(
        "UNIQUE (key_id, cost_center_id)", "Each center is in a key once."
    )

    @api.depends("quantity", "key_id.line_ids.quantity")
    def _compute_percentage(self):
        for line in self:
            total = line.key_id.total
            line.percentage = 100 * line.quantity / total if total else 0.0

    def _exact(self):
        """The quantity, to the ten-thousandth, as it was typed."""
        self.ensure_one()
        return Fraction(round(self.quantity * 10_000), 10_000)
