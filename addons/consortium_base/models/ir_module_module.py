from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import str2bool


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _ledgers_kept(self):
        """What may not be lost with an addon: ``{addon: [(model, domain)]}``.

        For other addons to extend. Where a domain finds a record, the addon stays,
        unless the system parameter ``<addon>.uninstall_with_ledger`` says True.
        """
        return {}

    def button_uninstall(self):
        """:raise UserError: an addon that would go keeps a ledger"""
        self._check_no_ledger()
        return super().button_uninstall()

    def module_uninstall(self):
        """:raise UserError: an addon that would go keeps a ledger"""
        self._check_no_ledger()
        return super().module_uninstall()

    def _check_no_ledger(self):
        going = set((self | self.downstream_dependencies()).mapped("name"))
        # Who uninstalls may read neither parameters nor ledgers: one row is looked for.
        trusted = self.env["ir.config_parameter"].sudo()
        for addon, ledgers in self._ledgers_kept().items():
            parameter = f"{addon}.uninstall_with_ledger"
            if addon not in going or str2bool(trusted.get_param(parameter, ""), False):
                continue
            for model, domain in ledgers:
                if not self.env[model].sudo().search_count(domain, limit=1):
                    continue
                raise UserError(
                    self.env._(
                        "%(addon)s is not uninstalled: what it keeps under "
                        "“%(ledger)s” would be lost, and has to be kept. (To do so "
                        "nevertheless, set the system parameter %(parameter)s to "
                        "True.)",
                        addon=addon,
                        ledger=self.env["ir.model"]._get(model).name,
                        parameter=parameter,
                    )
                )
