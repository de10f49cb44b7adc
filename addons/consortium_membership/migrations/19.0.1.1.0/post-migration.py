def migrate(cr, version):
    """The size of use is kept on the membership, through changes of category; a request
    of redemption keeps the day of its decision."""
    cr.execute(
        """
        UPDATE consortium_membership m
           SET usage_hours = (
               SELECT a.usage_hours
                 FROM consortium_membership p
                 JOIN consortium_membership_application a ON a.id = p.application_id
                WHERE p.partner_id = m.partner_id AND p.company_id = m.company_id
                  AND p.date_start <= m.date_start
                ORDER BY p.date_start DESC LIMIT 1)
         WHERE m.date_start IS NOT NULL AND coalesce(m.usage_hours, 0) = 0
        """
    )
    # Of a refusal the day that it was last written on is the nearest that is known.
    cr.execute(
        """
        UPDATE consortium_share_redemption r
           SET decision_date = coalesce(
               (SELECT o.date FROM consortium_share_operation o
                 WHERE o.id = r.operation_id), r.write_date::date)
         WHERE r.state <> 'requested' AND r.decision_date IS NULL
        """
    )
