'use strict';
// What the scripts of a page share.
const report = {
  record: JSON.parse(document.getElementById('record').textContent),

  /** By kind of section: draws one into its place. */
  show: {},

  /** An element with attributes and children; texts are texts, never markup. */
  element(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
    }

    element.append(...children.filter(c => c !== null && c !== undefined));
    return element;
  },

  /** The same for drawings. */
  drawing(tag, attributes = {}, ...children) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  },

  theme: name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim(),

  /** Colours and dashes change together, so that groups can be told apart without colour; 42 pairs differ. */
  colours: 7,
  dashes: ['', '8 4', '2 3', '8 3 2 3', '14 4', '14 3 2 3'],
  colour: style => report.theme(`c${style % report.colours}`),
  dash: style => report.dashes[style % report.dashes.length],

  /** Numbers in words of their kind; a dash for none. */
  format(value, kind) {
    if (value === null || value === undefined) return '–';
    switch (kind) {
      case 'whole': return value.toLocaleString('en', { maximumFractionDigits: 0 });
      case 'share': return `${(100 * value).toLocaleString('en', { maximumSignificantDigits: 3 })} %`;
      case 'probability': return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: value < 0.1 ? 4 : 2 });
      case 'duration': return report.duration(value);
      default: return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e7) ? value.toExponential(3) : value.toLocaleString('en', { maximumSignificantDigits: Math.abs(value) >= 1000 ? 5 : 4 });
    }
  },

  duration(seconds) {
    if (seconds < 100) return `${seconds.toLocaleString('en', { maximumSignificantDigits: 3 })} s`;
    if (seconds < 6000) return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
    return `${Math.floor(seconds / 3600).toLocaleString('en')} h ${String(Math.floor(seconds / 60) % 60).padStart(2, '0')} min`;
  },
};

report.show.text = (section, place) => {
  const { element } = report;
  place.append(...section.list
    ? [element('ul', {}, ...section.sentences.map(s => element('li', {}, s)))]
    : section.sentences.map(s => element('p', {}, s)));
};
