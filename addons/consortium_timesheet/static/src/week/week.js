import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { KeepLast, Mutex } from "@web/core/utils/concurrency";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const { DateTime } = luxon;
const MODEL = "consortium.time.week";

/** The expert's week: tasks as rows, days as columns; on a phone, one day at a time. */
export class TimeWeek extends Component {
    static template = "consortium_timesheet.TimeWeek";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.state = useState({
            week: null,
            added: [], // tasks chosen, without time yet
            day: 0, // the day shown on a phone
            cell: null, // the cell whose details are shown
            found: null, // tasks found by the search
            seconds: 0,
        });
        this.mutex = new Mutex();
        this.search = new KeepLast(); // a late answer replaces none that is newer
        this.typed = new Map(); // what is in a cell, and not entered yet
        this.sending = new Set(); // the cells that are being entered
        this.clock = setInterval(() => this.state.seconds++, 1000);
        useEffect(() => this.fillCells());
        onWillStart(() => this.load());
        onWillUnmount(() => clearInterval(this.clock));
    }

    get rows() {
        const known = new Set(this.state.week.rows.map((row) => this.key(row)));
        return [
            ...this.state.week.rows,
            ...this.state.added.filter((row) => !known.has(this.key(row))),
        ];
    }

    /** The days shown, with their place in the week. */
    get days() {
        const days = this.state.week.days.map((day, index) => ({ ...day, index }));
        return this.ui.isSmall ? [days[this.state.day]] : days;
    }

    get timerText() {
        const total = this.state.seconds;
        const two = (value) => String(value).padStart(2, "0");
        return `${Math.floor(total / 3600)}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
    }

    key(row) {
        return `${row.project_id}-${row.task_id}`;
    }

    dayName(day) {
        return DateTime.fromISO(day.date).toFormat("ccc");
    }

    emptyCell() {
        return { text: "", state: "", count: 0, editable: true, line_id: false };
    }

    cellOf(row, index) {
        return row.cells ? row.cells[index] : this.emptyCell();
    }

    place(row, index) {
        return `${this.key(row)}/${index}`;
    }

    /**
     * What the server knows in each cell, but where somebody is typing: the screen may
     * be drawn again at any moment, by the timer or an answer.
     */
    fillCells() {
        for (const input of this.root.el?.querySelectorAll("input[data-place]") ?? []) {
            input.value = this.typed.get(input.dataset.place) ?? input.dataset.text;
        }
    }

    type(row, index, event) {
        this.typed.set(this.place(row, index), event.target.value);
    }

    async load(date) {
        this.show(await this.orm.call(MODEL, "get_week", [date || false]));
        if (!date) {
            const today = this.state.week.days.findIndex((day) => day.today);
            this.state.day = Math.max(0, today);
        }
    }

    show(week) {
        if (this.state.week && this.state.week.date !== week.date) {
            this.state.added = [];
            this.state.cell = null;
        }
        this.state.week = week;
        this.state.seconds = week.timer ? week.timer.seconds : 0;
    }

    /** One after the other: a week is confirmed with the time that was just typed. */
    async call(method, args) {
        this.show(await this.mutex.exec(() => this.orm.call(MODEL, method, args)));
    }

    async move(weeks) {
        const date = DateTime.fromISO(this.state.week.date).plus({ weeks });
        await this.load(date.toISODate());
    }

    /**
     * Enter a time; when it is refused, the cell says again what the server knows.
     * Called when the cell is left: a browser says nothing of a change in one that was
     * drawn again meanwhile.
     */
    async enter(row, index, event) {
        const place = this.place(row, index);
        const cell = this.cellOf(row, index);
        const text = event.target.value.trim();
        if (!this.typed.has(place) || this.sending.has(place)) {
            return;
        }
        if (text === cell.text) {
            this.typed.delete(place);
            return;
        }
        const day = this.state.week.days[index].date;
        this.sending.add(place);
        try {
            await this.call("set_cell", [day, row.project_id, row.task_id, text]);
            this.state.cell = text ? { key: this.key(row), index } : null;
        } catch (error) {
            event.target.value = cell.text;
            throw error;
        } finally {
            this.typed.delete(place);
            this.sending.delete(place);
        }
    }

    select(row, index) {
        this.state.cell = { key: this.key(row), index };
    }

    /** The row, cell and day whose details are shown under the week. */
    get selected() {
        const { cell } = this.state;
        const row = cell && this.rows.find((each) => this.key(each) === cell.key);
        const found = row && this.cellOf(row, cell.index);
        if (!found || !found.line_id) {
            return null;
        }
        return { row, cell: found, day: this.state.week.days[cell.index] };
    }

    /** Arrows go from cell to cell, Enter to the next row. */
    onKeydown(event) {
        const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
        if (!step || !event.target.dataset.index) {
            return;
        }
        event.preventDefault();
        const { index } = event.target.dataset;
        const inputs = [
            ...this.root.el.querySelectorAll(`input[data-index="${index}"]`),
        ];
        const next = inputs[inputs.indexOf(event.target) + step];
        event.target.blur();
        next?.focus();
        next?.select();
    }

    async details(values) {
        await this.call("set_details", [this.selected.cell.line_id, values]);
    }

    async open(row, index) {
        const day = this.state.week.days[index].date;
        const args = [day, row.project_id, row.task_id];
        const action = await this.orm.call(MODEL, "open_cell", args);
        await this.action.doAction(action);
    }

    async find(event) {
        const text = event.target.value;
        this.state.found = await this.search.add(
            this.orm.call(MODEL, "find_tasks", [text]),
        );
    }

    add(task) {
        this.state.found = null;
        if (!this.rows.some((row) => this.key(row) === this.key(task))) {
            this.state.added.push(task);
        }
    }

    async copy() {
        await this.call("copy_last_week", [this.state.week.date]);
    }

    async confirm() {
        await this.call("confirm_week", [this.state.week.date]);
        this.notification.add(_t("Your week is with the coordinator."), {
            type: "success",
        });
    }

    async recall() {
        await this.call("recall_week", [this.state.week.date]);
    }

    async timer(row) {
        await this.call("toggle_timer", [row.project_id, row.task_id]);
    }

    async stopTimer() {
        await this.call("stop_timer", []);
    }

    timerLabel(row) {
        return this.isTimed(row) ? _t("Stop the timer") : _t("Start the timer");
    }

    stateLabel(state) {
        return {
            draft: _t("To confirm"),
            submitted: _t("Confirmed"),
            approved: _t("Approved"),
        }[state];
    }

    isTimed(row) {
        const { timer } = this.state.week;
        return timer && this.key(timer) === this.key(row);
    }
}

registry.category("actions").add("consortium_timesheet.week", TimeWeek);
