from odoo import api, fields, models
from odoo.tools import SQL


class ConsortiumMemberQualifying(models.Model):
    """How many shares of a class a category asks to hold, from a size of use on."""

    _name = "consortium.member.qualifying"
    _description = "Qualifying Shares of a Category"
    _order = "category_id, share_class_id, date_start desc, usage_from"

    category_id = fields.Many2one(
        "consortium.member.category", required=True, index=True, ondelete="cascade"
    )
    share_class_id = fields.Many2one(
        "consortium.share.class",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_qualifying', '=', True)]",
    )
    company_id = fields.Many2one(related="share_class_id.company_id")
    date_start = fields.Date(
        string="In Force From", help="Of the by-law; empty: from the beginning."
    )
    usage_from = fields.Integer(
        string="From (Hours a Year)",
        help="The size of use intended from which this number is asked for.",
    )
    quantity = fields.Integer(string="Shares", required=True, default=1)
    instalments = fields.Integer(
        required=True, default=1, help="The number of monthly payments."
    )

    _quantity = models.Constraint(
        "CHECK (quantity > 0)", "A number of qualifying shares is one or more."
    )
    _usage = models.Constraint(
        "CHECK (usage_from >= 0)", "A number of hours is zero or more."
    )
    _instalments = models.Constraint(
        "CHECK (instalments > 0)", "There is at least one payment."
    )
    _once = models.UniqueIndex(
        "(category_id, share_class_id, usage_from, coalesce(date_start, '0001-01-01'))",
        "The category already asks for shares of this class from that size of use.",
    )


class ConsortiumMemberCategory(models.Model):
    _inherit = "consortium.member.category"  # pylint: disable=consider-merging-classes-inherited

    qualifying_ids = fields.One2many(
        "consortium.member.qualifying",
        "category_id",
        string="Qualifying Shares",
        copy=True,
        groups="base.group_user",
    )

    def _qualifying(self, date, usage, company):
        """What a member of the category subscribes.

        :param usage: the hours of services a year that it intends to use
        :return: the line of each class: the latest by-law, then the size of use
        """
        self.ensure_one()
        chosen = {}
        lines = self.qualifying_ids.filtered(
            lambda line: (
                line.company_id == company
                and line.usage_from <= usage
                and (not line.date_start or line.date_start <= date)
            )
        )
        first = fields.Date.to_date("0001-01-01")
        for line in lines.sorted(lambda x: (x.date_start or first, x.usage_from)):
            chosen[line.share_class_id] = line
        return self.env["consortium.member.qualifying"].union(*chosen.values())


class ConsortiumMembership(models.Model):
    _inherit = "consortium.membership"  # pylint: disable=consider-merging-classes-inherited

    usage_hours = fields.Integer(
        string="Hours of Services a Year",
        aggregator=None,
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="The size of use intended, as the application said it: the number of "
        "qualifying shares may follow it.",
    )
    qualifying_ok = fields.Boolean(
        string="Holds Its Qualifying Shares",
        compute="_compute_qualifying_ok",
        groups="base.group_user",
        help="On the day asked for, today if none is.",
    )

    _usage = models.Constraint(
        "CHECK (usage_hours >= 0)", "A number of hours is zero or more."
    )

    @api.depends("usage_hours")
    @api.depends_context("consortium_date", "tz", "allowed_company_ids", "uid")
    def _compute_qualifying_ok(self):
        date = self.env["res.partner"]._consortium_date()
        held = self._held_on(date)
        for membership in self:
            membership.qualifying_ok = not membership._missing_shares(date, held)

    def _held_on(self, date):
        """``{(partner id, class id): quantity}`` of these members alone, one query."""
        if not self.partner_id:
            return {}
        # Who keeps the members knows what they hold; narrowed to these members.
        entries = self.env["consortium.share.entry"].sudo()
        entries.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, share_class_id, sum(quantity) "
                "FROM consortium_share_entry WHERE partner_id IN %s AND date <= %s "
                "GROUP BY partner_id, share_class_id",
                tuple(self.partner_id.ids),
                date,
            )
        )
        return {(partner, cls): int(total) for partner, cls, total in rows}

    def _missing_shares(self, date, held):
        """``[(line, number missing)]`` of what the category asks one member to hold."""
        self.ensure_one()
        missing = []
        lines = self.category_id._qualifying(date, self.usage_hours, self.company_id)
        for line in lines:
            place = (self.partner_id.id, line.share_class_id.id)
            number = line.quantity - held.get(place, 0)
            if number > 0:
                missing.append((line, number))
        return missing

    def _subscribe_qualifying(self):
        """Subscribe what the category asks to hold, less what is held already.

        On the first day as a member; before a first day to come, shares are subscribed
        on the day of the decision, since the ledger has no day to come.
        """
        super()._subscribe_qualifying()
        if not self.category_id.qualifying_ids:
            return
        operations = self.env["consortium.share.operation"]
        for date in set(self.mapped("date_start")):
            group = self.filtered(lambda m, date=date: m.date_start == date)
            held = group._held_on(date)
            for membership in group:
                for line, number in membership._missing_shares(date, held):
                    operations._subscribe(
                        membership.partner_id,
                        line.share_class_id,
                        number,
                        min(date, line.company_id._today()),
                        membership.resolution_id,
                        instalments=line.instalments,
                        application=membership,
                    )

    def _certificates(self):
        """The certificate that the member has on its first day."""
        certificates = self.env["consortium.share.certificate"]
        return super()._certificates() | certificates._certificate_of(
            self.partner_id, self.env.company._today()
        )
