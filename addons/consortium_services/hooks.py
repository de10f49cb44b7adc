from odoo.addons.consortium_base.tools.frozen import drop_frozen


def post_init_hook(env):
    """Core asks Odoo's servers about the e-mail domain of whoever makes a request: that
    is for the cooperative to decide, in the settings of CRM."""
    env["ir.config_parameter"].set_param("crm.iap.lead.enrich.setting", "manual")
    job = "crm_iap_enrich.ir_cron_lead_enrichment"
    if found := env.ref(job, raise_if_not_found=False):
        found.active = False


def uninstall_hook(env):
    """Odoo drops tables and columns, not functions: drop ours, with their triggers.

    The years of our numbers go one by one: deleted with their sequence, by PostgreSQL,
    each would leave the sequence that counts in it.
    """
    drop_frozen(env.cr, "consortium_agreement_version")
    ours = env["ir.model.data"].search(
        [("module", "=", "consortium_services"), ("model", "=", "ir.sequence")]
    )
    env["ir.sequence.date_range"].search(
        [("sequence_id", "in", ours.mapped("res_id"))]
    ).unlink()
