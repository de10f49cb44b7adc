from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import weeks

# Percents of the ceiling at which both sides are told.
MARKS = (50, 75, 90)


class SaleOrder(models.Model):
    """Hours spent against the ceiling, and what happens when it comes near."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    ceiling_warned = fields.Integer(
        readonly=True, copy=False, help="The last mark of the ceiling that was told, %."
    )
    ceiling_typed = fields.Boolean(
        export_string_translation=False,
        help="The ceiling isn't the sum of the hours of the fields: it stays.",
    )
    consents_from = fields.Datetime(
        readonly=True,
        copy=False,
        help="The signature of the last amendment that set the ceiling: it takes the "
        "place of the consents given before.",
    )
    allowed_minutes = fields.Integer(compute="_compute_allowed_minutes")
    allowed_hours = fields.Float(string="Hours Allowed", compute="_compute_spent")
    spent_hours = fields.Float(string="Hours Spent", compute="_compute_spent")
    remaining_hours = fields.Float(string="Hours Left", compute="_compute_spent")
    spent_percent = fields.Float(string="Spent", compute="_compute_spent")

    @api.onchange("ceiling_hours")
    def _onchange_ceiling_hours(self):
        """While it is typed in: it no longer follows the hours of the fields."""
        self._inverse_ceiling_hours()
        self.ceiling_typed = self.ceiling_minutes != self._taken_minutes()

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        typed = [
            order
            for order, vals in zip(orders, vals_list, strict=True)
            if "ceiling_minutes" in vals and "ceiling_typed" not in vals
        ]
        self.browse([order.id for order in typed])._note_typed_ceiling()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if "ceiling_minutes" in vals:
            self._note_typed_ceiling()
        return result

    def _note_typed_ceiling(self):
        """A ceiling follows the hours of the fields as long as it is their sum."""
        for order in self.filtered("is_service_agreement"):
            typed = order.ceiling_minutes != order._taken_minutes()
            if order.ceiling_typed != typed:
                order.ceiling_typed = typed

    def _taken_minutes(self):
        """The hours of the fields that are taken, in minutes."""
        self.ensure_one()
        return sum(self.order_line.filtered("is_taken").mapped("planned_minutes"))

    @api.depends(
        "ceiling_minutes",
        "consents_from",
        "consent_ids.state",
        "consent_ids.minutes",
        "consent_ids.answered_on",
    )
    def _compute_allowed_minutes(self):
        """The ceiling, and what the member has consented to beyond it since it was
        set."""
        # An expert who enters hours may not read the consents.
        given = (
            self.env["consortium.agreement.consent"]
            .sudo()
            .search([("order_id", "in", self.ids), ("state", "=", "given")], order="id")
            .grouped(lambda consent: consent.order_id.id)
        )
        for order in self:
            consents = given.get(order._origin.id, ())
            order.allowed_minutes = order.ceiling_minutes + sum(
                consent.minutes
                for consent in consents
                if not order.consents_from or consent.answered_on >= order.consents_from
            )

    @api.depends("allowed_minutes", "order_line.opening_minutes")
    def _compute_spent(self):
        spent = self.filtered("is_service_agreement")._consumed_minutes()
        for order in self:
            minutes = sum(spent.get(order.id, {}).values())
            order.spent_hours = minutes / 60
            order.allowed_hours = order.allowed_minutes / 60
            order.remaining_hours = (order.allowed_minutes - minutes) / 60
            order.spent_percent = (
                100 * minutes / order.allowed_minutes if order.allowed_minutes else 0
            )

    def _spent_minutes(self):
        """The time spent on each agreement, by field of expertise.

        Addons that approve time, or keep it in minutes, count it their way.

        :return: ``{order id: {expertise id: minutes}}``; time on a line without a field
            counts under ``False``
        """
        self.env["account.analytic.line"].flush_model(
            ["so_line", "order_id", "unit_amount", "project_id"]
        )
        self.env["sale.order.line"].flush_model(["expertise_id"])
        found = {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT time.order_id, line.expertise_id,
                       sum(round(time.unit_amount * 60))::bigint
                  FROM account_analytic_line time
                  JOIN sale_order_line line ON line.id = time.so_line
                 WHERE time.order_id IN %s AND time.project_id IS NOT NULL
                 GROUP BY time.order_id, line.expertise_id
                """,
                tuple(self.ids) or (0,),
            )
        )
        for order_id, expertise_id, minutes in rows:
            found.setdefault(order_id, {})[expertise_id or False] = minutes
        return found

    def _consumed_minutes(self):
        """Time spent here, and before the agreement was entered here; that of a
        framework agreement is that of the agreements under it, too.

        :return: as ``_spent_minutes``
        """
        # Who follows a framework agreement need not read those under it.
        frameworks = self.sudo().filtered(
            lambda order: order.agreement_type == "framework"
        )
        families = self.sudo() | frameworks.child_agreement_ids
        spent = families._spent_minutes()
        for line in families.order_line.filtered("opening_minutes"):
            mine = spent.setdefault(line.order_id.id, {})
            key = line.expertise_id.id or False
            mine[key] = mine.get(key, 0) + line.opening_minutes
        found = {}
        for order in self.sudo():
            total = found.setdefault(order.id, {})
            for member in order | (order & frameworks).child_agreement_ids:
                for key, minutes in spent.get(member.id, {}).items():
                    total[key] = total.get(key, 0) + minutes
        return found

    def _touch_ceilings(self):
        """Make the second of two who enter time for one agreement wait, then be tried
        again: it would count without the hours of the first."""
        orders = self | self.parent_agreement_id
        if orders:
            self.env.execute_query(
                SQL(
                    "UPDATE sale_order SET ceiling_warned = ceiling_warned "
                    "WHERE id IN (SELECT id FROM sale_order WHERE id IN %s "
                    "ORDER BY id FOR UPDATE) RETURNING id",
                    tuple(orders.ids),
                )
            )

    def _check_ceilings(self):
        """Refuse time beyond the ceiling; tell both sides that it comes near.

        Called as superuser, after time was added to these agreements.

        :raise UserError: it goes over what the member has consented to
        """
        orders = (self | self.parent_agreement_id).filtered(
            lambda order: order.is_service_agreement and order.allowed_minutes
        )
        consumed = orders._consumed_minutes()
        for order in orders:
            spent = sum(consumed[order.id].values())
            if spent > order.allowed_minutes:
                raise UserError(
                    self.env._(
                        "%(agreement)s has a ceiling of %(ceiling)s, and this would "
                        "make %(spent)s: ask for the member's consent first, on the "
                        "agreement.",
                        agreement=order.name,
                        ceiling=order._hours_text(order.allowed_minutes),
                        spent=order._hours_text(spent),
                    )
                )
            mark = weeks.passed(spent, order.allowed_minutes, MARKS)
            if mark > order.ceiling_warned:
                order.ceiling_warned = mark
                order._tell_ceiling(mark)

    def _ceiling_mark(self):
        """The mark that the time spent has reached now."""
        self.ensure_one()
        spent = sum(self._consumed_minutes()[self.id].values())
        return weeks.passed(spent, self.allowed_minutes, MARKS)

    def _tell_ceiling(self, mark):
        """Both sides: those who may sign or ask for the member, the coordinator."""
        self.ensure_one()
        persons = self._representatives("sign", "request")
        self.with_context(
            mail_notify_force_send=False, lang=self.agreement_lang or self.env.lang
        ).message_post_with_source(
            "consortium_services.mail_template_agreement_ceiling",
            partner_ids=(persons | self.user_id.partner_id).ids,
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
        )
        # The mark before it has nothing more to say.
        self.activity_unlink(["consortium_services.activity_ceiling"])
        self._agreement_activity(
            self.env._(
                "%(mark)s %% of the hours of %(agreement)s are spent",
                mark=mark,
                agreement=self.name,
            ),
            kind="ceiling",
        )

    def action_ask_consent(self):
        """Ask the member for hours beyond the ceiling."""
        self.ensure_one()
        self._require_coordinator()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for More Hours"),
            "res_model": "consortium.agreement.consent",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }
