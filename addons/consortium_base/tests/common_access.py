"""What each role may do with each model, said in one table and tried."""

from odoo.tests import new_test_user

OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}
STAFF = (
    "expert",
    "coordinator",
    "membership_officer",
    "accountant",
    "manager",
    "auditor",
)
GROUPS = (*STAFF, "portal", "public")
READ_ALL = dict.fromkeys(STAFF, "r")
BY_MANAGER = {**READ_ALL, "manager": "crwu"}
BY_OFFICER = {**READ_ALL, "membership_officer": "crwu", "manager": "crwu"}


class AccessMatrix:
    """Mixin of a test class that says in ``expected`` what each group may do with each
    model: ``{model: {group: letters}}``, of c(reate), r(ead), w(rite), u(nlink);
    nothing for a group that is not named. ``users`` has one user a group."""

    expected = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = getattr(cls, "company", cls.env.company)
        cls.users = {
            group: new_test_user(
                cls.env(su=True),
                f"{cls.__name__}_{group}",
                groups=f"base.group_{group}"
                if group in ("portal", "public")
                else f"consortium_base.group_{group}",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
            for group in GROUPS
        }

    def own_models(self, addon, *prefixes):
        """The models that ``addon`` defines, those to come included: a model without
        its line in ``expected`` is to fail a test."""
        return {
            name
            for name, model in self.env.items()
            if model._original_module == addon
            and not model._abstract
            and name.startswith(prefixes or "")
        }

    def allowed(self, model, group):
        """The letters of what the group may do with the model."""
        records = self.env[model].with_user(self.users[group])
        return {
            letter
            for letter, operation in OPERATIONS.items()
            if records.has_access(operation)
        }

    def test_matrix(self):
        for model, expected in self.expected.items():
            for group in GROUPS:
                self.assertEqual(
                    self.allowed(model, group),
                    set(expected.get(group, "")),
                    (model, group),
                )
