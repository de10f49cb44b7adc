from . import (
    consortium_office_register,
    consortium_representation_revoke,
    portal_wizard_user,
)
