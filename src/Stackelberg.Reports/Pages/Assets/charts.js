'use strict';
// Turns the series of a panel into what Plotly draws.
(() => {
  // Plotly takes some markup in texts, and labels are only texts.
  const plain = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('%{', '%&#123;');
  const faded = (hex, alpha) => `rgba(${[1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)).join(',')},${alpha})`;
  const dashed = dash => dash === '' ? 'solid' : dash.split(' ').map(n => `${n}px`).join(',');
  const above = (values, log) => log ? values.map(v => v > 0 ? v : null) : values;
  const count = values => values.reduce((n, v) => n + (v !== null), 0);

  function band(series, x, state) {
    const low = above(report.trailingMean(series.low, state.window), state.logY), high = above(report.trailingMean(series.high, state.window), state.logY);
    const xs = [], ys = [];
    // one closed outline for each stretch: filling up to another line would cross gaps
    for (const [from, to] of report.stretches(low.map((v, i) => v !== null && high[i] !== null && x[i] !== null))) {
      for (let i = from; i <= to; i++) { xs.push(x[i]); ys.push(low[i]); }
      for (let i = to; i >= from; i--) { xs.push(x[i]); ys.push(high[i]); }
      xs.push(x[from], null);
      ys.push(low[from], null);
    }

    return { type: 'scatter', mode: 'lines', x: xs, y: ys, fill: 'toself', fillcolor: faded(report.colour(series.style), 0.18), line: { width: 0 }, hoverinfo: 'skip' };
  }

  function line(series, x, state) {
    const smooth = values => report.trailingMean(values, state.window), y = above(smooth(series.y), state.logY), low = smooth(series.low), high = smooth(series.high);
    const lone = report.stretches(y.map(v => v !== null)).filter(([from, to]) => from === to).map(s => s[0]);
    const said = y.map((_, i) => [
      low[i] === null || low[i] === undefined || low[i] === high[i] ? '' : ` [${report.format(low[i])}, ${report.format(high[i])}]`,
      series.counts.length > i ? `n = ${series.counts[i]}` : plain(series.seeds),
    ]);
    return {
      type: 'scatter', name: `${plain(series.label)} (${plain(series.seeds)})`, x, y, customdata: said, mode: lone.length > 0 ? 'lines+markers' : 'lines',
      line: { color: report.colour(series.style), width: 2.2, dash: dashed(report.dash(series.style)) },
      // a point between gaps has no line to be seen by
      marker: { color: report.colour(series.style), size: y.map((_, i) => lone.includes(i) ? 7 : 0) },
      hovertemplate: `${plain(series.label)}: %{y:.5~g}%{customdata[0]}, %{customdata[1]}<extra></extra>`,
    };
  }

  // All seeds of a group are one line with gaps: hundreds of them are as quick as one.
  function seeds(series, state) {
    const xs = [], ys = [], names = [];
    for (const run of series.runs) {
      const x = report.record.grids[run.x], y = above(report.trailingMean(run.y, state.window), state.logY);
      for (let i = 0; i < y.length; i++) { xs.push(x[i]); ys.push(y[i]); names.push(plain(`${series.label}, ${run.name}`)); }
      xs.push(null);
      ys.push(null);
      names.push('');
    }

    return {
      type: 'scatter', mode: 'lines', x: xs, y: ys, text: names, line: { width: 1, color: faded(report.colour(series.style), series.runs.length > 20 ? 0.25 : 0.5) },
      hovertemplate: '%{text}: %{y:.5~g} at %{x:,}<extra></extra>',
    };
  }

  /** Traces of a panel, bands below lines. */
  report.traces = (panel, state) => {
    const visible = panel.series.filter(s => !state.hidden.has(s.label)), grid = s => report.record.grids[s.x];
    return [
      ...visible.filter(s => s.low.length > 0).map(s => band(s, grid(s), state)),
      ...state.seeds ? visible.filter(s => s.runs.length > 0).map(s => seeds(s, state)) : [],
      ...visible.map(s => line(s, grid(s), state)),
    ];
  };

  // an axis has more room across than along
  const folded = title => plain(title).replace(' (', '<br>(');

  function axis(title, log, values, prefix) {
    const known = log ? values.filter(v => v > 0) : [], decades = known.length > 0 ? Math.log10(known.reduce((a, b) => Math.max(a, b)) / known.reduce((a, b) => Math.min(a, b))) : 0;
    return {
      title: { text: folded(title), standoff: 8 }, type: log ? 'log' : 'linear', exponentformat: prefix ? 'SI' : log ? 'power' : 'none', separatethousands: true, automargin: true,
      // whole powers of ten where there is more than one of them
      dtick: decades > 2 ? Math.ceil(decades / 8) : undefined,
      gridcolor: report.theme('line'), zerolinecolor: report.theme('line'), linecolor: report.theme('line'), hoverformat: prefix ? ',' : undefined,
    };
  }

  /** Axes of a panel. */
  report.layout = (panel, state) => ({
    margin: { l: 58, r: 12, t: 26, b: 44 }, showlegend: false, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
    // with single seeds the nearest one is named; without, all groups at one step
    hovermode: state.seeds ? 'closest' : 'x unified', hoverlabel: { bgcolor: report.theme('panel'), bordercolor: report.theme('line'), font: { color: report.theme('ink') }, namelength: -1 },
    font: { color: report.theme('ink'), size: 12, family: getComputedStyle(document.body).fontFamily },
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: report.theme('soft'), activecolor: report.theme('ink') },
    xaxis: axis('environment steps', state.logX, panel.series.flatMap(s => report.record.grids[s.x]), true),
    yaxis: axis(panel.y_title, state.logY, panel.series.flatMap(s => s.y), false),
  });

  /** What a reader would miss, as the panel is drawn now. */
  report.remarks = (panel, state) => {
    const found = [...panel.remarks], visible = panel.series.filter(s => !state.hidden.has(s.label));
    for (const s of visible) {
      const y = report.trailingMean(s.y, state.window);
      if (count(y) === 0) found.push(`${s.label} (${s.seeds}): nothing is drawn, since no ${state.window} points in a row are known.`);
      const below = state.logY ? count(y) - count(above(y, true)) : 0;
      if (below > 0) found.push(`${s.label} (${s.seeds}): ${below} of ${count(y)} points are not above 0 and have no place on a logarithmic axis.`);
    }

    return found;
  };
})();
