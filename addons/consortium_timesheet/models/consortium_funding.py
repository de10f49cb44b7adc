import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class ConsortiumFunding(models.Model):
    """What a funder gives, by a convention, for hours at cost of some agreements.

    The dates are days worked, both included. What an approved accountability report
    rests on stays as it was.
    """

    _name = "consortium.funding"
    _description = "Funding Envelope"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, name, id desc"
    _rec_names_search = ["name", "reference"]
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    reference = fields.Char(
        string="Number of the Convention", copy=False, tracking=True
    )
    active = fields.Boolean(default=True, tracking=True)
    funder_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_start = fields.Date(string="First Day", required=True, tracking=True)
    date_end = fields.Date(string="Last Day", required=True, tracking=True)
    amount = fields.Monetary(string="Envelope", required=True, tracking=True)
    cap_ids = fields.One2many("consortium.funding.cap", "funding_id", copy=True)
    order_ids = fields.One2many(
        comodel_name="sale.order", inverse_name="funding_id", string="Agreements"
    )
    claim_ids = fields.One2many("consortium.funding.claim", "funding_id", readonly=True)
    claim_count = fields.Integer(
        string="Accountability Reports", compute="_compute_claimed"
    )
    gap_source = fields.Char(
        string="What the Funder Does Not Pay Is Borne By",
        tracking=True,
        help="The source of the cost above the caps and the envelope, and of the "
        "reserve: a fund, the member. It is never silently a cost of the other "
        "members.",
    )
    gap_resolution_id = fields.Many2one(
        "consortium.resolution",
        string="By Resolution",
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('kind', '=', 'settlement'), ('state', '=', 'adopted')]",
        tracking=True,
        help="What the cooperative itself bears is decided by a resolution.",
    )
    billed = fields.Monetary(
        string="On Invoices So Far",
        compute="_compute_billed",
        help="The hours of its agreements at their provisional rates, without the "
        "reserve; draft invoices included.",
    )
    remaining = fields.Monetary(string="Left", compute="_compute_billed")
    progress = fields.Float(string="Used (%)", compute="_compute_billed")
    claimed = fields.Monetary(string="In Approved Reports", compute="_compute_claimed")

    _positive = models.Constraint("CHECK (amount > 0)", "An envelope is above zero.")
    _dates = models.Constraint(
        "CHECK (date_end >= date_start)",
        "An envelope ends on or after the day it begins.",
    )

    @api.depends("order_ids", "amount")
    def _compute_billed(self):
        """One query for all the envelopes, through the ledger."""
        # The hours of all its agreements, whoever coordinates them.
        orders = self.sudo().order_ids
        found = defaultdict(int)
        so_far = self.env["consortium.billing.entry"]._so_far(orders)
        for (order, _center, _rate), (_minutes, cents, _reserve) in so_far.items():
            found[orders.browse(order).funding_id.id] += cents
        for funding in self:
            cents, whole = found[funding._origin.id], funding._cents()
            funding.billed = cents / 100
            funding.remaining = (whole - cents) / 100
            funding.progress = 100 * cents / whole if whole else 0

    @api.depends("claim_ids.state")
    def _compute_claimed(self):
        rows = self.env["consortium.funding.claim"]._read_group(
            [("funding_id", "in", self.ids)],
            ["funding_id", "state"],
            ["__count", "funder_cents:sum"],
        )
        for funding in self:
            mine = {state: sums for each, state, *sums in rows if each == funding}
            funding.claim_count = sum(count for count, _cents in mine.values())
            funding.claimed = mine.get("approved", (0, 0))[1] / 100

    @api.constrains("amount", "funder_id", "company_id", "date_start", "date_end")
    def _check_rested_on(self):
        """What approved reports rest on still holds: dates may widen, the amount grow.

        :raise ValidationError: it does not; says what
        """
        for funding in self.filtered("claim_ids"):
            claims = funding._approved()
            if funding._cents() < sum(claims.mapped("funder_cents")):
                raise ValidationError(
                    self.env._(
                        "Approved reports claim %(amount)s of « %(name)s »: it is not "
                        "less than that.",
                        amount=funding.currency_id.format(funding.claimed),
                        name=funding.name,
                    )
                )
            for claim in claims:
                inputs = json.loads(claim.inputs)
                if (
                    inputs["funder"] != funding.funder_id.id
                    or claim.run_id.company_id != funding.company_id
                    or str(funding.date_start) > inputs["from"]
                    or str(funding.date_end) < inputs["to"]
                ):
                    raise ValidationError(
                        self.env._(
                            "An approved report rests on « %(name)s »: its funder and "
                            "its company stay, and its dates may only widen.",
                            name=funding.name,
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_not_claimed(self):
        for funding in self:
            if funding._approved():
                raise UserError(
                    self.env._(
                        "« %(name)s » has an approved accountability report: archive "
                        "it instead.",
                        name=funding.name,
                    )
                )

    def _cents(self):
        """The envelope in whole cents."""
        return round(self.amount * 100)

    def _approved(self):
        """Its approved reports."""
        return self.claim_ids.filtered(lambda claim: claim.state == "approved")

    def _lock(self):
        """One at a time: what another does meanwhile to the envelope, its caps, its
        agreements or its reports waits, begins again, and sees what this one did."""
        self.env.execute_query(
            SQL(
                "UPDATE consortium_funding SET amount = amount WHERE id = ANY(%s) "
                "RETURNING id",
                self.ids,
            )
        )
        self.invalidate_recordset(["claim_ids"])

    def _claimed_orders(self):
        """The ids of the agreements that its approved reports count."""
        return {
            int(agreement.rpartition("#")[2])
            for claim in self._approved()
            for agreement, *_figures in json.loads(claim.inputs)["cells"]
        }

    def _caps(self, pools):
        """``{center code: cents an hour}`` in a year.

        :param pools: ``{center: the center that counts it}`` of the run; where several
            capped centers are counted together, the lowest cap holds
        """
        found = {}
        for cap in self.cap_ids:
            code = pools.get(cap.cost_center_id, cap.cost_center_id).code
            found[code] = min(cap.rate_cents, found.get(code, cap.rate_cents))
        return found

    def action_open_claims(self):
        """The accountability reports of the envelope."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_timesheet.consortium_funding_claim_action"
        )
        domain = [("funding_id", "=", self.id)]
        return {**action, "domain": domain, "context": {"default_funding_id": self.id}}
