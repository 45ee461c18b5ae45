'use strict';
// Shows the sections in order.
(() => {
  const { record, element } = report;
  document.getElementById('title').textContent = record.title;
  document.getElementById('lead').textContent = record.lead;
  record.sections.forEach((section, i) => {
    const heading = element(`h${section.level}`, {}, section.title), id = `part-${i}`;
    const place = section.folded ? element('details', {}, element('summary', {}, heading)) : element('div', {}, heading);
    if (section.caption !== '') place.append(element('p', { class: 'caption' }, section.caption));
    document.getElementById('sections').append(element('section', { id }, place));
    if (section.level === 2 && section.entry !== null) document.getElementById('contents').append(element('a', { href: `#${id}` }, section.entry));
    report.show[section.kind](section, place);
  });
  // charts in sight are drawn by then
  requestAnimationFrame(() => setTimeout(() => { window.ready = true; }, 0));
})();
