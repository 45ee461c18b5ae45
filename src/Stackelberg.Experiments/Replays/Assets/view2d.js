// The flat views: one function per task, drawing on a canvas in metres with y upwards.
window.replayViews = window.replayViews || {};
(() => {
  'use strict';
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const mix = (a, b, t) => a + (b - a) * t;
  const turn = (a, b, t) => a + Math.atan2(Math.sin(b - a), Math.cos(b - a)) * t;

  // A view that shows the rectangle [-width/2, width/2] × [bottom, top] whole and centred.
  function flat(paint, { width, bottom, top, angles }) {
    return canvas => {
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
        half: () => canvas.width / scale / 2,
      };
      resize();
      return {
        resize,
        draw(a, b, t) {
          const pose = Array.from(a, (v, i) => angles.includes(i) ? turn(v, b[i], t) : mix(v, b[i], t));
          c.setTransform(1, 0, 0, 1, 0, 0);
          c.fillStyle = colour('--sky');
          c.fillRect(0, 0, canvas.width, canvas.height);
          const margin = 0.86;
          scale = Math.min(canvas.width * margin / width, canvas.height * margin / (top - bottom));
          c.setTransform(scale, 0, 0, -scale, canvas.width / 2, canvas.height / 2 + scale * (top + bottom) / 2);
          paint(tools, pose);
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
    const middle = -0.3;
    const ground = [];
    for (let x = -1.2; x <= 0.6001; x += 0.01) ground.push([x - middle, height(x)]);
    c.fillStyle = colour('--floor');
    c.beginPath();
    c.moveTo(-0.9, -0.5);
    ground.forEach(([x, y]) => c.lineTo(x, y));
    c.lineTo(0.9, -0.5);
    c.fill();
    line(ground, colour('--mark'), 0.012);
    const flag = 0.5 - middle;
    line([[flag, height(0.5)], [flag, height(0.5) + 0.2]], colour('--ink'), 0.01);
    c.fillStyle = colour('--third');
    c.beginPath();
    c.moveTo(flag, height(0.5) + 0.2);
    c.lineTo(flag + 0.09, height(0.5) + 0.165);
    c.lineTo(flag, height(0.5) + 0.13);
    c.fill();
    c.save();
    c.translate(position - middle, height(position));
    c.rotate(Math.atan(1.35 * Math.cos(3 * position)));
    box(-0.07, 0.025, 0.14, 0.045, 0.015, colour('--second'));
    box(-0.04, 0.06, 0.075, 0.035, 0.015, colour('--second'));
    for (const dx of [-0.04, 0.04]) { disc(dx, 0.022, 0.022, colour('--ink')); disc(dx, 0.022, 0.009, colour('--sky')); }
    c.restore();
  }, { width: 1.9, bottom: -0.45, top: 0.85, angles: [] });
})();
