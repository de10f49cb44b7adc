from . import (
    base_partner_merge_automatic_wizard,
    consortium_agreement_close,
    consortium_expert_proposal,
    consortium_service_request_recommend,
    consortium_service_request_settle,
    consortium_service_request_split,
)
