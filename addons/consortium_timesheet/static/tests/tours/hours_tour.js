import { registry } from "@web/core/registry";

// No page may be wider than the screen: nothing is out of reach of a thumb.
function noSidewaysScroll() {
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) {
        throw new Error(`${page.scrollWidth} px on a screen of ${page.clientWidth}`);
    }
}

const CELL = ".o_time_week td.o_time_week_now input[data-index]";

registry.category("web_tour.tours").add("consortium_timesheet_week", {
    steps: () => [
        {
            content: "Look for a task",
            trigger: ".o_time_week_search",
            run: "edit Alizé",
        },
        {
            content: "Add it to the week",
            trigger: ".o_time_week_add .list-group-item:contains('Accompagnement')",
            run: "click",
        },
        {
            content: "Type a time under today",
            trigger: CELL,
            run: "edit 1h30 && press Enter",
        },
        {
            content: "The time is entered, and counted",
            trigger: ".o_time_week tfoot:contains('1:30')",
            run: noSidewaysScroll,
        },
        {
            content: "Say what was done",
            trigger: ".o_time_week_name",
            run: "edit Bail commercial && press Tab",
        },
        {
            content: "Start the timer",
            trigger: ".o_time_week_play",
            run: "click",
        },
        {
            content: "It runs: stop it",
            trigger: ".o_time_week_timer",
            run: "click",
        },
        {
            content: "It has stopped, and added a minute: put the time right",
            trigger:
                ".o_time_week:not(:has(.o_time_week_timer)) tfoot:contains('1:31')",
        },
        {
            content: "Type it again",
            trigger: CELL,
            run: "edit 1:30 && press Enter",
        },
        {
            content: "Confirm the week",
            trigger: ".o_time_week:has(tfoot:contains('1:30')) .o_time_week_confirm",
            run: "click",
        },
        {
            content: "It is with the coordinator",
            trigger: ".o_time_week .o_time_week_submitted:contains('1:30')",
            run: noSidewaysScroll,
        },
    ],
});

registry.category("web_tour.tours").add("consortium_timesheet_approval", {
    steps: () => [
        {
            content: "The week of the expert is there",
            trigger: ".o_data_row:contains('Bail commercial')",
            timeout: 60000,
        },
        {
            content: "Agreements are on the side",
            trigger: ".o_search_panel",
        },
        {
            content: "Select all",
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Approve",
            trigger: "button[name='action_approve']",
            run: "click",
        },
        {
            content: "Nothing is left to approve",
            trigger: ".o_content:not(:has(.o_data_row:contains('Bail commercial')))",
        },
    ],
});
