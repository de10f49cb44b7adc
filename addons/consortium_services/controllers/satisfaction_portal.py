from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.http import request, route
from werkzeug.exceptions import NotFound

from ..models.consortium_satisfaction_invitation import STATEMENTS

MAX_COMMENT = 5000


class SatisfactionPortal(CustomerPortal):
    """The three statements, put to the member at the end of a mandate."""

    def _invitation(self, invitation_id):
        """:raise NotFound: there is none, or it is not the user's to answer"""
        invitation = request.env["consortium.satisfaction.invitation"].search(
            [("id", "=", invitation_id)]
        )
        if not invitation or not invitation._may_answer():
            raise NotFound()
        return invitation

    @route(
        "/my/satisfaction/<int:invitation_id>", type="http", auth="user", website=True
    )
    def satisfaction(self, invitation_id, **kwargs):
        return self._render(self._invitation(invitation_id), {})

    @route(
        "/my/satisfaction/<int:invitation_id>/answer",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def answer(self, invitation_id, comments="", anonymous=None, **answers):
        """Record the answer, once; what was typed stays when something is missing."""
        invitation = self._invitation(invitation_id)
        given = {
            name: answers[name] == "yes"
            for name in STATEMENTS
            if answers.get(name) in ("yes", "no")
        }
        try:
            with request.env.cr.savepoint():
                invitation._answer(
                    given, comments.strip()[:MAX_COMMENT], bool(anonymous)
                )
        except UserError as problem:
            request.env.invalidate_all(flush=False)
            return self._render(
                invitation,
                {**answers, "comments": comments, "anonymous": anonymous},
                error=str(problem.args[0]),
            )
        return request.redirect(f"/my/satisfaction/{invitation.id}")

    def _render(self, invitation, typed, error=None):
        # The user was found to read it; the survey's words are everybody's.
        trusted = invitation.sudo()
        survey, questions = trusted._survey()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="satisfaction",
            invitation_id=invitation.id,
            state=trusted.state,
            is_over=trusted._expires_on() < trusted.company_id._today(),
            agreement_name=trusted.order_id.name,
            agreement_title=trusted.order_id.agreement_title,
            agreement_id=trusted.order_id.id,
            field=trusted.expertise_id.name,
            statements=[(name, questions[name].title) for name in STATEMENTS],
            comments_title=questions["comments"].title,
            thanks=survey.description_done,
            typed=typed,
            error=error,
        )
        return request.render("consortium_services.portal_my_satisfaction", values)
