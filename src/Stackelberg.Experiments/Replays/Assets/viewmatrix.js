// The table of a finite game: payoffs, how often each joint action was played, and the last play.
window.replayViews = window.replayViews || {};
(() => {
  'use strict';
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const agentColour = agent => colour(`--${['accent', 'second', 'third', 'fourth', 'fifth', 'sixth'][agent % 6]}`);
  const number = v => Math.abs(v) >= 1e7 ? v.toExponential(2) : Number.isInteger(v) ? String(v) : v.toFixed(2).replace('-0.00', '0.00');
  const percent = share => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
  const font = (size, weight = 600) => `${weight} ${size}px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif`;

  window.replayViews.matrix = (canvas, scene, tracks) => {
    const c = canvas.getContext('2d');
    const { states, tables } = scene.game;
    const names = scene.actions;
    const players = names.length;
    const rows = names[0].length, columns = players > 1 ? names[1].length : 1;
    const slices = names.slice(2).reduce((n, list) => n * list.length, 1);
    const joint = rows * columns * slices;
    const goesOn = tables.some(table => table.some((v, i) => i % (players + 1) === players && v === 0));
    let width = 1, height = 1;

    // all joint actions in the order they were played, as numbers, the last player's action changing fastest
    const plays = [], offsets = [];
    for (const track of tracks) {
      offsets.push(plays.length);
      for (let k = 0; k < track.last; k++) {
        let index = 0;
        names.forEach((list, player) => { index = index * list.length + track.actions[k * players + player]; });
        plays.push(index);
      }
    }

    function split(index) {
      const out = [];
      for (let player = players - 1; player >= 0; player--) { out[player] = index % names[player].length; index = Math.floor(index / names[player].length); }
      return out;
    }

    function count(track, at) {
      const end = offsets[track] + at;
      const kind = document.getElementById('window').value;
      const begin = kind === 'episode' ? offsets[track] : kind === 'last' ? Math.max(0, end - 100) : 0;
      const shares = new Float64Array(joint), own = names.map(list => new Float64Array(list.length));
      for (let k = begin; k < end; k++) shares[plays[k]] += 1 / (end - begin);
      shares.forEach((share, index) => split(index).forEach((action, player) => { own[player][action] += share; }));
      return { shares, own, total: end - begin };
    }

    function write(words, x, y, size, style, align = 'center', weight = 600) {
      c.font = font(size, weight);
      c.textAlign = align; c.textBaseline = 'middle'; c.fillStyle = style;
      c.fillText(words, x, y);
    }

    // Pieces of text in colours of their own, centred together.
    function pieces(list, x, y, size) {
      c.font = font(size);
      const widths = list.map(([words]) => c.measureText(words).width);
      let from = x - widths.reduce((a, b) => a + b, 0) / 2;
      list.forEach(([words, style], i) => { write(words, from, y, size, style, 'left'); from += widths[i]; });
    }

    // Sizes of a slice's parts, the largest that fit n × m slices into the room.
    function arrange(room) {
      const bars = slices === 1 ? 1 : 0;
      c.font = font(13);
      const labels = Math.min(120, 10 + Math.max(...names[0].map(n => c.measureText(n).width), c.measureText(scene.game.players[0]).width));
      let best = null;
      for (let across = 1; across <= slices; across++) {
        const down = Math.ceil(slices / across);
        const w = (room.w / across - labels - 24 - 110 * bars) / columns, h = (room.h / down - 56 - 58 * bars) / rows;
        const cell = { across, down, labels, w: Math.max(1, Math.min(150, w)), h: Math.max(1, Math.min(84, h)) };
        if (!best || Math.min(cell.w, 1.6 * cell.h) > Math.min(best.w, 1.6 * best.h)) best = cell;
      }
      best.blockW = best.labels + columns * best.w + 24 + 110 * bars;
      best.blockH = rows * best.h + 56 + 58 * bars;
      best.left = room.x + (room.w - best.blockW * best.across) / 2;
      best.top = room.y + (room.h - best.blockH * best.down) / 2;
      return best;
    }

    function cell(x, y, w, h, payoffs, share, most, total, last) {
      c.fillStyle = colour('--panel');
      c.fillRect(x + 1, y + 1, w - 2, h - 2);
      // between the share itself and its part of the largest one, so that large games have colours too
      c.globalAlpha = share > 0 ? 0.55 * Math.sqrt(share) / Math.pow(most, 0.25) : 0;
      c.fillStyle = colour('--third');
      c.fillRect(x + 1, y + 1, w - 2, h - 2);
      c.globalAlpha = 1;
      if (last) { c.strokeStyle = colour('--ink'); c.lineWidth = Math.min(3, w / 8); c.strokeRect(x + 1.5, y + 1.5, w - 3, h - 3); }
      const words = payoffs.slice(0, players).flatMap((v, player) => [...(player ? [[', ', colour('--soft')]] : []), [number(v), agentColour(player)]]);
      const size = Math.min(19, h * 0.28, 1.7 * (w - 8) / words.reduce((n, [text]) => n + text.length, 0));
      if (size < 6) return;
      pieces(words, x + w / 2, y + h * 0.36, size);
      if (total) write(percent(share), x + w / 2, y + h * 0.7, Math.min(13, size * 0.8), colour(share > 0 ? '--ink' : '--soft'), 'center', 400);
      if (goesOn && payoffs[players]) write('ends', x + w - 6, y + 9, Math.min(10, size * 0.7), colour('--soft'), 'right', 400);
    }

    // One matrix: the first player's actions as rows, the second's as columns, the others' as in `slice`.
    function matrix(x, y, { w, h, labels }, slice, table, { shares, own, total }, last) {
      const left = x + labels, top = y + 50;
      const most = shares.reduce((a, b) => Math.max(a, b), 0);
      const size = Math.min(13, h * 0.5, w * 0.5);
      write(scene.game.players[0], left - 8, top - 12, 13, agentColour(0), 'right');
      if (players > 1) write(scene.game.players[1], left + columns * w / 2, y + 16, 13, agentColour(1));
      if (slices > 1) write(split(slice).slice(2).map((a, i) => `${scene.game.players[i + 2]}: ${names[i + 2][a]}`).join(', '), left + columns * w / 2, y, 13, agentColour(2));
      for (let column = 0; column < columns && players > 1 && size >= 6; column++) write(names[1][column], left + (column + 0.5) * w, top - 12, size, agentColour(1));
      for (let row = 0; row < rows; row++) {
        if (size >= 6) write(names[0][row], left - 8, top + (row + 0.5) * h, size, agentColour(0), 'right');
        for (let column = 0; column < columns; column++) {
          const index = (row * columns + column) * slices + slice;
          cell(left + column * w, top + row * h, w, h, table.slice(index * (players + 1), (index + 1) * (players + 1)), shares[index], most, total, index === last);
        }
      }
      if (slices > 1 || !total) return;
      own[0].forEach((share, row) => bar(left + columns * w + 10, top + (row + 0.5) * h, share, 55, Math.min(16, h * 0.4), agentColour(0), false, size));
      if (players > 1) own[1].forEach((share, column) => bar(left + (column + 0.5) * w, top + rows * h + 8, share, 32, Math.min(26, w * 0.4), agentColour(1), true, size));
    }

    function bar(x, y, share, length, thickness, style, down, size) {
      c.fillStyle = colour('--floor');
      if (down) c.fillRect(x - thickness / 2, y, thickness, length); else c.fillRect(x, y - thickness / 2, length, thickness);
      c.fillStyle = style;
      if (down) c.fillRect(x - thickness / 2, y, thickness, length * share); else c.fillRect(x, y - thickness / 2, length * share, thickness);
      if (size >= 8) write(percent(share), down ? x : x + length + 6, down ? y + length + 10 : y, Math.min(12, size), colour('--ink'), down ? 'center' : 'left', 400);
    }

    function resize() {
      const ratio = window.devicePixelRatio || 1;
      (width = Math.max(1, canvas.clientWidth), height = Math.max(1, canvas.clientHeight));
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }

    resize();
    return {
      resize,
      frequencies: (track, at) => Array.from(count(track, at).shares),
      draw(a, b, t, track, at) {
        const ratio = window.devicePixelRatio || 1;
        c.setTransform(ratio, 0, 0, ratio, 0, 0);
        c.fillStyle = colour('--sky');
        c.fillRect(0, 0, width, height);
        const shown = tracks[track];
        const state = index => states[Math.round(index[0])];
        const from = shown.last ? shown.before(Math.max(0, at - 1)) : shown.pose(0);
        const counts = count(track, at);
        const last = at ? plays[offsets[track] + at - 1] : -1;
        const table = tables[tables.length > 1 ? Math.round(from[0]) : 0];
        const others = names.slice(2).length ? names.length : 0;
        const facts = document.getElementById('facts').getBoundingClientRect(), stage = canvas.getBoundingClientRect();
        const top = facts.height ? facts.bottom - stage.top + 8 : 12;
        const under = 40 + 18 * others;
        const size = arrange({ x: 16, y: top, w: width - 32, h: height - top - under });
        for (let slice = 0; slice < slices; slice++) {
          matrix(size.left + (slice % size.across) * size.blockW, size.top + Math.floor(slice / size.across) * size.blockH, size, slice, table, counts, last);
        }
        const y = height - under + 10;
        const where = states.length > 1 ? `in ${state(from)}${at ? ': ' : ''}` : '', then = states.length > 1 && at ? `, then ${state(shown.pose(at))}` : '';
        const words = last < 0 ? [] : split(last).flatMap((action, player) => [...(player ? [[' – ', colour('--soft')]] : []), [names[player][action], agentColour(player)]]);
        pieces([[where, colour('--soft')], ...words, [then, colour('--soft')], [counts.total ? `     ${counts.total} ${counts.total === 1 ? 'play' : 'plays'} counted` : '', colour('--soft')]], width / 2, y, 15);
        for (let player = 0; player < others && counts.total; player++) {
          write(`${scene.game.players[player]}: ${names[player].slice(0, 12).map((n, i) => `${n} ${percent(counts.own[player][i])}`).join(', ')}`, width / 2, y + 20 + 18 * player, 13, agentColour(player));
        }
      },
    };
  };
})();
