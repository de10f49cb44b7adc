import { onWillUnmount, useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";

const EVERY = 1500; // milliseconds

/** A progress bar that moves: reads the record again as long as it is running. */
export class ImportProgressField extends ProgressBarField {
    setup() {
        super.setup();
        const stop = () => clearInterval(this.timer);
        useEffect(
            (state) => {
                stop();
                if (state === "running") {
                    this.timer = setInterval(() => this.props.record.load(), EVERY);
                }
            },
            () => [this.props.record.data.state],
        );
        onWillUnmount(stop);
    }
}

registry.category("fields").add("consortium_import_progress", {
    ...progressBarField,
    component: ImportProgressField,
    fieldDependencies: [{ name: "state", type: "selection" }],
});
