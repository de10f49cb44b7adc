import { registry } from "@web/core/registry";

// No page may be wider than the phone: nothing is out of reach of a thumb.
function noSidewaysScroll() {
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) {
        throw new Error(`${page.scrollWidth} px on a screen of ${page.clientWidth}`);
    }
}

registry.category("web_tour.tours").add("consortium_base_switch", {
    url: "/my",
    steps: () => [
        {
            content: "The banner tells whom one acts for",
            trigger: "#o_acting_name:contains('Coopérative Alizé')",
            run: noSidewaysScroll,
        },
        {
            content: "One click to act for the other organization",
            trigger: ".o_acting_switch:contains('Mutuelle Boréale')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The banner has followed",
            trigger: "#o_acting_name:contains('Mutuelle Boréale')",
            run: noSidewaysScroll,
        },
        {
            content: "Open its mandates",
            trigger: "a[href='/my/representatives']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "One's own mandate is marked, and fits",
            trigger: ".o_mandate.border-primary:contains('Aline Tremblay')",
            run: noSidewaysScroll,
        },
        {
            content: "Back to the first one, from any page",
            trigger: ".o_acting_switch:contains('Coopérative Alizé')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Home, for the first organization",
            trigger: "#o_acting_name:contains('Coopérative Alizé')",
        },
    ],
});
