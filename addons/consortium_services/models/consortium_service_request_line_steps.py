"""The steps of a need: taken, entrusted, closed, answered by an agreement."""

from odoo import fields, models
from odoo.exceptions import UserError


class ConsortiumServiceRequestLine(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "consortium.service.request.line"

    def _lock(self):
        """Hold these needs until the end of the transaction, as they now are.

        :raise UserError: somebody else is dealing with one of them at this very moment
        """
        if self.try_lock_for_update() != self:
            raise UserError(
                self.env._(
                    "Somebody else is dealing with this need right now: look at it "
                    "again in a moment."
                )
            )
        self.invalidate_recordset()

    def _require_open(self):
        """
        :raise UserError: one of these needs has been settled
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for line in self:
            if not line.is_open:
                raise UserError(
                    self.env._(
                        "The need « %(name)s » is settled already: %(state)s.",
                        name=line.display_name,
                        state=labels[line.state],
                    )
                )

    def action_take(self):
        """The coordinator studies these needs. Two of them can't take the same one.

        :raise UserError: another one has taken it, or it is settled
        """
        self.check_access("write")
        self._lock()
        self._require_open()
        for line in self:
            if line.taken_at and line.manager_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(user)s has already taken the need « %(name)s ».",
                        user=line.manager_id.name,
                        name=line.display_name,
                    )
                )
        fresh = self.filtered(lambda line: line.state == "new")
        fresh.write(
            {
                "state": "taken",
                "manager_id": self.env.uid,
                "taken_at": fields.Datetime.now(),
            }
        )
        fresh.lead_id._close_reminders()
        return True

    def _require_field(self):
        """
        :raise UserError: a need without a field of expertise
        """
        for line in self:
            if not line.expertise_id:
                raise UserError(
                    self.env._(
                        "Choose the field of expertise of the need « %(name)s » first.",
                        name=line.display_name,
                    )
                )

    def _assign(self, employee):
        """Entrust these needs to an expert, whom a person has chosen."""
        self.check_access("write")
        self._lock()
        self._require_open()
        for line in self:
            line.write(
                {
                    "employee_id": employee.id,
                    "manager_id": line.manager_id.id or self.env.uid,
                    "taken_at": line.taken_at or fields.Datetime.now(),
                    "state": line.state
                    if line.state in ("proposed", "recommended")
                    else "assigned",
                }
            )
            line.lead_id._tell_expert(line)

    def _settle(self, state, reason, handed_to=None):
        """Refuse, withdraw or hand over these needs, with the reason the member reads.

        :param state: refused, withdrawn or handed_over
        :raise UserError: settled already, or no reason
        """
        self.check_access("write")
        self._lock()
        self._require_open()
        if not (reason or "").strip():
            raise UserError(self.env._("Write the reason: the member reads it."))
        self.write(
            {
                "state": state,
                "reason": reason.strip(),
                "handed_to_id": handed_to.id if handed_to else False,
            }
        )
        for lead in self.lead_id:
            lead._tell_settled(
                self.filtered(lambda line, lead=lead: line.lead_id == lead)
            )

    # What the agreements call

    def _agreement_signed(self):
        """The agreement that answers these needs has been signed by both sides."""
        settled = self.filtered("is_open")
        # An option that nobody answered was not taken.
        unanswered = settled.filtered(
            lambda line: line.is_recommended and line.option_answer != "taken"
        )
        unanswered._option_left()
        (settled - unanswered).write({"state": "agreed"})

    def _proposal_withdrawn(self):
        """No agreement answers these needs any more: they are as before it."""
        for line in self.filtered(lambda line: line.state == "proposed"):
            if line.is_recommended:
                line.state = "recommended"
            else:
                line.state = "assigned" if line.employee_id else "taken"

    def _proposed_again(self):
        """The agreement that answered these needs is written again."""
        self.filtered(
            lambda line: line.state in ("taken", "assigned", "recommended")
        ).state = "proposed"

    def _option_taken(self):
        """The member took these recommended fields; the signature settles them."""
        self._answer_option("taken")

    def _option_left(self):
        """The member left these recommended fields."""
        self._answer_option("left")
        self.filtered("is_open").write({"state": "left"})

    def _answer_option(self, answer):
        self.filtered("is_recommended").write(
            {
                "option_answer": answer,
                "option_answer_date": self.env.company._today(),
            }
        )

    # Agreements and experts

    def action_propose_expert(self):
        """The experts of the field, with the reasons for each: the choice is human."""
        self.ensure_one()
        self.check_access("write")
        self._require_field()
        self._require_open()
        wizard = self.env["consortium.expert.proposal"].create({"line_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose an Expert"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open_request(self):
        """The whole request of this need."""
        self.ensure_one()
        return self.lead_id._action_open_request()

    def action_settle(self):
        """Ask how to close these needs without an agreement, and why."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse or Hand Over"),
            "res_model": "consortium.service.request.settle",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": [(6, 0, self.ids)]},
        }

    def action_recommend(self):
        """Ask which complementary field to recommend from this need."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recommend Another Field"),
            "res_model": "consortium.service.request.recommend",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_lead_id": self.lead_id.id,
                "default_source_line_id": self.id,
            },
        }
