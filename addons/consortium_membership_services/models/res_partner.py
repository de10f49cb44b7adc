from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _served_through(self, date):
        """By which membership the organisation is served on ``date``.

        :return: its own, else that of a network that it belongs to, through others or
            not (the primary one first, then by member number), else none
        """
        self.ensure_one()
        # Whether one is served, and by what right, is known to whoever asks for it.
        memberships = self.env["consortium.membership"].sudo()
        in_force = memberships._on_domain(date)
        own = memberships.search(in_force & Domain("partner_id", "=", self.id), limit=1)
        if own:
            return own
        networks = self.sudo()._networks_on(date)
        theirs = memberships.search(
            in_force & Domain("partner_id", "in", networks.ids), order="number"
        )
        primary = self.sudo().with_context(consortium_date=date).network_id
        return theirs.filtered(lambda m: m.partner_id == primary)[:1] or theirs[:1]

    def _why_not_served(self, date):
        """Members are served, and the members of networks that are one; or by an
        exception that the general manager grants."""
        refusal = super()._why_not_served(date)
        if refusal or self._served_through(date) or self._has_exception(date):
            return refusal
        return self.env._(
            "%(name)s is not a member of the cooperative on %(date)s, nor does it "
            "belong to a network that is one: the general manager may grant an "
            "exception.",
            name=self.name,
            date=fields.Date.to_string(fields.Date.to_date(date)),
        )

    def _has_exception(self, date):
        # As above: whether, not why.
        return bool(
            self.env["consortium.service.exception"]
            .sudo()
            .search_count(
                [
                    ("partner_id", "=", self.id),
                    ("company_id", "=", self.env.company.id),
                    ("state", "=", "granted"),
                    ("date_start", "<=", date),
                    ("date_end", ">=", date),
                ],
                limit=1,
            )
        )
