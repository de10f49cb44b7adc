from odoo.addons.base.tests.common import BaseCommon
from odoo.fields import Date


class MemberCommon(BaseCommon):
    """Organisations, categories and resolutions, with short ways to make them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.today = cls.env.company._today()
        cls.kind = cls.env.ref("consortium_base.organization_kind_cooperative")
        cls.kind_network = cls.env.ref("consortium_base.organization_kind_network")
        cls.user_category, cls.auxiliary, cls.support = cls.env[
            "consortium.member.category"
        ].create(
            [
                {"name": "Test user", "code": "t_user"},
                {
                    "name": "Test auxiliary",
                    "code": "t_auxiliary",
                    "is_auxiliary": True,
                    "auxiliary_reason": "Served through a network.",
                },
                {"name": "Test support", "code": "t_support", "kind": "support"},
            ]
        )
        cls.membership_model = cls.env["consortium.membership"]
        cls.alize = cls.organization("Coopérative Alizé")
        cls.boreale = cls.organization("Mutuelle Boréale")
        cls.admission = cls.resolution("admission", "2015-01-15")

    @classmethod
    def organization(cls, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "organization_kind_id": cls.kind.id,
                "lang": "en_US",
                **values,
            }
        )

    @classmethod
    def resolution(cls, kind, date, decide=True, **values):
        """A resolution of the board, unanimous unless votes are given."""
        if "votes_for" not in values:
            values["unanimous"] = True
        resolution = cls.env["consortium.resolution"].create(
            {"subject": "Objet", "kind": kind, "date": date, **values}
        )
        if decide:
            resolution.action_decide()
        return resolution

    @classmethod
    def admit(cls, partner, date, category=None, **values):
        """A period, without an application."""
        values.setdefault("resolution_id", cls.admission.id)
        return cls.membership_model._admit(
            partner, category or cls.user_category, date, **values
        )

    @classmethod
    def application(cls, **values):
        """An application complete enough for the board."""
        return cls.env["consortium.membership.application"].create(
            {
                "organization_name": "Coopérative Nouvelle",
                "organization_kind_id": cls.kind.id,
                "email": "info@nouvelle.example",
                "category_id": cls.user_category.id,
                "has_undertaken": True,
                "date": "2019-01-10",
                **values,
            }
        )

    @classmethod
    def submitted(cls, **values):
        application = cls.application(**values)
        application.action_submit()
        return application

    @classmethod
    def employee(cls, group, **values):
        return cls.env["res.users"].create(
            {
                "name": f"Employé {group}",
                "login": f"m_{group}",
                "password": f"m_{group}",
                "email": f"m_{group}@coop.example",
                "lang": "en_US",
                "group_ids": [(4, cls.env.ref(f"consortium_base.group_{group}").id)],
                **values,
            }
        )

    @classmethod
    def representative(cls, organization, name="Aline Tremblay", **scopes):
        """A portal user with a mandate; password = login."""
        login = name.split()[0].lower() + "@rep.example"
        person = cls.env["res.partner"].create(
            {"name": name, "email": login, "lang": "en_US"}
        )
        cls.env["consortium.representation"].create(
            {
                "person_id": person.id,
                "organization_id": organization.id,
                "date_start": Date.subtract(cls.today, days=30),
                "scope_sign": True,
                "scope_vote": True,
                **scopes,
            }
        )
        user = person.user_ids
        user.write({"password": login, "lang": "en_US"})
        return user

    def on(self, date):
        return self.membership_model._on(date)
