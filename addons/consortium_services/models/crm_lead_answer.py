"""From the needs of a request to an answer: recommendations and proposals."""

from collections import Counter

from odoo import api, models
from odoo.exceptions import AccessError, UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    def _suggested_expertises(self):
        """Fields that usually go with those of this request, the most telling first.

        From the catalogue, with its reason; from what requests with the same fields
        used; from what was taken when it was recommended.

        :return: ``[(expertise, reason), …]``
        """
        self.ensure_one()
        own = self.request_line_ids.expertise_id
        complements = self.env["consortium.expertise.complement"].search(
            [("expertise_id", "in", own.ids), ("complementary_id", "not in", own.ids)]
        )
        reasons, weights = {}, Counter()
        for complement in complements:
            expertise = complement.complementary_id
            reasons.setdefault(expertise, []).append(complement.reason)
            weights[expertise] += 1000
        for expertise, together, answers in self._used_together(own):
            if together:
                weights[expertise] += together
                reasons.setdefault(expertise, []).append(
                    self.env._("asked together in %(count)s requests", count=together)
                )
            if answers["taken"] + answers["left"]:
                weights[expertise] += 10 * (answers["taken"] - answers["left"])
                reasons.setdefault(expertise, []).append(
                    self.env._(
                        "taken %(taken)s times out of %(count)s when recommended",
                        taken=answers["taken"],
                        count=answers["taken"] + answers["left"],
                    )
                )
        ranked = sorted(reasons, key=lambda exp: (-weights[exp], exp.sequence, exp.id))
        return [
            (expertise, "; ".join(reasons[expertise]))
            for expertise in ranked
            if expertise.is_offered
        ]

    def _used_together(self, own):
        """What requests with one of these fields also had.

        :return: ``(expertise, requests that asked for it, {taken, left})``
        """
        if not own:
            return []
        # Counts over every request, whoever follows them: no one of them is told.
        lines = self.env["consortium.service.request.line"].sudo()
        like = lines._search(
            [("expertise_id", "in", own.ids), ("lead_id", "not in", self.ids)]
        )
        groups = lines._read_group(
            [
                ("lead_id", "any", [("request_line_ids", "in", like)]),
                ("expertise_id", "not in", [*own.ids, False]),
            ],
            ["expertise_id", "is_recommended", "option_answer"],
            ["lead_id:count_distinct"],
        )
        found = {}
        for expertise, recommended, answer, count in groups:
            together, answers = found.setdefault(expertise.id, [0, Counter()])
            if recommended:
                answers[answer or "waiting"] += count
            else:
                found[expertise.id][0] = together + count
        return [
            (self.env["consortium.expertise"].browse(key), together, answers)
            for key, (together, answers) in found.items()
        ]

    def _recommend(self, expertise, reason, source=None):
        """Add a field that nobody asked for, which the member will take or leave.

        By a coordinator, or by the expert of one of the needs.

        :return: the recommended need
        :raise UserError: it is in the request already, or there is no reason
        :raise AccessError: neither of them
        """
        self.ensure_one()
        self.check_access("read")
        is_expert = self.env.user in self.sudo().request_line_ids.employee_id.user_id
        if not is_expert and not self.env.user.has_group(
            "consortium_base.group_coordinator"
        ):
            raise AccessError(
                self.env._("The expert of a need, or a coordinator, recommends.")
            )
        if not (reason or "").strip():
            raise UserError(
                self.env._("Write why you recommend it: the member reads it.")
            )
        if expertise in self.request_line_ids.expertise_id:
            raise UserError(
                self.env._("%(name)s is in this request already.", name=expertise.name)
            )
        # An expert writes no request, but recommends in its own name.
        line = (
            self.env["consortium.service.request.line"]
            .sudo()
            .create(
                {
                    "lead_id": self.id,
                    "expertise_id": expertise.id,
                    "need": reason.strip(),
                    "state": "recommended",
                    "is_recommended": True,
                    "recommendation_reason": reason.strip(),
                    "recommended_by_id": self.env.uid,
                    "source_line_id": source.id if source else False,
                }
            )
        )
        self.sudo()._message_log(
            body=self.env._(
                "%(user)s recommends %(name)s: %(reason)s",
                user=self.env.user.name,
                name=expertise.name,
                reason=reason.strip(),
            )
        )
        return line.with_env(self.env)

    def action_propose_agreement(self):
        """Make the agreement that answers the open needs, and open it.

        Its lines are the fields asked for; those recommended are its options.

        :raise UserError: no need to answer, or one without a field of expertise
        """
        self.ensure_one()
        self.check_access("write")
        lines = self._proposable_lines()
        lines._lock()
        if not lines.filtered(lambda line: not line.is_recommended):
            raise UserError(
                self.env._(
                    "No need of this request waits for a proposal: take one first."
                )
            )
        lines._require_field()
        if not self.partner_id:
            raise UserError(
                self.env._("Say which organization the request is for first.")
            )
        order = self.env["sale.order"].create(self._prepare_agreement_values(lines))
        lines.write({"state": "proposed"})
        self._note_first_answer()
        return self._action_open_agreement(order)

    def _proposable_lines(self):
        """Needs that are being dealt with, and what is recommended with them."""
        return self.request_line_ids.filtered(
            lambda line: line.state in ("taken", "assigned", "recommended")
        )

    def _prepare_agreement_values(self, lines=None):
        """The values of the agreement that answers these needs.

        :param lines: open needs; those that are being dealt with, when not given
        """
        self.ensure_one()
        lines = self._proposable_lines() if lines is None else lines
        beneficiary = self.partner_id.commercial_partner_id
        return {
            "partner_id": beneficiary.id,
            "opportunity_id": self.id,
            "company_id": self.company_id.id or self.env.company.id,
            "user_id": self.env.uid,
            "origin": self.request_number,
            "is_service_agreement": True,
            "agreement_type": "service",
            "agreement_title": self.name,
            "agreement_start": self.wished_start,
            "sponsor_network_id": self.requester_id.id
            if self.requester_id != beneficiary
            else False,
            "order_line": [
                (0, 0, {**self._prepare_agreement_line(line), "sequence": 10 + number})
                for number, line in enumerate(lines)
            ],
        }

    @api.model
    def _prepare_agreement_line(self, line):
        """The line of the agreement for a need: the hours of the upper end of its
        estimate; what was recommended is an option, to be taken or left."""
        return {
            "name": f"{line.expertise_id.name}\n{line.need}",
            "expertise_id": line.expertise_id.id,
            "expert_id": line.employee_id.id,
            "planned_minutes": line.estimate_max or 60,
            "is_agreement_option": line.is_recommended,
            "request_line_id": line.id,
        }

    @api.model
    def _action_open_agreement(self, order):
        """Open the agreement that was just made."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": order.id,
            "views": [
                (
                    self.env.ref(
                        "consortium_services.sale_order_view_form_agreement"
                    ).id,
                    "form",
                )
            ],
        }
