from odoo.addons.consortium_base.tools.frozen import keep_frozen, unchanged


def keep_frozen_years(model, columns, last=()):
    """For ``init``: a row that is a draft no more keeps these columns, whoever writes;
    another one may only replace it. Once replaced it keeps those of ``last`` too."""
    allowed = ["NEW.state IN (OLD.state, 'replaced')", unchanged(*sorted(columns))]
    if last:
        allowed.append(f"(OLD.state <> 'replaced' OR {unchanged(*sorted(last))})")
    keep_frozen(
        model.env.cr,
        model._table,
        frozen="OLD.state <> 'draft'",
        allowed=" AND ".join(allowed),
    )
