from odoo import fields
from odoo.addons.consortium_base.controllers.portal import RepresentativePortal
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route
from werkzeug.exceptions import NotFound


class TrainingPortal(RepresentativePortal):
    """Trainings to come, and who of the organisation is registered."""

    def _trainings(self):
        events = request.env["event.event"]
        return events.search(events._portal_domain(), order="date_begin, id")

    @route("/my/trainings", type="http", auth="user", website=True, readonly=True)
    def trainings(self, **kwargs):
        """The trainings to come."""
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="trainings",
            trainings=[self._training_values(event) for event in self._trainings()],
        )
        return request.render("consortium_services_event.portal_my_trainings", values)

    @route(
        "/my/trainings/<int:event_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def training(self, event_id, registered=None, cancelled=None, **kwargs):
        """A training, and the registrations of the organisation."""
        return self._render_training(
            self._training(event_id), registered=registered, cancelled=cancelled
        )

    @route(
        "/my/trainings/<int:event_id>/register",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def register(self, event_id, **post):
        """Register people; sent twice, they are registered once."""
        event = self._training(event_id)
        organization = request.env.user._acting_partner("request")
        if not organization:
            raise NotFound()
        form = request.httprequest.form
        typed = list(zip(form.getlist("name"), form.getlist("email"), strict=False))
        try:
            with request.env.cr.savepoint():
                event._register_from_portal(organization, typed)
        except UserError as error:
            response = self._render_training(event, error=error.args[0], typed=typed)
            response.status_code = 422
            return response
        return request.redirect(f"/my/trainings/{event.id}?registered=1")

    @route(
        "/my/trainings/<int:event_id>/registrations/<int:seat_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def cancel(self, event_id, seat_id, **post):
        """Cancel the registration of somebody of the organisation; twice is once."""
        event = self._training(event_id)
        if not request.env.user._acting_partner("request"):
            raise NotFound()
        # Those of the organisation alone, by the user's own rights.
        seat = request.env["event.registration"].search(
            [("id", "=", seat_id), ("event_id", "=", event.id)]
        )
        if not seat:
            raise NotFound()
        try:
            with request.env.cr.savepoint():
                seat._cancel_from_portal()
        except UserError as error:
            response = self._render_training(event, error=error.args[0])
            response.status_code = 422
            return response
        return request.redirect(f"/my/trainings/{event.id}?cancelled=1")

    def _training(self, event_id):
        events = request.env["event.event"]
        event = events.search(events._portal_domain() & Domain("id", "=", event_id))
        if not event:
            raise NotFound()
        return event

    def _render_training(
        self, event, registered=None, cancelled=None, error=None, typed=()
    ):
        organization = request.env.user._acting_partner("request")
        seats = request.env["event.registration"]
        if organization:
            seats = seats.search(
                [("event_id", "=", event.id), ("state", "!=", "cancel")], order="name"
            )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="trainings",
            training=self._training_values(event),
            description=event.description,
            # Whether places are left, of all those who registered.
            is_open=event.sudo().event_registrations_open,
            may_register=bool(organization),
            registrations=[
                {
                    "id": seat.id,
                    "name": seat.name,
                    "email": seat.email,
                    "may_cancel": seat._may_cancel(),
                }
                for seat in seats
            ],
            registered=registered,
            cancelled=cancelled,
            error=error,
            typed=typed or [("", "")],
        )
        return request.render("consortium_services_event.portal_my_training", values)

    def _training_values(self, event):
        """What the portal shows of a training, and nothing else."""
        # The place, the name of a field that may no longer be offered, and how many
        # places are left, of all those who registered.
        known = event.sudo()
        there = event.with_context(tz=event.date_tz)
        begin, end = (
            fields.Datetime.context_timestamp(there, moment)
            for moment in (event.date_begin, event.date_end)
        )
        return {
            "id": event.id,
            "name": event.name,
            "begin": event.date_begin,
            "end": event.date_end,
            "one_day": begin.date() == end.date(),
            "tz": event.date_tz,
            "place": known.address_inline,
            "expertise": known.expertise_id.name,
            "icon": known.expertise_id.icon or "fa-graduation-cap",
            "seats": known.seats_available
            if event.seats_limited and event.seats_max
            else None,
        }
