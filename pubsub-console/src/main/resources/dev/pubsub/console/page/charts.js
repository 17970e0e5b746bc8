// Live charts: a short history of figures, drawn by uPlot.

import { clock } from './format.js';
import uPlot from './uplot.js';

const POINTS = 150;
const colours = window.matchMedia('(prefers-color-scheme: dark)');
const charts = new Set();

/**
 * A chart of some series over the last minutes; each has a label and the CSS variable of its colour. `spanGaps` draws a
 * line across what is null.
 */
export class Chart {
  constructor(holder, series, spanGaps = false, height = 88) {
    this.holder = holder;
    this.series = series;
    this.spanGaps = spanGaps;
    this.height = height;
    this.data = [[], ...series.map(() => [])];
    this.plot = null;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(holder);
    charts.add(this);
  }

  /** Adds what was read now; null leaves a gap. */
  add(seconds, ...values) {
    [seconds, ...values].forEach((value, i) => {
      this.data[i].push(value);
      if (this.data[i].length > POINTS) {
        this.data[i].shift();
      }
    });
    if (this.plot) {
      this.plot.setData(this.data);
    } else {
      this.draw();
    }
  }

  draw() {
    this.plot?.destroy();
    this.plot = null;
    const width = this.holder.clientWidth;
    if (width === 0) {
      return;
    }
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--faint'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false },
      font: '11px system-ui, sans-serif',
    };
    this.plot = new uPlot({
      width,
      height: this.height,
      legend: { show: false },
      cursor: { show: false },
      padding: [6, 20, 0, 0],
      scales: { x: { time: true }, y: { range: (plot, min, max) => [0, Math.max(1, max ?? 0) * 1.15] } },
      axes: [
        {
          ...axis, size: 22, gap: 6, space: 64, grid: { show: false },
          values: (plot, ticks) => ticks.map((seconds) => clock(new Date(seconds * 1_000))),
        },
        { ...axis, size: 38, gap: 4, space: 26, values: (plot, ticks) => ticks.map(short) },
      ],
      series: [{}, ...this.series.map(({ label, variable }) => ({
        label, stroke: colour(variable), width: 1.6, fill: `${colour(variable)}22`, points: { show: false }, spanGaps: this.spanGaps,
      }))],
    }, this.data, this.holder);
  }

  resize() {
    const width = this.holder.clientWidth;
    if (this.plot && width > 0 && width !== this.plot.width) {
      this.plot.setSize({ width, height: this.height });
    } else if (!this.plot && this.data[0].length) {
      this.draw();
    }
  }

  remove() {
    this.observer.disconnect();
    this.plot?.destroy();
    charts.delete(this);
  }
}

function short(value) {
  return value >= 1e6 ? `${value / 1e6}M` : value >= 1e3 ? `${value / 1e3}k` : String(value);
}

colours.addEventListener('change', () => charts.forEach((chart) => chart.draw()));
