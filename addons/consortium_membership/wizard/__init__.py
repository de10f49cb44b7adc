from . import (
    base_partner_merge,
    base_partner_merge_automatic_wizard,
    consortium_member_register,
    consortium_membership_bulk,
    consortium_membership_change,
    consortium_membership_decision,
    consortium_membership_import,
    consortium_membership_import_line,
    consortium_membership_import_rows,
    consortium_share_redemption_sign,
    consortium_share_register_print,
    consortium_share_statement_make,
)
