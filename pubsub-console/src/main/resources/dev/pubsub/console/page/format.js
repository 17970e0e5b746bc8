// Numbers, times and names as people read them.

const whole = new Intl.NumberFormat('en');
const units = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1_000, 's']];

export function number(value) {
  return value === null || value === undefined ? '–' : whole.format(value);
}

/** Of a rate or a latency: three digits at most. */
export function digits(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return '–';
  }
  const size = Math.abs(value);
  return value === 0 ? '0' : size < 10 ? value.toFixed(size < 0.1 ? 2 : 1) : whole.format(Math.round(value));
}

/** Of milliseconds: the two largest units. */
export function duration(millis) {
  if (millis === null || millis === undefined || Number.isNaN(millis)) {
    return '–';
  }
  if (millis < 1_000) {
    return `${digits(millis)} ms`;
  }
  const first = units.findIndex(([size]) => millis >= size);
  const [size, unit] = units[first];
  const count = Math.floor(millis / size);
  if (first === units.length - 1) {
    return count < 10 ? `${(millis / 1_000).toFixed(1)} s` : `${count} s`;
  }
  const [nextSize, nextUnit] = units[first + 1];
  const rest = Math.floor((millis % size) / nextSize);
  return rest ? `${count} ${unit} ${rest} ${nextUnit}` : `${count} ${unit}`;
}

/** Of milliseconds: the largest unit alone, where there is little room. */
export function brief(millis) {
  const unit = units.find(([size]) => millis >= size);
  return unit ? `${Math.floor(millis / unit[0])} ${unit[1]}` : duration(millis);
}

export function ago(instant) {
  const millis = Date.now() - Date.parse(instant);
  return Number.isNaN(millis) ? '–' : millis < 1_000 ? 'now' : `${brief(millis)} ago`;
}

/** The time from one moment to another, both as seen from now: "9 min to 2 s ago". */
export function between(first, last) {
  const [from, to] = [ago(first), ago(last)];
  return from === to ? from : `${to === 'now' ? from : from.replace(/ ago$/, '')} to ${to}`;
}

/** The time of day. */
export function clock(date) {
  return date.toTimeString().substring(0, 8);
}

export function moment(instant) {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? String(instant) : date.toLocaleString();
}

/** A class without its package. */
export function simpleName(type) {
  return type ? type.substring(type.lastIndexOf('.') + 1).replace(/\$/g, '.') : null;
}

export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** CIRCUIT_OPEN as circuit open. */
export function words(constant) {
  return String(constant).toLowerCase().replace(/_/g, ' ');
}
