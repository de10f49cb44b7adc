import { registry } from "@web/core/registry";

// No page may be wider than the phone: nothing is out of reach of a thumb.
function noSidewaysScroll() {
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) {
        throw new Error(`${page.scrollWidth} px on a screen of ${page.clientWidth}`);
    }
}

registry.category("web_tour.tours").add("consortium_services_ask", {
    url: "/my",
    steps: () => [
        {
            content: "Open the catalogue",
            trigger: "a[href='/my/services']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Search by need",
            trigger: "input[name=search]",
            run: "edit fusion de coopératives",
        },
        {
            content: "Search",
            trigger: "form[role=search] button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The field that answers",
            trigger: ".o_expertise_card a:contains('Droit des coopératives')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What it often goes with is shown",
            trigger: ".o_complement:contains('Comptabilité générale')",
            run: noSidewaysScroll,
        },
        {
            content: "Ask for it",
            trigger: "a.o_ask",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Describe the first need",
            trigger: ".o_need:first textarea",
            run: "edit Préparer la fusion",
        },
        {
            content: "Add another need",
            trigger: "#o_add_need",
            run: "click",
        },
        {
            content: "Choose its field",
            trigger: ".o_need:eq(1) select",
            run: "selectByLabel Comptabilité générale",
        },
        {
            content: "Describe it",
            trigger: ".o_need:eq(1) textarea",
            run: "edit Regarder les comptes",
        },
        {
            content: "It is urgent",
            trigger: "#is_urgent",
            run: "click",
        },
        {
            content: "And why",
            trigger: "input[name=urgency_reason]",
            run: "edit Assemblée dans deux semaines",
        },
        {
            content: "Everything is within reach",
            trigger: "#o_service_request_form",
            run: noSidewaysScroll,
        },
        {
            content: "Send",
            trigger: "#o_service_request_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Received, with a number",
            trigger: ".o_received:contains('DS-')",
        },
        {
            content: "A state for each need",
            trigger: ".o_request_need:eq(1) .o_need_state",
            run: noSidewaysScroll,
        },
    ],
});

registry.category("web_tour.tours").add("consortium_services_route", {
    steps: () => [
        {
            content: "Take the first need",
            trigger: ".o_data_row:first button[name=action_take]",
            run: "click",
        },
        {
            content: "See who could do it",
            trigger: ".o_data_row:first button[name=action_propose_expert]",
            run: "click",
        },
        {
            content: "The reasons are shown; choose",
            trigger:
                ".modal .o_data_row:contains('Élise Experte') button[name=action_choose]",
            run: "click",
        },
        {
            content: "The need is entrusted",
            trigger:
                "body:not(:has(.modal)) .o_data_row:first .o_field_badge:contains(xpert)",
        },
        {
            content: "Recommend a third field",
            trigger: ".o_form_statusbar button:contains(Recomm)",
            run: "click",
        },
        {
            content: "Choose it",
            trigger: ".modal div[name=expertise_id] input",
            run: "edit Gestion d'entreprise",
        },
        {
            content: "In the list",
            trigger: ".ui-autocomplete li:contains(Gestion) a",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".modal div[name=reason] textarea",
            run: "edit Un plan de gestion aide à fusionner",
        },
        {
            content: "Recommend",
            trigger: ".modal footer button[name=action_recommend]",
            run: "click",
        },
        {
            content: "The third field is there",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Gestion)",
        },
    ],
});
