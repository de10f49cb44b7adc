import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("consortium_timesheet_billing_run", {
    steps: () => [
        {
            content: "A new billing run",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Up to that day",
            trigger: "[name='date_to'] input, [name='date_to'] button",
            run: "click",
        },
        {
            content: "Type the day",
            trigger: "[name='date_to'] input",
            run: "edit 2018-09-30 && press Tab",
        },
        {
            content: "Propose the invoices",
            trigger: ".o_form_view [name='action_propose']",
            run: "click",
        },
        {
            content: "Two agreements are proposed, with their hours",
            trigger:
                "[name='line_ids']:has(.o_data_row:contains('Alizé'):contains('01:30')) .o_data_row:contains('Bise') [name='leave_out'] input",
            run: "click",
        },
        {
            content: "One is left out: save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Create the invoices",
            trigger: ".o_form_saved [name='action_create']",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "One is created",
            trigger: ".oe_stat_button[name='action_open_invoices']:contains('1')",
            timeout: 60000,
            run: "click",
        },
        {
            content: "Open it",
            trigger: ".o_data_row:contains('Alizé') .o_data_cell[name='invoice_date']",
            run: "click",
        },
        {
            content: "Hours and the hourly rate are there: confirm",
            trigger:
                ".o_form_view:has([name='invoice_line_ids'] .o_data_row:contains('1:30')) button[name='action_post']",
            run: "click",
        },
        {
            content: "It is posted",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value='posted']",
            timeout: 60000,
        },
    ],
});
