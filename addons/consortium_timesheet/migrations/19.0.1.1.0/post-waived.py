def migrate(cr, version):
    """Time of an agreement that is not charged was said so by somebody: it stays so.

    Approved time never changes, and needs no mark."""
    cr.execute(
        """
        UPDATE account_analytic_line SET is_charge_waived = TRUE
         WHERE project_id IS NOT NULL AND so_line IS NOT NULL
           AND chargeable IS NOT TRUE AND approval_state <> 'approved'
        """
    )
