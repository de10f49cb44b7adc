from . import (
    base_partner_merge_automatic_wizard,
    consortium_affiliation,
    consortium_legal_parameter,
    consortium_legal_parameter_value,
    consortium_organization_import,
    consortium_organization_import_line,
    consortium_organization_import_rows,
    consortium_organization_kind,
    consortium_region,
    res_company,
    res_partner_network,
    res_partner_organization,
)
