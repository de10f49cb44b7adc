from . import (
    consortium_affiliation,
    consortium_agreement_version,
    consortium_membership,
    consortium_satisfaction_invitation,
    consortium_satisfaction_report,
    consortium_service_exception,
    crm_lead,
    res_partner,
    sale_order,
    survey_user_input,
)
