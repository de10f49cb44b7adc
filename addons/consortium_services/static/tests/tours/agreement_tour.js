import { registry } from "@web/core/registry";

// No page may be wider than the phone: nothing is out of reach of a thumb.
function noSidewaysScroll() {
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) {
        throw new Error(`${page.scrollWidth} px on a screen of ${page.clientWidth}`);
    }
}

registry.category("web_tour.tours").add("consortium_services_agreement_sign", {
    url: "/my/agreements",
    steps: () => [
        {
            content: "The agreement that waits for a signature",
            trigger: ".o_agreement:contains('Accompagnement juridique')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It fits on the phone",
            trigger: ".o_agreement_state[data-state='proposed']",
            run: noSidewaysScroll,
        },
        {
            content: "Take the option",
            trigger: ".o_agreement_take",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is taken: leaving it is what remains",
            trigger: ".o_agreement_line .o_agreement_leave",
            run: noSidewaysScroll,
        },
        {
            content: "Say that it was read",
            trigger: ".o_agreement_sign input[name='agreed']",
            run: "click",
        },
        {
            content: "Sign",
            trigger: ".o_agreement_sign button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Signed: it is the cooperative's turn",
            trigger: ".o_agreement_state[data-state='signed']",
            run: noSidewaysScroll,
        },
    ],
});

registry.category("web_tour.tours").add("consortium_services_agreement_answer", {
    url: "/my/agreements",
    steps: () => [
        {
            content: "The agreement is closed",
            trigger: ".o_agreement:contains('Accompagnement juridique')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The hours are there, and fit",
            trigger: ".o_agreement_hours:contains('2 h')",
            run: noSidewaysScroll,
        },
        {
            content: "Three questions",
            trigger: ".o_agreement_question",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Yes",
            trigger: "#recommend_yes",
            run: "click",
        },
        {
            content: "Yes",
            trigger: "#results_yes",
            run: "click",
        },
        {
            content: "Yes",
            trigger: "#continue_yes",
            run: "click",
        },
        {
            content: "Send",
            trigger: ".o_satisfaction_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Thank you",
            trigger: ".o_satisfaction_thanks",
            run: noSidewaysScroll,
        },
    ],
});
