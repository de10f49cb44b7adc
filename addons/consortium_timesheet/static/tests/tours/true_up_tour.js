import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("consortium_timesheet_true_up", {
    steps: () => [
        {
            content: "The true-up of the run",
            trigger: ".o_notebook .nav-link[name='true_up']",
            run: "click",
        },
        {
            content: "Establish it",
            trigger: ".o_form_view button[name='action_true_up']",
            run: "click",
        },
        {
            content: "Its rows are there",
            trigger: "[name='true_up_ids'] .o_data_row:contains('Centre LEG')",
        },
        {
            content: "How it is settled",
            trigger: "[name='settlement_policy'] input",
            run: "click",
        },
        {
            content: "Below a threshold",
            trigger: ".o_select_menu_item:eq(2)",
            run: "click",
        },
        {
            content: "Which one",
            trigger: "[name='settlement_threshold'] input",
            run: "edit 1000 && press Tab",
        },
        {
            content: "Approve",
            trigger: ".o_form_view button[name='action_approve_true_up']",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Accrue",
            trigger: ".o_form_view button[name='action_accrue']",
            run: "click",
        },
        {
            content: "It is accrued: the button is gone; make the invoices",
            trigger:
                ".o_form_view:not(:has(button[name='action_accrue'])) button[name='action_settle']",
            run: "click",
        },
        {
            content: "They are there",
            trigger: ".o_list_view .o_data_row:contains('A1')",
            timeout: 60000,
        },
    ],
});
