// Draws the record's panels with Plotly, one legend for all of them.
(() => {
  'use strict';
  const record = JSON.parse(document.getElementById('record').textContent);
  const theme = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const colour = trace => trace.colour < 0 ? theme('ink') : theme(`c${trace.colour % 6}`);
  const hidden = new Set();

  function drawn(trace) {
    if (trace.kind === 'contour') {
      return {
        type: 'contour', name: trace.name, x: trace.x, y: trace.y, z: trace.z, ncontours: 24, colorscale: [[0, theme('low')], [1, theme('high')]],
        line: { width: 0.7, color: theme('soft') }, colorbar: { thickness: 9, outlinewidth: 0, title: { text: trace.name, side: 'right' } },
        hovertemplate: '%{x:.4g}, %{y:.4g}: %{z:.4g}<extra></extra>',
      };
    }

    const points = trace.kind === 'start' || trace.kind === 'optimum';
    return {
      type: 'scatter', name: trace.name, x: trace.x, y: trace.y, mode: points ? 'markers' : 'lines', visible: !hidden.has(trace.name),
      line: { color: colour(trace), width: trace.kind === 'dashed' ? 1.5 : 2, dash: trace.kind === 'dashed' ? 'dash' : 'solid' },
      marker: { color: colour(trace), size: trace.kind === 'start' ? 10 : 13, symbol: trace.kind === 'start' ? 'circle-open' : 'star', line: { width: 2 } },
      hovertemplate: '%{x:.6g}, %{y:.6g}<extra>%{fullData.name}</extra>',
    };
  }

  function axis(title, range, log, values) {
    const decades = log ? Math.log10(values.reduce((a, b) => Math.max(a, b), 0) / values.reduce((a, b) => Math.min(a, b), Infinity)) : 0;
    return {
      title: { text: title }, type: log ? 'log' : 'linear', range: range && log ? range.map(Math.log10) : range ?? undefined, autorange: !range,
      dtick: decades > 2 ? Math.ceil(decades / 9) : undefined, exponentformat: log ? 'power' : 'none', separatethousands: true,
      gridcolor: theme('line'), zerolinecolor: theme('line'), linecolor: theme('line'),
    };
  }

  function layout(panel) {
    const positive = panel.log ? panel.traces.flatMap(t => t.y.filter(v => v > 0)) : [];
    return {
      margin: { l: 62, r: 16, t: 28, b: 46 }, showlegend: false, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', hovermode: 'closest',
      font: { color: theme('ink'), size: 12, family: getComputedStyle(document.body).fontFamily },
      modebar: { bgcolor: 'rgba(0,0,0,0)', color: theme('soft'), activecolor: theme('ink') },
      xaxis: axis(panel.x_title, panel.x_range, false), yaxis: axis(panel.y_title, panel.y_range, panel.log, positive),
    };
  }

  const charts = record.panels.map(panel => {
    const figure = document.createElement('figure'), caption = document.createElement('figcaption'), chart = document.createElement('div');
    caption.textContent = panel.title;
    chart.className = 'chart';
    figure.append(caption, chart);
    document.getElementById('panels').append(figure);
    return chart;
  });

  const config = { responsive: true, displaylogo: false, modeBarButtons: [['toImage', 'resetScale2d']] };
  const draw = () => Promise.all(record.panels.map((panel, i) => Plotly.react(charts[i], panel.traces.map(drawn), layout(panel), config)));

  function legend() {
    const seen = new Map();
    for (const trace of record.panels.flatMap(p => p.traces)) {
      if (trace.kind !== 'contour' && !seen.has(trace.name)) seen.set(trace.name, trace);
    }

    const buttons = [...seen.values()].map(trace => {
      const button = document.createElement('button'), sample = document.createElement('i');
      button.type = 'button';
      button.setAttribute('aria-pressed', String(!hidden.has(trace.name)));
      sample.style.color = colour(trace);
      sample.className = { dashed: 'dashed', start: 'open', optimum: 'star' }[trace.kind] ?? '';
      sample.textContent = { start: '○', optimum: '★' }[trace.kind] ?? '';
      button.append(sample, trace.name);
      button.onclick = () => {
        if (!hidden.delete(trace.name)) hidden.add(trace.name);
        button.setAttribute('aria-pressed', String(!hidden.has(trace.name)));
        draw();
      };
      return button;
    });
    document.getElementById('legend').replaceChildren(...buttons);
  }

  const show = () => { legend(); return draw(); };
  document.getElementById('title').textContent = record.title;
  document.getElementById('note').textContent = record.note;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  show().then(() => { window.plots = { charts }; });
})();
