import json

from odoo import api, models

from ..tools import words


class ConsortiumMemberOperations(models.Model):
    _inherit = "consortium.member.operations"  # pylint: disable=consider-merging-classes-inherited

    @api.depends("content", "computed_at")
    def _compute_note(self):
        """As it was frozen, or as the books say now."""
        for year in self:
            if year.content:
                year.note = json.loads(year.content)["note"]
            elif year.computed_at:
                # Read again: what is stored is for lists, not for documents.
                year.note = self._for_year(
                    year.date_from, year.date_to, year.company_id
                )["note"]
            else:
                year.note = False

    @api.model
    def _note(self, structure, company):
        """The note that the regulation asks for (s. 11(2)), in French where French is
        installed, whoever asks."""
        french = bool(self.env["res.lang"]._get_data(code="fr_CA"))
        env = self.with_context(lang="fr_CA" if french else None).env
        text = {
            "name": company.legal_name or company.name,
            "date": structure["date_to"],
            "minimum": words.percent(structure["minimum"], french),
        }
        parts = [self._note_users(env, structure, text, french)]
        if structure["workers"]:
            parts.append(
                env._(
                    "With its worker members, this proportion is %(share)s.",
                    share=words.percent(structure["workers"]["share"], french),
                )
            )
        if structure["manual"]:
            parts.append(
                env._(
                    "These volumes include those of: %(names)s.",
                    names=", ".join(row["name"] for row in structure["manual"]),
                )
            )
        reference = structure["reference"]
        required = env._("At least %(minimum)s is required", **text)
        parts.append(f"{required} ({reference})." if reference else f"{required}.")
        return " ".join(parts)

    @api.model
    def _note_users(self, env, structure, text, french):
        users = structure["users"]
        if users["share"] is None:
            return env._(
                "Operations with members: in the fiscal year ended on %(date)s, "
                "%(name)s had no operations.",
                **text,
            )
        return env._(
            "Operations with members: in the fiscal year ended on %(date)s, the "
            "operations of %(name)s with its user members are %(share)s of its "
            "operations, that is %(part)s of %(whole)s before taxes.",
            share=words.percent(users["share"], french),
            part=words.money(users["with_members"], french),
            whole=words.money(users["total"], french),
            **text,
        )
