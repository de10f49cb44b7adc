from odoo import fields, models
from odoo.http import request

SESSION_KEY = "consortium_acting_partner_id"


class ResUsers(models.Model):
    _inherit = "res.users"

    def _mandates(self, date=None):
        """What the user's mandates in force on a date allow.

        Kept for the transaction: record rules ask at each query.

        :param date: today when not given
        :return: ``{organization id: frozenset of scopes}``, the oldest mandate first
        """
        self.ensure_one()
        date = date or self.env.company._today()
        kept = self.env.cr.cache.setdefault("consortium_mandates", {})
        key = (self.partner_id.id, date)
        if key not in kept:
            # The rules on mandates ask for this very answer; narrowed to the person.
            model = self.env["consortium.representation"].sudo()
            mandates = model.search_fetch(
                model._in_force_domain(date)
                & fields.Domain("person_id", "=", self.partner_id.id),
                ["organization_id", *(f for f in model._fields if f[:6] == "scope_")],
                order="date_start, id",
            )
            found = {}
            for mandate in mandates:
                scopes = found.get(mandate.organization_id.id, frozenset())
                found[mandate.organization_id.id] = scopes | mandate._scopes()
            kept[key] = found
        return kept[key]

    def _represented_partners(self, scope=None, date=None):
        """The organisations the user represents.

        :param scope: vote, sign, request or billing; ``None`` for any
        :param date: today when not given
        """
        ids = [
            organization
            for organization, scopes in self._mandates(date).items()
            if scope is None or scope in scopes
        ]
        return self.env["res.partner"].browse(ids)

    def _acting_partner(self, scope=None):
        """The organisation the user acts for now; empty when it may not.

        The choice kept in the session is believed only while a mandate is in force;
        otherwise the oldest mandate decides.

        :param scope: also ask that the mandate has this scope
        """
        self.ensure_one()
        mandates = self._mandates()
        chosen = None
        if request and request.session.uid == self.id:
            chosen = request.session.get(SESSION_KEY)
        if chosen not in mandates:
            chosen = next(iter(mandates), None)
        if chosen and scope and scope not in mandates[chosen]:
            chosen = None
        return self.env["res.partner"].browse(chosen)

    def _act_for(self, partner_id):
        """Choose the organisation to act for, in this session.

        :return: whether the user represents it
        """
        self.ensure_one()
        if partner_id not in self._mandates():
            return False
        request.session[SESSION_KEY] = partner_id
        return True

    def _holds_office(self):
        """Whether the user is a director or an officer today."""
        self.ensure_one()
        # Who sits on the board is not a secret; narrowed to the user's own person.
        office = self.env["consortium.office"].sudo()
        today = self.env.company._today()
        domain = office._in_office_domain(today)
        return bool(
            office.search_count(
                domain & fields.Domain("person_id", "=", self.partner_id.id), limit=1
            )
        )
