import re

from odoo import api, models

PERCENT = re.compile(r"(?P<whole>\d+)(?:\.(?P<decimals>\d+))?\s*%")


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.depends_context("lang")
    def _compute_tax_label(self):
        """A label that is a percentage is written as the reader's language writes it:
        core's charts have one text for all, « 14.975% »."""
        result = super()._compute_tax_label()
        point = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        for tax in self:
            if percent := PERCENT.fullmatch(tax.tax_label or ""):
                numbers = filter(None, percent.groups())
                tax.tax_label = self.env._(
                    "%(percent)s%%", percent=(point.decimal_point or ".").join(numbers)
                )
        return result
