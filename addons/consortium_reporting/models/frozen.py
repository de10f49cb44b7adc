from odoo.addons.consortium_base.tools.frozen import keep_frozen, unchanged


def keep_frozen_years(model, columns):
    """For ``init``: a row that is a draft no more keeps these columns, whoever writes;
    another one may only replace it."""
    keep_frozen(
        model.env.cr,
        model._table,
        frozen="OLD.state <> 'draft'",
        allowed="NEW.state IN (OLD.state, 'replaced') AND "
        + unchanged(*sorted(columns)),
    )
