from datetime import datetime, time

from odoo import Command, fields, models

# Of the answers of the year, how many are asked, and how many are not a triple yes.
ANSWERS, UNSATISFIED = 150, 6
REASONS = {
    "handed_over": "Un courtier de votre région vous servira mieux que nous.",
    "refused": "L'équipe est déjà promise à d'autres ces jours-là.",
    "withdrawn": "Vous nous avez écrit que le projet est remis à l'an prochain.",
}


class ConsortiumDemo(models.AbstractModel):
    """Experts, 214 then 248 service agreements, requests in every state, answers."""

    _inherit = "consortium.demo"  # pylint: disable=consider-merging-classes-inherited

    def _expertise(self, code):
        return self.env["consortium.expertise"].search([("code", "=", code)], limit=1)

    def _load_experts(self):
        """Fifty people in two offices, each of one field or two; four of them came with
        the fields that opened in the year."""
        coordinator = self.env.ref("consortium_base.demo_user_coordinator")
        every_field = self.env["consortium.expertise"].search([("id", ">", 0)])
        every_field.manager_id = coordinator
        french = self.env.ref("base.lang_fr_CA")
        english = self.env.ref("base.lang_en")
        for row in self._rows("experts"):
            expertises = self._expertise(row["field"])
            if row["other"]:
                expertises |= self._expertise(row["other"])
            languages = french | english if row["english"] else french
            employee = self.env["hr.employee"].create(
                {
                    "name": row["name"],
                    "job_title": f"Conseil – {expertises[0].name}",
                    "contract_date_start": row["since"],
                    "work_email": f"{row['key'].replace('_', '-')}@capcommun.test",
                    "service_office_id": self.env.ref(
                        f"consortium_base.demo_office_{row['office']}"
                    ).id,
                    "service_lang_ids": [Command.set(languages.ids)],
                    "expertise_ids": [Command.set(expertises.ids)],
                }
            )
            self._remember(row["key"], employee)
        # Odoo's own administrator is nobody's employee in this story.
        self.env.ref("hr.employee_admin").active = False
        expert = self.env.ref("consortium_base.demo_user_expert")
        self._named("expert_01").user_id = expert

    def _load_agreements(self):
        """Signed on paper in their time, and closed when they ended."""
        coordinator = self.env.ref("consortium_base.demo_user_coordinator")
        imports = self.env["consortium.agreement.import"].create(
            {"name": "ententes.csv", "user_id": coordinator.id}
        )
        for number, row in enumerate(self._rows("agreements"), 1):
            then = imports.with_context(ir_sequence_date=row["signed"])
            order = then._make_agreement(self._agreement_data(row))
            self._remember(f"agreement_{number}", order)
            order.closed_on = row["end"]
            order.project_id.task_ids.state = "1_done"

    def _agreement_data(self, row):
        planned = [
            (self._expertise(code).id, int(minutes))
            for code, minutes in self._minutes(row)
        ]
        return {
            "name": "",
            "partner_id": self._named(row["member"]).id,
            "beneficiary_id": row["beneficiary"] and self._named(row["beneficiary"]).id,
            "agreement_type": "service",
            "agreement_title": row["title"],
            "agreement_start": row["signed"],
            "agreement_end": row["end"],
            "ceiling_minutes": sum(minutes for _expertise, minutes in planned),
            "planned": planned,
            "spent": [],
            "signed_on": row["signed"],
            "signed_by": "",
        }

    def _minutes(self, row):
        """``[(code of the field, minutes)]`` of an agreement."""
        parts = (part.split(": ") for part in row["minutes"].split("; "))
        return [(code, int(minutes)) for code, minutes in parts]

    def _load_satisfaction(self):
        """Members answer when their mandate ends; 144 of 150 say yes three times."""
        orders = self.env["sale.order"].search(
            [("is_service_agreement", "=", True), ("signed_on", ">=", "2018-07-01")],
            order="signed_on, id",
        )
        asked = [
            (order, line.expertise_id)
            for order in orders
            for line in order.order_line.filtered("expertise_id")
        ][:ANSWERS]
        invitations = self.env["consortium.satisfaction.invitation"]
        for number, (order, expertise) in enumerate(asked):
            day = order.agreement_end
            invitation = invitations.create(
                {
                    "order_id": order.id,
                    "expertise_id": expertise.id,
                    "sent_on": day,
                    "state": "answered",
                }
            ).with_context(consortium_demo_day=day)
            satisfied = number % (ANSWERS // UNSATISFIED) != 7
            answers = {"recommend": True, "results": satisfied, "continue": True}
            invitation._record_answer(answers, "", True, self.env.user)

    def _load_requests(self):
        coordinator = self.env.ref("consortium_base.demo_user_coordinator")
        for row in self._rows("requests"):
            partner = self._named(row["member"])
            day = fields.Date.to_date(row["received"])
            there = self.with_context(ir_sequence_date=row["received"])
            lead = there.env["crm.lead"].create(
                {
                    "name": row["subject"],
                    "is_service_request": True,
                    "partner_id": partner.id,
                    "received_at": datetime.combine(day, time(18)),
                    "request_channel": "portal",
                    "is_urgent": bool(row["urgent"]),
                    "urgency_reason": row["urgent"],
                    "referrer_id": row["referrer"] and self._named(row["referrer"]).id,
                    "request_line_ids": [
                        Command.create(
                            {
                                "expertise_id": self._expertise(code).id,
                                "need": need,
                                "estimate_min": 20 * 60,
                                "estimate_max": 45 * 60,
                            }
                        )
                        for code, need in (
                            part.split(": ", 1) for part in row["needs"].split("|")
                        )
                    ],
                }
            )
            there._advance(lead.with_user(coordinator).sudo(), row, day)
            self._answer_in_time(lead)

    def _answer_in_time(self, lead):
        """Somebody answered within two days, not on the day the story is told."""
        if lead.first_answer_at:
            hours = 3 + lead.id * 7 % 40
            answered = fields.Datetime.add(lead.received_at, hours=hours)
            lead.write(
                {"first_answer_at": answered, "first_answer_minutes": hours * 60}
            )

    def _advance(self, lead, row, day):
        """Take a request to its state, as the coordinator would."""
        lines, state = lead.request_line_ids, row["state"]
        if state == "new":
            return
        lines.action_take()
        if state in REASONS:
            partner = self._named("chevalier") if state == "handed_over" else None
            lines._settle(state, REASONS[state], partner)
            return
        if state == "taken":
            return
        for line in lines:
            line._assign(line.expertise_id.employee_ids[:1])
        complement = lines[0].expertise_id.complement_ids[:1]
        if complement.complementary_id - lines.expertise_id:
            lead._recommend(
                complement.complementary_id, complement.reason, source=lines[0]
            )
        if state == "assigned":
            return
        lead.action_propose_agreement()
        order = lead.order_ids
        order.write(
            {
                "agreement_start": fields.Date.add(day, days=60),
                "agreement_end": fields.Date.add(day, days=240),
                "state": "sent",
            }
        )
        if state == "agreed":
            for option in order.order_line.filtered("is_agreement_option"):
                option._choose_option(taken=row["option"] == "taken")
            signed = datetime.combine(fields.Date.add(day, days=60), time(18))
            order.write(
                {
                    "signed_by": "Représentant de l'organisation",
                    "signed_on": signed,
                    "countersigned_by_id": self.env.ref(
                        "consortium_base.demo_user_manager"
                    ).id,
                    "countersigned_on": signed,
                }
            )
            order.action_confirm()
