from . import (
    base_partner_merge_automatic_wizard,
    consortium_office_register,
    consortium_representation_revoke,
    portal_wizard_user,
)
