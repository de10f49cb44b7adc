from odoo import models
from odoo.http import request
from werkzeug.exceptions import NotFound

# Where a portal user goes who represents nobody: the home page says so, and one's own
# password stays one's own.
OPEN_TO_ALL = (
    "/my",
    "/my/home",
    "/my/counters",
    "/my/security",
    "/my/deactivate_account",
)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Without a mandate in force, the member's portal is not there.

        Core's pages read the company of the contact as superuser (addresses, means of
        payment); record rules can't hold those. Documents reached with their own
        access token are on public routes, and stay as core intends.
        """
        result = super()._pre_dispatch(rule, args)
        if (
            rule.endpoint.routing.get("auth") == "user"
            and rule.rule.startswith("/my")
            and rule.rule not in OPEN_TO_ALL
            and request.env.user._is_portal()
            and not request.env.user._acting_partner()
        ):
            raise NotFound()
        return result
