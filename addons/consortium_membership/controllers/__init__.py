from . import (
    member_register,
    membership_apply,
    membership_portal,
    share_certificate,
    share_portal,
    share_register,
)
