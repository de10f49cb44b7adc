from . import (
    agreement_portal,
    agreement_portal_acts,
    catalogue,
    satisfaction_portal,
    service_request,
)
