from odoo import fields, models


class ConsortiumAchievementTag(models.Model):
    _name = "consortium.achievement.tag"
    _description = "Achievement Tag"
    _order = "name"

    name = fields.Char(required=True)

    _name_once = models.UniqueIndex("(lower(name))", "This tag is already there.")
