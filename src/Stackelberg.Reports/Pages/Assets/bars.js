'use strict';
// Bars of seconds by part. Every second colour is hatched too, so that neighbours differ without colour.
(() => {
  const { element } = report;
  const hatches = ['none', 'repeating-linear-gradient(45deg, rgba(255,255,255,.34) 0 3px, transparent 3px 8px)', 'repeating-linear-gradient(90deg, rgba(255,255,255,.34) 0 2px, transparent 2px 7px)',
    'repeating-linear-gradient(-45deg, rgba(0,0,0,.22) 0 2px, transparent 2px 6px)'];
  const look = part => `--part: var(--c${part % report.colours}); --hatch: ${hatches[part % hatches.length] === 'none' ? 'linear-gradient(transparent, transparent)' : hatches[part % hatches.length]}`;
  const sum = values => values.reduce((total, v) => total + (v ?? 0), 0);

  report.show.bars = (section, place) => {
    place.append(element('div', { class: 'parts' }, ...section.parts.map((name, i) => element('span', {}, element('i', { style: look(i) }), name))));
    const rows = [];
    for (const environment of new Set(section.bars.map(b => b.environment))) {
      const bars = section.bars.filter(b => b.environment === environment), longest = Math.max(...bars.map(b => sum(b.seconds)));
      rows.push(element('h4', {}, environment), ...bars.flatMap(bar => row(section, bar, longest)));
    }

    place.append(element('div', { class: 'bars' }, ...rows));
    const fold = element('details', {}, element('summary', {}, 'Seconds and shares as a table'));
    report.show.table(table(section), fold);
    place.append(fold);
  };

  function row(section, bar, longest) {
    const total = sum(bar.seconds);
    const pieces = bar.seconds.map((seconds, i) => {
      if (!seconds) return null;
      const share = seconds / total, width = longest > 0 ? 100 * seconds / longest : 0, text = `${section.parts[i]}: ${report.duration(seconds)}, ${report.format(share, 'share')}`;
      return element('i', { class: width < 9 ? 'thin' : null, style: `width: ${width}%; ${look(i)}`, title: text }, width < 9 ? null : element('span', {}, `${report.duration(seconds)} · ${Math.round(100 * share)} %`));
    });
    return [
      element('span', {}, bar.name), element('span', { class: 'total' }, report.duration(total)), element('div', { class: 'bar', role: 'img', 'aria-label': `${bar.name}: ${report.duration(total)}` }, ...pieces),
    ];
  }

  function table(section) {
    const columns = ['environment', 'group'].map(name => ({ name, format: 'text', hint: '' }));
    for (const part of section.parts) columns.push({ name: part, format: 'duration', hint: '' }, { name: '%', format: 'share', hint: `share of ${part}` });
    const rows = section.bars.map(b => [b.environment, b.name, ...b.seconds.flatMap(s => [s, s === null || sum(b.seconds) === 0 ? null : s / sum(b.seconds)])]);
    return { title: section.title, columns, rows, empty: '' };
  }
})();
