import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Several needs in one request, and a button that is pressed once. */
export class ServiceRequestForm extends Interaction {
    static selector = "#o_service_request_form";
    dynamicContent = {
        "#o_add_need": { "t-on-click": this.addNeed },
        ".o_remove_need": { "t-on-click": this.removeNeed },
        "#is_urgent": { "t-on-change": this.showReason },
        _root: { "t-on-submit": this.sendOnce },
    };

    setup() {
        this.needs = this.el.querySelector("#o_needs");
    }

    start() {
        this.showReason();
        this.numberNeeds();
    }

    addNeed() {
        const blocks = this.needs.querySelectorAll(".o_need");
        const need = blocks[blocks.length - 1].cloneNode(true);
        need.querySelector("select").value = "";
        need.querySelector("textarea").value = "";
        this.insert(need, this.needs);
        this.numberNeeds();
        need.querySelector("select").focus();
    }

    removeNeed(ev) {
        if (this.needs.querySelectorAll(".o_need").length > 1) {
            ev.currentTarget.closest(".o_need").remove();
            this.numberNeeds();
        }
    }

    numberNeeds() {
        const blocks = this.needs.querySelectorAll(".o_need");
        blocks.forEach((block, index) => {
            block.querySelector(".o_need_number").textContent = index + 1;
            block
                .querySelector(".o_remove_need")
                .classList.toggle("d-none", blocks.length === 1);
        });
    }

    showReason() {
        const urgent = this.el.querySelector("#is_urgent").checked;
        this.el.querySelector("#o_urgency").classList.toggle("d-none", !urgent);
        this.el.querySelector("[name=urgency_reason]").required = urgent;
    }

    sendOnce(ev) {
        const button = this.el.querySelector("button[type=submit]");
        if (button.disabled) {
            ev.preventDefault();
        }
        button.disabled = true;
    }
}

registry
    .category("public.interactions")
    .add("consortium_services.service_request_form", ServiceRequestForm);
