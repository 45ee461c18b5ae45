// The flat views: one function per task, drawing on a canvas in metres with y upwards.
window.replayViews = window.replayViews || {};
(() => {
  'use strict';
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const mix = (a, b, t) => a + (b - a) * t;
  const turn = (a, b, t) => a + Math.atan2(Math.sin(b - a), Math.cos(b - a)) * t;

  const agentColour = agent => colour(agent ? '--second' : '--accent');

  // A view that shows the rectangle [-width/2, width/2] × [bottom, top] whole and centred. The paint gets the pose between two frames, and
  // the frames themselves.
  function flat(paint, frame) {
    return (canvas, scene, tracks) => {
      const { width, bottom, top, angles } = typeof frame === 'function' ? frame(scene) : frame;
      const c = canvas.getContext('2d');
      let scale = 1;
      const resize = () => {
        const ratio = window.devicePixelRatio || 1;
        canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio));
        canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio));
      };
      const tools = {
        c,
        line(points, style, thickness, cap = 'round') {
          c.strokeStyle = style; c.lineWidth = thickness; c.lineCap = cap; c.lineJoin = 'round';
          c.beginPath();
          points.forEach(([x, y]) => c.lineTo(x, y));
          c.stroke();
        },
        disc(x, y, radius, style) { c.fillStyle = style; c.beginPath(); c.arc(x, y, radius, 0, 2 * Math.PI); c.fill(); },
        box(x, y, w, h, radius, style) { c.fillStyle = style; c.beginPath(); c.roundRect(x, y, w, h, radius); c.fill(); },
        text(x, y, words, size, style, align = 'center') {
          c.save();
          c.translate(x, y);
          c.scale(size / 20, -size / 20);
          c.font = '600 20px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
          c.textAlign = align; c.textBaseline = 'middle'; c.fillStyle = style;
          c.fillText(words, 0, 0);
          c.restore();
        },
        half: () => canvas.width / scale / 2,
        // how far the panel of numbers reaches into the picture from the left
        panel: () => document.getElementById('facts').getBoundingClientRect().right * (window.devicePixelRatio || 1) / scale,
      };
      resize();
      return {
        resize,
        draw(a, b, t, track, at) {
          const pose = Array.from(a, (v, i) => angles.includes(i) ? turn(v, b[i], t) : mix(v, b[i], t));
          c.setTransform(1, 0, 0, 1, 0, 0);
          c.fillStyle = colour('--sky');
          c.fillRect(0, 0, canvas.width, canvas.height);
          const margin = 0.86;
          scale = Math.min(canvas.width * margin / width, canvas.height * margin / (top - bottom));
          c.setTransform(scale, 0, 0, -scale, canvas.width / 2, canvas.height / 2 + scale * (top + bottom) / 2);
          paint(tools, pose, { a, b, t, at, track: tracks[track], scene });
        },
      };
    };
  }

  window.replayViews['cart-pole'] = flat(({ c, line, disc, box, half }, [x, , angle]) => {
    const w = half();
    c.fillStyle = colour('--floor');
    c.fillRect(-w, -9, 2 * w, 9 - 0.12);
    line([[-w, -0.12], [w, -0.12]], colour('--mark'), 0.02);
    for (const limit of [-2.4, 2.4]) line([[limit, -0.3], [limit, 0.12]], colour('--second'), 0.025);
    for (let i = -2; i <= 2; i++) line([[i, -0.12], [i, -0.18]], colour('--soft'), 0.012);
    box(x - 0.25, -0.06, 0.5, 0.24, 0.05, colour('--ink'));
    for (const dx of [-0.15, 0.15]) { disc(x + dx, -0.06, 0.06, colour('--ink')); disc(x + dx, -0.06, 0.025, colour('--sky')); }
    const top = [x + Math.sin(angle), 0.14 + Math.cos(angle)];
    line([[x, 0.14], top], colour('--second'), 0.075);
    disc(x, 0.14, 0.04, colour('--accent'));
  }, { width: 5.4, bottom: -0.5, top: 1.4, angles: [2] });

  window.replayViews.pendulum = flat(({ line, disc }, [angle]) => {
    const end = [-Math.sin(angle), Math.cos(angle)];
    disc(0, 0, 1.12, colour('--floor'));
    line([[0, 1.04], [0, 1.12]], colour('--third'), 0.03);
    line([[0, 0], end], colour('--second'), 0.15);
    disc(end[0], end[1], 0.11, colour('--second'));
    disc(0, 0, 0.05, colour('--ink'));
  }, { width: 2.8, bottom: -1.3, top: 1.3, angles: [0] });

  window.replayViews.acrobot = flat(({ line, disc, half }, [first, second]) => {
    const w = half();
    const elbow = [Math.sin(first), -Math.cos(first)];
    const tip = [elbow[0] + Math.sin(first + second), elbow[1] - Math.cos(first + second)];
    line([[-w, 1], [w, 1]], colour('--third'), 0.02, 'butt');
    line([[0, 0], elbow], colour('--accent'), 0.16);
    line([elbow, tip], colour('--second'), 0.14);
    disc(0, 0, 0.06, colour('--ink'));
    disc(elbow[0], elbow[1], 0.06, colour('--ink'));
  }, { width: 4.6, bottom: -2.2, top: 2.2, angles: [0, 1] });

  window.replayViews['mountain-car'] = flat(({ c, line, disc, box }, [position]) => {
    const height = x => Math.sin(3 * x) * 0.45 + 0.1;
    const centre = -0.3;
    const ground = [];
    for (let x = -1.2; x <= 0.6001; x += 0.01) ground.push([x - centre, height(x)]);
    c.fillStyle = colour('--floor');
    c.beginPath();
    c.moveTo(-0.9, -0.5);
    ground.forEach(([x, y]) => c.lineTo(x, y));
    c.lineTo(0.9, -0.5);
    c.fill();
    line(ground, colour('--mark'), 0.012);
    const flag = 0.5 - centre;
    line([[flag, height(0.5)], [flag, height(0.5) + 0.2]], colour('--ink'), 0.01);
    c.fillStyle = colour('--third');
    c.beginPath();
    c.moveTo(flag, height(0.5) + 0.2);
    c.lineTo(flag + 0.09, height(0.5) + 0.165);
    c.lineTo(flag, height(0.5) + 0.13);
    c.fill();
    c.save();
    c.translate(position - centre, height(position));
    c.rotate(Math.atan(1.35 * Math.cos(3 * position)));
    box(-0.07, 0.025, 0.14, 0.045, 0.015, colour('--second'));
    box(-0.04, 0.06, 0.075, 0.035, 0.015, colour('--second'));
    for (const dx of [-0.04, 0.04]) { disc(dx, 0.022, 0.022, colour('--ink')); disc(dx, 0.022, 0.009, colour('--sky')); }
    c.restore();
  }, { width: 1.9, bottom: -0.45, top: 0.85, angles: [] });

  // x forward, y to the right as on the road, so that the picture's y is −y.
  const middle = 262;
  const rampY = x => x < 200 ? 14.5 : x < 250 ? 11.25 + 3.25 * Math.sin(2 * Math.PI / 100 * (x - 200) + Math.PI / 2) : 8;

  function road({ c, line, text, half }) {
    const w = half();
    const ramp = [];
    for (let x = middle - w; x < 250; x += 1) ramp.push([x - middle, -rampY(x)]);
    ramp.push([250 - middle, -8], [280 - middle, -8]);
    const main = [[-w, -4], [w, -4]];
    for (const [thickness, style] of [[4.4, colour('--mark')], [4, colour('--floor')]]) {
      line(ramp, style, thickness, 'butt');
      line(main, style, thickness, 'butt');
    }
    c.fillStyle = colour('--floor');
    c.beginPath();
    c.moveTo(280 - middle, -6); c.lineTo(280 - middle, -10); c.lineTo(290 - middle, -6);
    c.fill();
    for (let x = 250; x < 288; x += 4) line([[x - middle, -6], [x + 2 - middle, -6]], colour('--soft'), 0.18, 'butt');
    for (let i = 0; i < 8; i++) line([[310 - middle, -2 - i / 2], [310 - middle, -2.5 - i / 2]], colour(i % 2 ? '--panel' : '--ink'), 0.7, 'butt');
    for (const x of [220, 250, 280, 310]) text(x - middle, -19.4, `${x} m`, 1.7, colour('--soft'));
  }

  // Where a car is within a decision of `seconds`: the cubic through both ends with their velocities.
  function drive(a, b, t, seconds) {
    const u = Math.min(1, t / seconds);
    const between = (from, to, v, w) => from + (to - from) * u * u * (3 - 2 * u) + seconds * u * (1 - u) * (v * (1 - u) - w * u);
    return {
      x: between(a[0], b[0], a[3] * Math.cos(a[2]), b[3] * Math.cos(b[2])),
      y: between(a[1], b[1], a[3] * Math.sin(a[2]), b[3] * Math.sin(b[2])),
      heading: turn(a[2], b[2], u), speed: mix(a[3], b[3], u), over: u >= 1,
    };
  }

  window.replayViews.highway = flat((tools, pose, { a, b, t, at, track, scene }) => {
    const { c, line, box, text } = tools;
    road(tools);
    // the last decision is cut short where a car passes or touches the other; distance over speed says where, in fifteenths
    const ends = track.end === 'terminated' && at >= track.last - 1;
    const seconds = !ends || at === track.last ? 1
      : Math.min(1, Math.max(1, Math.round(15 * Math.hypot(b[0] - a[0], b[1] - a[1]) / Math.max(1, (a[3] + b[3]) / 2))) / 15);
    const cars = [0, 4].map(i => drive(a.slice(i), b.slice(i), t, seconds));
    cars.forEach(({ x, y, heading, speed }, agent) => {
      const label = agent ? -22.5 : 2.2;
      line([[x - middle, -y], [x - middle, label + (agent ? 1.4 : -1.4)]], colour('--mark'), 0.15);
      c.save();
      c.translate(x - middle, -y);
      c.rotate(-heading);
      box(-2.5, -1, 5, 2, 0.5, agentColour(agent));
      box(0.2, -0.8, 1, 1.6, 0.3, colour('--sky'));
      box(-2, -0.75, 0.6, 1.5, 0.2, colour('--sky'));
      c.restore();
      const action = at < track.last ? scene.actions[agent][track.actions[2 * at + agent]] : '';
      text(x - middle, label, `${scene.agents[agent]} ${speed.toFixed(1)} m/s${action ? `, ${action}` : ''}`, 2, agentColour(agent));
    });
    if (!ends || (at < track.last && !cars[0].over)) return;
    const [x, y] = [(cars[0].x + cars[1].x) / 2 - middle, -(cars[0].y + cars[1].y) / 2];
    if (b[8] > 0.5) {
      const star = [];
      for (let i = 0; i <= 16; i++) star.push([x + (i % 2 ? 1.2 : 2.6) * Math.cos(i * Math.PI / 8), y + (i % 2 ? 1.2 : 2.6) * Math.sin(i * Math.PI / 8)]);
      line(star, colour('--ink'), 0.35);
    }
    const first = b[8] > 0.5 ? -1 : cars[0].x > cars[1].x ? 0 : 1;
    text(0, 7, first < 0 ? 'crash' : `${scene.agents[first]} passed first`, 3, first < 0 ? colour('--ink') : agentColour(first));
  }, { width: 132, bottom: -25, top: 11, angles: [] });

  const directions = { up: [0, 1], down: [0, -1], left: [-1, 0], right: [1, 0] };

  function board({ c, line, disc, text }, { width, height, marks, walls }) {
    for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) {
      c.fillStyle = colour((x + y) % 2 ? '--floor' : '--panel');
      c.fillRect(x - 0.5, y - 0.5, 1, 1);
    }
    for (const [x, y, value, player] of marks) {
      c.globalAlpha = 0.3;
      c.fillStyle = colour(value > 0 ? '--third' : value < 0 ? '--sixth' : '--mark');
      c.fillRect(x - 0.5, y - 0.5, 1, 1);
      c.globalAlpha = 1;
      text(x, y - 0.4, `${value > 0 ? '+' : ''}${value}`, 0.14, player < 0 ? colour('--ink') : agentColour(player));
      if (player >= 0) disc(x - 0.38, y + 0.38, 0.06, agentColour(player));
    }
    c.strokeStyle = colour('--mark');
    c.lineWidth = 0.02;
    c.strokeRect(-0.5, -0.5, width, height);
    for (const [x, y, player] of walls) line([[x - 0.46, y - 0.5], [x + 0.46, y - 0.5]], agentColour(player), 0.07, 'butt');
  }

  window.replayViews.grid = flat((tools, pose, { a, b, t, at, track, scene }) => {
    const { c, line, disc, half, panel } = tools;
    const { width, height } = scene.board;
    // beside the panel of numbers where there is room
    const right = Math.max(0, Math.min(half() - width / 2 - 0.2, panel() - half() + 0.2 + width / 2));
    c.translate(right - (width - 1) / 2, -(height - 1) / 2);
    board(tools, scene.board);
    const start = track.pose(0);
    for (const agent of [0, 1]) {
      c.strokeStyle = agentColour(agent);
      c.lineWidth = 0.025;
      c.setLineDash([0.06, 0.05]);
      c.beginPath();
      c.arc(start[2 * agent], start[2 * agent + 1], agent ? 0.3 : 0.27, 0, 2 * Math.PI);
      c.stroke();
      c.setLineDash([]);
    }
    // on one cell they stand side by side
    const apart = Math.max(0, 1 - Math.hypot(pose[0] - pose[2], pose[1] - pose[3]) / 0.5);
    for (const agent of [0, 1]) {
      const [x, y] = [pose[2 * agent] + (agent ? 0.2 : -0.2) * apart, pose[2 * agent + 1]];
      disc(x, y, 0.22 - 0.05 * apart, agentColour(agent));
      const toward = at < track.last && directions[scene.actions[agent][track.actions[2 * at + agent]]];
      if (!toward) continue;
      const [dx, dy] = toward;
      const tip = [x + 0.16 * dx, y + 0.16 * dy];
      line([[x - 0.12 * dx, y - 0.12 * dy], tip], colour('--panel'), 0.045);
      line([[tip[0] - 0.09 * dx + 0.08 * dy, tip[1] - 0.09 * dy + 0.08 * dx], tip, [tip[0] - 0.09 * dx - 0.08 * dy, tip[1] - 0.09 * dy - 0.08 * dx]], colour('--panel'), 0.045);
    }
  }, ({ board: { width, height } }) => ({ width: width + 0.3, bottom: -height / 2 - 0.1, top: height / 2 + height * 0.12, angles: [] }));
})();
