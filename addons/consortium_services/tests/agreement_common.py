"""What the tests of agreements share: two members, an expert, agreements."""

from unittest.mock import patch

from odoo import fields
from odoo.addons.consortium_base.tests.common import GovernanceCommon

from .common_requests import serve_everybody


class AgreementCommon(GovernanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env["base"].with_context(tracking_disable=True).env
        # Paper takes a second each time: it is looked at in one test.
        version = cls.env.registry["consortium.agreement.version"]
        cls.startClassPatcher(
            patch.object(
                version,
                "_render_document",
                lambda self: f"%PDF-1.4 {self.id} {self.state}".encode(),
            )
        )
        serve_everybody(cls)
        cls.person.lang = "en_US"
        cls.sign_mandate = cls.mandate(scope_sign=True, scope_billing=True)
        cls.signatory = cls.user_of(cls.person)
        cls.signatory.write({"password": cls.signatory.login, "lang": "en_US"})
        cls.other_person = cls.env["res.partner"].create(
            {"name": "Bruno Boréal", "email": "bruno@boreale.example", "lang": "en_US"}
        )
        cls.mandate(
            cls.other_person, cls.organization_b, scope_sign=True, scope_billing=True
        )
        cls.other_signatory = cls.user_of(cls.other_person)
        cls.other_signatory.write(
            {"password": cls.other_signatory.login, "lang": "en_US"}
        )
        cls.coordinator = cls.employee("coordinator")
        cls.manager = cls.employee("manager")
        (cls.coordinator | cls.manager).write({"lang": "en_US"})
        cls.law, cls.finance = cls.env["consortium.expertise"].create(
            [
                {"name": "Droit des essais", "code": "T-LAW"},
                {"name": "Finance des essais", "code": "T-FIN"},
            ]
        )
        cls.expert_user = cls.employee("expert")
        cls.expert_user.lang = "en_US"
        cls.expert = cls.env["hr.employee"].create(
            {"name": "Élise Experte", "user_id": cls.expert_user.id}
        )

    @classmethod
    def agreement(cls, member=None, minutes=600, options=(), **values):
        """A draft agreement of one field, law, and of options in finance."""
        lines = [
            fields.Command.create(
                {
                    "expertise_id": cls.law.id,
                    "planned_minutes": minutes,
                    "expert_id": cls.expert.id,
                }
            )
        ]
        lines += [
            fields.Command.create(
                {
                    "expertise_id": cls.finance.id,
                    "planned_minutes": option,
                    "is_agreement_option": True,
                }
            )
            for option in options
        ]
        return cls.env["sale.order"].create(
            {
                "partner_id": (member or cls.organization_a).id,
                "is_service_agreement": True,
                "agreement_type": "service",
                "agreement_title": "Accompagnement juridique",
                "agreement_start": cls.today,
                "agreement_end": cls.day(120),
                "agreement_lang": "en_US",
                "user_id": cls.coordinator.id,
                "order_line": lines,
                **values,
            }
        )

    @classmethod
    def proposed(cls, *args, **values):
        order = cls.agreement(*args, **values)
        order.with_user(cls.coordinator).action_propose()
        return order

    @classmethod
    def sign(cls, order, user=None, version=None, name=None):
        """Sign as the member does, having read the page."""
        user = user or cls.signatory
        digest = version.content_sha256 if version else order._content_digest()
        return order.with_user(user)._sign_as_member(
            name or user.name, digest, version and version.with_user(user)
        )

    @classmethod
    def running(cls, *args, **values):
        order = cls.proposed(*args, **values)
        user = (
            cls.other_signatory
            if order.partner_id == cls.organization_b
            else cls.signatory
        )
        cls.sign(order, user)
        order.with_user(cls.manager).action_countersign()
        return order

    @classmethod
    def enter(cls, order, minutes, user=None, line=None):
        """Time of the expert on a task of the agreement."""
        line = line or order.order_line.filtered("task_id")[:1]
        return (
            cls.env["account.analytic.line"]
            .with_user(user or cls.expert_user)
            .create(
                {
                    "name": "Travail",
                    "project_id": order.project_id.id,
                    "task_id": line.task_id.id,
                    "employee_id": cls.expert.id,
                    "unit_amount": minutes / 60,
                    "date": cls.today,
                }
            )
        )
