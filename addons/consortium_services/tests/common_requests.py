"""What the tests of the catalogue and of the requests share."""

import re
from unittest.mock import patch

from odoo.addons.consortium_base.tests.common import GovernanceCommon
from odoo.tests import new_test_user


def everybody_is_served(registry):
    """A patch: whoever asks is served, whatever other addons, tested apart, say."""
    return patch.object(
        registry["res.partner"], "_why_not_served", lambda self, date: ""
    )


def serve_everybody(case):
    """The same, for all the tests of a class."""
    case.startClassPatcher(everybody_is_served(case.env.registry))


class RequestCommon(GovernanceCommon):
    """Two fields with their coordinators and experts; Aline requests for Alizé."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        serve_everybody(cls)
        cls.coordinator = cls.internal("coordinator", "coordinator")
        cls.coordinator_2 = cls.internal("coordinator", "coordinator2")
        cls.expert_user = cls.internal("expert", "expert")
        # The catalogue of data is not what is tested here.
        cls.env["consortium.expertise"].search([]).active = False
        fields = cls.env["consortium.expertise"].create(
            [
                {
                    "code": "TLEG",
                    "name": "Droit des coopératives",
                    "solves": "Fusionner deux organisations.",
                    "keywords": "avocat",
                    "manager_id": cls.coordinator.id,
                    "typical_hours_min": 10,
                    "typical_hours_max": 30,
                },
                {
                    "code": "TFIN",
                    "name": "Comptabilité générale",
                    "solves": "Remplacer le comptable qui part.",
                    "manager_id": cls.coordinator_2.id,
                },
                {"code": "TGEN", "name": "Gestion d'entreprise"},
                {"code": "TMEN", "name": "Jumelage", "kind": "mentoring"},
            ]
        )
        cls.legal, cls.finance, cls.management, cls.mentoring = fields
        cls.legal.complement_ids = [
            (
                0,
                0,
                {
                    "complementary_id": cls.finance.id,
                    "reason": "Une fusion demande aussi de la comptabilité.",
                },
            )
        ]
        cls.expert = cls.employee_of("Élise Experte", cls.legal, cls.expert_user)

    @classmethod
    def internal(cls, group, login):
        """A user with one group of ours, in English."""
        return new_test_user(
            cls.env,
            f"requests_{login}",
            groups=f"consortium_base.group_{group}",
            lang="en_US",
            name=f"Usager {login}",
            email=f"{login}@coop.example",
        )

    @classmethod
    def employee_of(cls, name, expertises, user=None, **values):
        """An employee of forty hours a week with these fields of expertise."""
        calendar = cls.env["resource.calendar"].search(
            [("name", "=", "Requests 40 h")], limit=1
        ) or cls.env["resource.calendar"].create(
            {"name": "Requests 40 h", "tz": "America/Toronto"}
        )
        return cls.env["hr.employee"].create(
            {
                "name": name,
                "user_id": user.id if user else False,
                "resource_calendar_id": calendar.id,
                "expertise_ids": [(6, 0, expertises.ids)],
                **values,
            }
        )

    @classmethod
    def request(cls, *needs, organization=None, **values):
        """A request of the organisation: a need for each field of expertise."""
        return cls.env["crm.lead"].create(
            {
                "name": "Demande",
                "is_service_request": True,
                "partner_id": (organization or cls.organization_a).id,
                "request_person_id": cls.person.id,
                "request_line_ids": [
                    (0, 0, {"expertise_id": need.id, "need": f"Besoin {need.code}"})
                    for need in needs
                ],
                **values,
            }
        )

    @classmethod
    def settle(cls, lines, how="refused", reason="Raison", **values):
        """Close needs by the wizard."""
        return (
            lines.env["consortium.service.request.settle"]
            .create(
                {
                    "line_ids": [(6, 0, lines.ids)],
                    "how": how,
                    "reason": reason,
                    **values,
                }
            )
            .action_settle()
        )

    def run_cron(self, name):
        """Run a planned action of the addon, as the server does."""
        with self.enter_registry_test_mode():
            self.env.ref(f"consortium_services.{name}").method_direct_trigger()

    @classmethod
    def representative(cls, **values):
        """Aline's portal user, with the mandate to request for Alizé."""
        cls.mandate(scope_request=True, **values)
        user = cls.user_of(cls.person)
        user.password = user.login
        user.lang = "en_US"
        return user


class PortalRequestCommon(RequestCommon):
    """Pages and forms, as a browser asks for them."""

    def login(self, user):
        self.authenticate(user.login, user.login)

    def token(self, page):
        return re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)

    def form(self, **values):
        """What the form would send, with its tokens."""
        page = self.url_open("/my/requests/new").text
        key = re.search(r'name="submission_key" value="([^"]+)"', page).group(1)
        return {
            "csrf_token": self.token(page),
            "submission_key": key,
            "name": "Fusion",
            "expertise_id": [str(self.legal.id), str(self.finance.id)],
            "need": ["Préparer la fusion", "Regarder les comptes"],
            **values,
        }

    def submit(self, files=None, **values):
        return self.url_open(
            "/my/requests/submit", data=self.form(**values), files=files
        )

    def requests_of(self, organization=None):
        organization = organization or self.organization_a
        return self.env["crm.lead"].search(
            [
                ("is_service_request", "=", True),
                ("requester_id", "=", organization.id),
            ]
        )
