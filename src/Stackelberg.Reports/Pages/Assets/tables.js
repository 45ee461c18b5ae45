'use strict';
// Tables that sort by each of their columns.
report.show.table = (section, place) => {
  const { element } = report;
  if (section.rows.length === 0) {
    place.append(element('p', { class: 'caption' }, section.empty));
    return;
  }

  const columns = section.columns, rows = section.rows.map(cells => ({ cells, row: row(cells) }));
  const body = element('tbody', {}, ...rows.map(r => r.row));
  const heads = columns.map((column, i) => element('th', { scope: 'col', title: column.hint || null, class: isNumber(column) ? 'number' : null, 'aria-sort': 'none' },
    element('button', { type: 'button' }, column.name)));
  heads.forEach((head, i) => head.firstChild.addEventListener('click', () => sort(i)));
  const table = element('table', {}, element('caption', { hidden: true }, section.title), element('thead', {}, element('tr', {}, ...heads)), body);
  if (rows.length > 12) place.append(filter());
  place.append(element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': section.title }, table));

  function isNumber(column) { return column.format !== 'text'; }

  function row(cells) {
    return element('tr', {}, ...cells.map((cell, i) => i === 0
      ? element('th', { scope: 'row', class: wrapping(cell) }, shown(cell, columns[i]))
      : element('td', { class: isNumber(columns[i]) ? 'number' : wrapping(cell) }, shown(cell, columns[i]))));
  }

  // names stay whole, sentences get room
  function wrapping(cell) {
    const length = String(key(cell) ?? '').length;
    return length <= 26 ? 'text short' : length > 40 ? 'text long' : 'text';
  }

  function shown(cell, column) {
    if (cell === null || typeof cell === 'number') return report.format(cell, column.format);
    if (typeof cell === 'string') return cell;
    if (cell.ends) return report.interval(cell, column.format);
    return cell.href ? element('a', { href: cell.href }, cell.text) : element('span', { class: `badge ${cell.badge}` }, cell.text);
  }

  function key(cell) {
    return cell === null || typeof cell !== 'object' ? cell : cell.ends ? cell.value : cell.text;
  }

  function sort(i) {
    const down = heads[i].getAttribute('aria-sort') === 'ascending';
    heads.forEach(h => h.setAttribute('aria-sort', 'none'));
    heads[i].setAttribute('aria-sort', down ? 'descending' : 'ascending');
    // what is not known stays below, whichever way
    rows.sort((a, b) => {
      const x = key(a.cells[i]), y = key(b.cells[i]);
      if (x === null || y === null) return (x === null) - (y === null);
      const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'en', { numeric: true });
      return down ? -order : order;
    });
    body.append(...rows.map(r => r.row));
  }

  function filter() {
    const input = element('input', { type: 'search', class: 'filter', placeholder: `filter ${rows.length} rows`, 'aria-label': `Filter the rows of ${section.title}` });
    input.addEventListener('input', () => {
      const words = input.value.toLowerCase().split(/\s+/);
      for (const { row } of rows) row.hidden = !words.every(w => row.textContent.toLowerCase().includes(w));
    });
    return input;
  }
};

/** A number with its interval, in figures and drawn on the scale of its column. */
report.interval = (cell, format) => {
  const { element, drawing } = report, [low, high] = cell.ends, [from, to] = cell.scale;
  const at = v => 3 + 94 * (v - from) / (to - from);
  const text = element('span', {}, report.format(cell.value, format), ' ', element('small', {}, low === null || high === null ? 'no interval' : `[${report.format(low, format)}, ${report.format(high, format)}]`));
  const picture = drawing('svg', { viewBox: '0 0 100 14', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  picture.append(drawing('line', { x1: 3, x2: 97, y1: 7, y2: 7, stroke: 'var(--line)', 'stroke-width': 1 }));
  if (cell.mark !== null) picture.append(drawing('line', { x1: at(cell.mark), x2: at(cell.mark), y1: 0, y2: 14, stroke: 'var(--soft)', 'stroke-width': 1 }));
  if (low !== null && high !== null) picture.append(drawing('rect', { x: at(low), width: Math.max(at(high) - at(low), 1), y: 4.5, height: 5, fill: 'var(--c0)', 'fill-opacity': 0.45 }));
  if (cell.value !== null) picture.append(drawing('rect', { x: at(cell.value) - 1.1, width: 2.2, y: 1.5, height: 11, fill: 'var(--c0)' }));
  return element('span', { class: 'interval' }, text, picture);
};
