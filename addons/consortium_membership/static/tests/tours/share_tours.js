import { registry } from "@web/core/registry";

// From the queue to the repayment, with the three tests of the law signed twice.
function signTests() {
    return ["insolvent", "unstable", "unmet"].map((name) => ({
        content: `The cooperative is sound: ${name}`,
        trigger: `.modal .o_field_widget[name=${name}] input[data-value=no]`,
        run: "click",
    }));
}

registry.category("web_tour.tours").add("consortium_membership_redemption", {
    steps: () => [
        {
            content: "Redeem the shares of the request",
            trigger: "button[name=action_approve]",
            run: "click",
        },
        ...signTests(),
        {
            content: "The resolution of the board",
            trigger: ".modal .o_field_widget[name=resolution_id] input",
            run: "edit Rachat",
        },
        {
            content: "Choose it",
            trigger: ".modal .o-autocomplete--dropdown-item a:contains(Rachat)",
            run: "click",
        },
        {
            content: "Sign",
            trigger: ".modal button[name=action_sign]",
            run: "click",
        },
        {
            content: "The shares are redeemed; repay them",
            trigger: "button[name=action_pay]",
            run: "click",
        },
        ...signTests(),
        {
            content: "From the bank",
            trigger: ".modal .o_field_widget[name=journal_id] input",
            run: "edit Banque",
        },
        {
            content: "Choose it",
            trigger: ".modal .o-autocomplete--dropdown-item a:contains(Banque)",
            run: "click",
        },
        {
            content: "Sign again",
            trigger: ".modal button[name=action_sign]",
            run: "click",
        },
        {
            // The dialog holds a form too: the tour must not end before it is closed.
            content: "Repaid: nothing more to do",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has(button[name=action_pay]))",
        },
    ],
});

// In the portal: what is owing, then, once paid, the certificate.
registry.category("web_tour.tours").add("consortium_membership_owing", {
    steps: () => [
        {
            content: "Open the shares from the home page",
            trigger: "a[href='/my/shares']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Something is owing, and no certificate yet",
            trigger:
                "main:has(.o_share_line .text-danger):not(:has(.o_share_certificate))",
        },
        {
            content: "Open the invoice",
            trigger: ".o_share_invoice",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is there to be paid",
            trigger: "#invoice_content, .o_portal_invoice_sidebar",
        },
    ],
});

registry.category("web_tour.tours").add("consortium_membership_certificate", {
    steps: () => [
        {
            content: "Nothing owing, and the certificate",
            trigger: "main:has(.o_share_line .text-success) .o_share_certificate",
        },
        {
            content: "It fits a phone",
            trigger: ".o_share_certificate .badge",
            run() {
                const page = document.documentElement;
                if (page.scrollWidth > page.clientWidth) {
                    throw new Error(`${page.scrollWidth} px on ${page.clientWidth}`);
                }
            },
        },
    ],
});
