from . import (
    agreement_portal,
    agreement_portal_acts,
    catalogue,
    message_file,
    satisfaction_portal,
    service_request,
)
