import {
    Component,
    markRaw,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

const COLORS = ["#175c54", "#c9a227"];

/** One dimension of an indicator, this year next to the year before. */
export class IndicatorChart extends Component {
    static template = "consortium_reporting.IndicatorChart";
    static props = { card: Object, chart: Object, onOpen: Function };

    setup() {
        this.canvas = useRef("canvas");
        useEffect(
            () => this.drawChart(),
            () => [this.props.chart],
        );
        onWillUnmount(() => this.drawn && this.drawn.destroy());
    }

    get months() {
        return this.props.chart.dimension === "month";
    }

    drawChart() {
        if (this.drawn) {
            this.drawn.destroy();
        }
        const { chart, card, onOpen } = this.props;
        const names = [_t("This year"), _t("The year before")];
        const datasets = chart.series.map((data, index) => ({
            label: names[index].toString(),
            data,
            backgroundColor: COLORS[index],
            borderColor: COLORS[index],
            maxBarThickness: 28,
        }));
        // eslint-disable-next-line no-undef
        this.drawn = new Chart(this.canvas.el, {
            type: "bar",
            data: { labels: chart.labels, datasets },
            options: {
                indexAxis: this.months ? "x" : "y",
                maintainAspectRatio: false,
                animation: false,
                locale: document.documentElement.lang || undefined,
                plugins: { legend: { position: "bottom" } },
                onClick: (event, [bar]) => {
                    if (bar && chart.openable[bar.datasetIndex]) {
                        onOpen(card, chart, bar);
                    }
                },
            },
        });
    }
}

/** The year so far, against last year at the same date and the budget. */
export class Dashboard extends Component {
    static template = "consortium_reporting.Dashboard";
    static components = { IndicatorChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, chosen: null, dimension: 0 });
        this.chart = useRef("chart");
        // The chart of a card that is clicked may be below the screen.
        useEffect(
            () => {
                if (this.clicked && this.chart.el) {
                    this.chart.el.scrollIntoView({ block: "nearest" });
                }
            },
            () => [this.state.chosen],
        );
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
    }

    async load(date = null) {
        const data = await this.orm.call("consortium.indicator", "dashboard", [date]);
        // Raw: the library of charts writes in the arrays that it is given.
        this.state.data = markRaw(data);
        const cards = this.state.data.cards;
        const same = cards.find((card) => card.code === this.state.chosen);
        if (!same || !same.charts.length) {
            const first = cards.find((card) => card.charts.length);
            this.choose(first);
        }
    }

    choose(card) {
        this.state.chosen = card ? card.code : null;
        this.state.dimension = 0;
    }

    // Not « card »: a getter would hide the variable of the loop over the cards.
    get chosenCard() {
        return this.state.data.cards.find((card) => card.code === this.state.chosen);
    }

    get chosenChart() {
        return this.chosenCard && this.chosenCard.charts[this.state.dimension];
    }

    onCard(card) {
        if (card.charts.length) {
            this.clicked = true;
            this.choose(card);
        }
    }

    /** The records behind a card, or behind a bar of its chart: of its series. */
    async open(card, chart = null, bar = null) {
        const series = bar && bar.datasetIndex;
        const [from, until] = bar
            ? chart.periods[series]
            : [this.state.data.year[0], this.state.data.until];
        const action = await this.orm.call("consortium.indicator", "open_records", [
            card.code,
            from,
            until,
            bar && chart.dimension,
            bar && chart.keys[series][bar.index],
        ]);
        this.action.doAction(action);
    }
}

registry.category("actions").add("consortium_dashboard", Dashboard);
