import { registry } from "@web/core/registry";

// No page may be wider than the phone: nothing is out of reach of a thumb.
function noSidewaysScroll() {
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) {
        throw new Error(`${page.scrollWidth} px on a screen of ${page.clientWidth}`);
    }
}

registry.category("web_tour.tours").add("consortium_membership_apply", {
    url: "/membership/apply",
    steps: () => [
        {
            content: "The form fits",
            trigger: "#o_apply_form",
            run: noSidewaysScroll,
        },
        { trigger: "#organization_name", run: "edit Coopérative du parcours" },
        { trigger: "#organization_kind_id", run: "selectByIndex 1" },
        { trigger: "#email", run: "edit info@parcours.example" },
        { trigger: "#contact_name", run: "edit Aline Tremblay" },
        { trigger: "#contact_email", run: "edit aline@parcours.example" },
        { trigger: "#category_id", run: "selectByLabel Test user" },
        { trigger: "#need", run: "edit Comptabilité et paie" },
        { trigger: "#has_undertaken", run: "click" },
        {
            content: "Send",
            trigger: "#o_apply_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Thanks",
            trigger: "#o_apply_thanks",
            run: noSidewaysScroll,
        },
    ],
});

registry.category("web_tour.tours").add("consortium_membership_admit", {
    steps: () => [
        {
            content: "Open the application received online",
            trigger: ".o_data_row:contains('Coopérative du parcours') .o_data_cell",
            run: "click",
        },
        {
            content: "Before the board",
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            content: "The decision",
            trigger: "button[name=action_decide]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=resolution_id] input",
            run: "edit T-PARCOURS",
        },
        {
            trigger: ".ui-autocomplete .dropdown-item:contains('T-PARCOURS')",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_decide].btn-primary",
            run: "click",
        },
        {
            content: "The membership, with its number",
            trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name=number]",
        },
        {
            trigger:
                ".o_field_widget[name=partner_id]:contains('Coopérative du parcours')",
        },
    ],
});

registry.category("web_tour.tours").add("consortium_membership_portal", {
    url: "/my",
    steps: () => [
        {
            trigger: "a[href='/my/membership']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The member's card fits",
            trigger: "#o_membership_current",
            run: noSidewaysScroll,
        },
        {
            trigger: "a[href='/my/membership/request/resignation']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#details",
            run: "edit Nous fermons nos portes.",
        },
        {
            trigger:
                "form[action='/my/membership/request/resignation/send'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The request is there, received",
            trigger: ".o_member_request",
            run: noSidewaysScroll,
        },
    ],
});
