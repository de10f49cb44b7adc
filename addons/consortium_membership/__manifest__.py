# consortium_membership: Consortium: members and shares
{
    "name": "Consortium: members and shares",
    "summary": "Applications, memberships, shares and their registers",
    "version": "19.0.1.0.0",
    "category": "Cooperative",
    "author": "Consortium contributors",
    "license": "AGPL-3",
    "depends": ["consortium_base", "crm", "report_weasyprint"],
    "data": [
        # Shares: rights and data
        "security/ir.model.access-shares.csv",
        "security/consortium_share_rules.xml",
        "data/consortium_share_data.xml",
        # Members
        "security/ir.model.access-members.csv",
        "security/consortium_membership_rules.xml",
        "data/consortium_member_category_data.xml",
        "data/consortium_member_ground_data.xml",
        "data/consortium_membership_sequences.xml",
        "data/consortium_membership_crons.xml",
        "views/consortium_member_category_views.xml",
        "views/consortium_membership_views.xml",
        "views/consortium_membership_application_views.xml",
        "views/consortium_membership_leaving_views.xml",
        "views/consortium_member_request_views.xml",
        "views/res_partner_membership_views.xml",
        "views/membership_portal_templates.xml",
        "report/consortium_member_register_templates.xml",
        "report/consortium_membership_letters.xml",
        # The letter is attached to the message
        "data/mail_template_data.xml",
        "wizard/consortium_membership_wizard_views.xml",
        "views/consortium_membership_menus.xml",
        # Shares
        "views/consortium_share_class_views.xml",
        "views/consortium_share_operation_views.xml",
        "views/consortium_share_register_views.xml",
        "views/consortium_share_redemption_views.xml",
        "views/consortium_share_document_views.xml",
        "views/consortium_share_portal_templates.xml",
        "report/consortium_share_reports.xml",
        "views/consortium_share_menus.xml",
    ],
    "demo": [
        "demo/consortium_membership_demo.xml",
        "demo/consortium_share_demo.xml",
    ],
    "assets": {
        "web.assets_tests": ["consortium_membership/static/tests/tours/**/*"],
    },
    "application": True,
    "uninstall_hook": "uninstall_hook",
}
