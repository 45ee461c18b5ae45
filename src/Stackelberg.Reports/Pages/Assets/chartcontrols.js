'use strict';
// Panels with their legends, switches and slider. A panel is drawn when it comes into sight, so that long pages open at once.
(() => {
  const { element, drawing } = report, config = { responsive: true, displaylogo: false, modeBarButtons: [['zoom2d', 'pan2d', 'resetScale2d', 'toImage']] };
  const largest = 50;
  report.charts = [];
  const seen = new IntersectionObserver(entries => {
    for (const entry of entries) {
      if (entry.isIntersecting) report.charts.find(c => c.place === entry.target)?.draw();
    }
  }, { rootMargin: '300px' });

  const sample = style => drawing('svg', { viewBox: '0 0 40 12', 'aria-hidden': 'true' },
    drawing('line', { x1: 1, x2: 39, y1: 6, y2: 6, stroke: `var(--c${style % report.colours})`, 'stroke-width': 3, 'stroke-dasharray': report.dash(style) }));

  function pressed(button, is) {
    button.setAttribute('aria-pressed', String(is));
    return button;
  }

  report.show.charts = (section, place) => {
    const shared = { window: 1, seeds: false };
    const charts = section.panels.map(panel => chart(panel, shared));
    if (section.panels.some(p => p.series.length > 0)) place.append(controls(section, shared, charts));
    place.append(charts.length > 0
      ? element('div', { class: section.compact ? 'panels compact' : charts.length === 1 ? 'panels single' : 'panels' }, ...charts.map(c => c.figure))
      : element('p', { class: 'caption' }, 'No group, and so no curve.'));
  };

  function controls(section, shared, charts) {
    const redraw = () => charts.forEach(c => c.redraw());
    const slider = element('input', { type: 'range', min: 1, max: largest, value: 1, class: 'smoothing', 'aria-label': `Smoothing of ${section.title}, in points` });
    const said = element('output', {}, report.smoothingText(1));
    slider.addEventListener('input', () => {
      shared.window = Number(slider.value);
      said.textContent = report.smoothingText(shared.window);
      slider.setAttribute('aria-valuetext', said.textContent);
      redraw();
    });
    const bar = element('div', { class: 'controls' });
    if (section.panels.some(p => p.series.some(s => s.runs.length > 0))) {
      const box = element('input', { type: 'checkbox', class: 'seeds' });
      box.addEventListener('change', () => { shared.seeds = box.checked; redraw(); });
      bar.append(element('label', {}, box, 'single seeds, as thin lines'));
    }

    bar.append(element('label', {}, 'smoothing', slider), said);
    return bar;
  }

  function chart(panel, shared) {
    const own = { logX: false, logY: panel.log, hidden: new Set() }, place = element('div', { class: 'chart' }), remarks = element('ul', { class: 'remarks' });
    let drawn = null;
    const state = () => ({ ...own, ...shared });
    const draw = () => drawn ??= panel.series.length === 0 ? Promise.resolve() : Plotly.react(place, report.traces(panel, state()), report.layout(panel, state()), config);
    const redraw = () => {
      tell();
      if (drawn === null) return Promise.resolve();
      drawn = null;
      return draw();
    };
    const tell = () => remarks.replaceChildren(...report.remarks(panel, state()).map(text => element('li', {}, text)));
    const toggle = (key, name, title) => {
      const button = pressed(element('button', { type: 'button', title }, name), own[key]);
      button.addEventListener('click', () => { own[key] = !own[key]; pressed(button, own[key]); redraw(); });
      return button;
    };
    const entries = panel.series.map(series => {
      const button = pressed(element('button', { type: 'button', title: 'show or hide' }, sample(series.style), `${series.label} (${series.seeds})`), true);
      button.addEventListener('click', () => {
        if (!own.hidden.delete(series.label)) own.hidden.add(series.label);
        pressed(button, !own.hidden.has(series.label));
        redraw();
      });
      return button;
    });
    if (panel.series.length === 0) {
      place.className = 'chart none';
      place.textContent = 'No curve to draw.';
      place.style.height = '6rem';
    }

    const toggles = element('span', { class: 'toggles' }, toggle('logX', 'log x', 'logarithmic steps; step 0 has no place there'), toggle('logY', 'log y', 'logarithmic values; those ≤ 0 have no place there'));
    const figure = element('figure', {},
      element('figcaption', {}, panel.title, panel.series.length > 0 ? toggles : null), element('div', { class: 'legend' }, ...entries), place, remarks);
    tell();
    const made = { place, figure, draw, redraw };
    report.charts.push(made);
    seen.observe(place);
    return made;
  }

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => report.charts.forEach(c => c.redraw()));
  addEventListener('beforeprint', () => report.charts.forEach(c => c.draw()));
})();
