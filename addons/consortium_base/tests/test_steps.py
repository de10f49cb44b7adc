from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestSteps(TransactionCase):
    """Nothing begins approved, adopted or posted, whatever the defaults of whoever
    creates it: of all that is installed."""

    def steps(self):
        """The readonly steps of our models, and of Odoo's that ours add steps to."""
        for name, model in self.env.registry.items():
            if model._abstract or model._transient:
                continue
            for step in ("state", "approval_state"):
                field = model._fields.get(step)
                ours = field and (field._module or "").startswith("consortium_")
                if ours and field.readonly and field.store and not field.compute:
                    yield self.env[name], field

    def test_no_default_takes_a_step(self):
        steps = list(self.steps())
        self.assertIn(self.env["consortium.resolution"], [model for model, _f in steps])
        for model, field in steps:
            first = field.default(model)
            others = [key for key in field.get_values(self.env) if key != first]
            forged = {f"default_{field.name}": others[-1]}
            with self.subTest(model=model._name):
                found = model.with_context(**forged).default_get([field.name])
                self.assertEqual(found[field.name], first)
                self.env["ir.default"].set(model._name, field.name, others[-1], True)
                found = model.default_get([field.name])
                self.assertEqual(found[field.name], first)

    def test_a_resolution_is_not_born_adopted(self):
        resolutions = self.env["consortium.resolution"]
        values = {"subject": "Tarifs", "kind": "rates", "date": "2019-05-15"}
        forged = resolutions.with_context(default_state="adopted").create(values)
        self.assertEqual(forged.state, "draft")
        with self.assertRaises(UserError):
            forged._require("rates", forged.date)

    def test_what_people_choose_keeps_its_defaults(self):
        offices = self.env["consortium.office"]
        found = offices.with_context(default_role="secretary").default_get(["role"])
        self.assertEqual(found["role"], "secretary")
