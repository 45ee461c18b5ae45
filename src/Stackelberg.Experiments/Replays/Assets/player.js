// Plays the recorded episodes: decodes them, keeps the clock and the controls, and asks the view to draw.
(() => {
  'use strict';
  const byId = id => document.getElementById(id);
  const record = JSON.parse(byId('record').textContent);

  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));

  const agents = Math.max(1, record.agents.length);
  const agentColour = agent => `--${['accent', 'second', 'third', 'fourth', 'fifth', 'sixth'][agent % 6]}`;

  // Numbers that never change are stored once; the others as 16-bit steps between the lowest and highest value, frame by frame.
  function decode(episode) {
    const { low, step, moving, data } = episode.poses;
    const codes = new DataView(bytes(data).buffer);
    const paid = new Float64Array(bytes(episode.rewards).buffer);
    const actions = new Int32Array(bytes(episode.actions).buffer);
    const last = paid.length / agents;
    const pose = frame => {
      const out = Float64Array.from(low);
      for (let j = 0; j < moving.length; j++) out[moving[j]] += step[j] * codes.getUint16(2 * (frame * moving.length + j), true);
      return out;
    };
    return { end: episode.end, paid, actions, pose, before: pose, returns: sums(paid, last), last };
  }

  // Per agent the sum of its rewards up to every frame.
  function sums(paid, last) {
    return Array.from({ length: agents }, (_, agent) => {
      const out = new Float64Array(last + 1);
      for (let i = 0; i < last; i++) out[i + 1] = out[i] + paid[i * agents + agent];
      return out;
    });
  }

  // Games played once each: one track of plays instead of episodes of one step, with the mean payoff so far as its curve.
  function join(episodes) {
    const played = episodes.filter(e => e.last > 0);
    const paid = Float64Array.from(played.flatMap(e => Array.from(e.paid)));
    const actions = Int32Array.from(played.flatMap(e => Array.from(e.actions)));
    const returns = sums(paid, played.length).map(total => total.map((sum, i) => i ? sum / i : total[1] || 0));
    const pose = frame => frame ? played[frame - 1].pose(1) : episodes[0].pose(0);
    return { end: '', paid, actions, pose, before: play => played[play].pose(0), returns, last: played.length };
  }

  const decoded = record.episodes.map(decode);
  const joined = record.scene.view === 'matrix' && decoded.every(e => e.last <= 1);
  const episodes = joined ? [join(decoded)] : decoded;
  const speeds = [0.1, 0.25, 0.5, 1, 2, 4, 8];
  const state = { episode: 0, position: 0, playing: false, speed: 1, rested: 0 };
  const episode = () => episodes[state.episode];
  const frame = () => Math.min(Math.floor(state.position + 1e-9), episode().last);

  const number = v => Math.abs(v) >= 1e5 || (v !== 0 && Math.abs(v) < 1e-3) ? v.toExponential(2) : v.toFixed(Math.abs(v) < 100 ? 2 : 1);
  let view = null;
  let dirty = true;

  function draw() {
    const e = episode();
    const at = frame();
    const next = Math.min(at + 1, e.last);
    if (view) view.draw(e.pose(at), e.pose(next), state.position - at, state.episode, at);
    for (let agent = 0; agent < agents; agent++) {
      const suffix = record.agents.length ? agent : '';
      byId(`return${suffix}`).textContent = joined && at === 0 ? '–' : number(e.returns[agent][at]);
      byId(`reward${suffix}`).textContent = at > 0 ? number(e.paid[(at - 1) * agents + agent]) : '–';
    }
    byId('step').textContent = `${at} / ${e.last}`;
    byId('time').textContent = `${(at * record.scene.step_seconds).toFixed(2)} s`;
    const end = byId('end');
    end.hidden = at < e.last || !e.end;
    end.textContent = e.end;
    end.className = e.end;
    byId('scrub').value = at;
    byId('scrub').setAttribute('aria-valuetext', `step ${at} of ${e.last}`);
    drawCurve(at);
    dirty = false;
  }

  function drawCurve(at) {
    const canvas = byId('curve');
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (width === 0) return;
    if (canvas.width !== Math.round(width * ratio)) { canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio); }
    const c = canvas.getContext('2d');
    const { returns, last } = episode();
    let low = 0, high = 0;
    for (const curve of returns) for (const r of curve) { low = Math.min(low, r); high = Math.max(high, r); }
    const x = i => 8 + (width - 16) * (last ? i / last : 0);
    const y = r => height - 3 - (height - 6) * (high > low ? (r - low) / (high - low) : 0.5);
    const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, width, height);
    c.lineWidth = 1.5;
    const part = (curve, from, to, style) => {
      c.strokeStyle = style;
      c.beginPath();
      const stride = Math.max(1, Math.floor((to - from) / width));
      for (let i = from; i < to; i += stride) c.lineTo(x(i), y(curve[i]));
      c.lineTo(x(to), y(curve[to]));
      c.stroke();
    };
    returns.forEach((curve, agent) => {
      // dashes, so that a curve below with the same values stays visible
      c.setLineDash(agent ? [6, 6] : []);
      part(curve, at, last, colour('--mark'));
      part(curve, 0, at, colour(agentColour(agent)));
      c.fillStyle = colour(agentColour(agent));
      c.beginPath();
      c.arc(x(at), y(curve[at]), 3, 0, 2 * Math.PI);
      c.fill();
    });
  }

  function setPlaying(playing) {
    if (playing && state.position >= episode().last) state.position = 0;
    state.playing = playing;
    state.rested = 0;
    document.body.classList.toggle('playing', playing);
    byId('play').setAttribute('aria-label', playing ? 'pause' : 'play');
    dirty = true;
  }

  function seek(position) {
    state.position = Math.max(0, Math.min(episode().last, position));
    dirty = true;
  }

  function choose(index) {
    state.episode = Math.max(0, Math.min(episodes.length - 1, index));
    state.position = 0;
    byId('episode').value = state.episode;
    byId('scrub').max = episode().last;
    dirty = true;
  }

  function setSpeed(speed) {
    state.speed = speed;
    byId('speed').value = String(speed);
  }

  const changeSpeed = by => setSpeed(speeds[Math.max(0, Math.min(speeds.length - 1, speeds.indexOf(state.speed) + by))]);

  const pauseAt = position => { setPlaying(false); seek(position); };
  const keys = {
    ' ': () => setPlaying(!state.playing), k: () => setPlaying(!state.playing),
    ArrowLeft: e => pauseAt(frame() - (e.shiftKey ? 10 : 1)), ArrowRight: e => pauseAt(frame() + (e.shiftKey ? 10 : 1)),
    Home: () => seek(0), End: () => pauseAt(episode().last),
    ArrowUp: () => changeSpeed(1), ArrowDown: () => changeSpeed(-1),
    n: () => choose(state.episode + 1), p: () => choose(state.episode - 1),
    a: () => { byId('through').checked = !byId('through').checked; },
    f: () => { byId('follow').checked = !byId('follow').checked; byId('follow').dispatchEvent(new Event('change')); },
  };

  function listen() {
    byId('play').onclick = () => setPlaying(!state.playing);
    byId('back').onclick = () => pauseAt(frame() - 1);
    byId('next').onclick = () => pauseAt(frame() + 1);
    byId('scrub').oninput = e => pauseAt(Number(e.target.value));
    byId('episode').onchange = e => choose(Number(e.target.value));
    byId('speed').onchange = e => setSpeed(Number(e.target.value));
    byId('window').onchange = () => { dirty = true; };
    byId('follow').onchange = e => { if (view && view.follow) view.follow(e.target.checked); dirty = true; };
    window.addEventListener('keydown', e => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.target.tagName === 'SELECT') return;
      const action = keys[e.key];
      if (!action) return;
      e.preventDefault();
      action(e);
    });
    // drawn at once: a resized canvas is empty, and the next frame may come late
    new ResizeObserver(() => { if (view) view.resize(); draw(); }).observe(byId('stage'));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (view && view.recolour) view.recolour(); dirty = true; });
  }

  function fill() {
    document.title = byId('title').textContent = record.environment;
    byId('source').textContent = record.source;
    episodes.forEach((e, i) => byId('episode').add(new Option(`${i + 1} of ${episodes.length}: return ${e.returns.map(r => number(r[e.last])).join(', ')}`, i)));
    byId('choice').hidden = byId('onward').hidden = joined;
    byId('clock').hidden = !record.scene.clock;
    if (joined) byId('unit').textContent = 'play';
    document.body.classList.toggle('joint', record.agents.length > 0);
    document.body.classList.toggle('game', record.scene.view === 'matrix');
    for (const [name, value] of [['all plays so far', 'all'], ['the last 100', 'last'], ...(joined ? [] : [['this episode', 'episode']])]) byId('window').add(new Option(name, value));
    const head = byId('agents').createTHead().insertRow();
    for (const name of ['', joined ? 'mean so far' : 'return so far', joined ? 'payoff' : 'reward']) head.append(Object.assign(document.createElement('th'), { textContent: name }));
    record.agents.forEach((name, agent) => {
      const row = byId('agents').insertRow();
      const dot = document.createElement('i');
      dot.style.background = `var(${agentColour(agent)})`;
      row.insertCell().append(dot, name);
      row.insertCell().id = `return${agent}`;
      row.insertCell().id = `reward${agent}`;
    });
    speeds.forEach(s => byId('speed').add(new Option(`${s}×`, s)));
  }

  // The end of an episode stays for a second before the next begins.
  function finish(seconds) {
    state.rested += seconds;
    if (!byId('through').checked || state.episode === episodes.length - 1) setPlaying(false);
    else if (state.rested > 1) { state.rested = 0; choose(state.episode + 1); }
  }

  let before = null;
  function tick(now) {
    const seconds = before === null ? 0 : Math.min(0.25, (now - before) / 1000);
    before = now;
    if (state.playing) {
      state.position = Math.min(episode().last, state.position + seconds * state.speed / record.scene.step_seconds);
      if (state.position >= episode().last) finish(seconds);
      dirty = true;
    }
    if (dirty || (view && view.moving && view.moving())) draw();
    requestAnimationFrame(tick);
  }

  fill();
  listen();
  setSpeed(1);
  choose(0);
  const make = window.replayViews[record.scene.view];
  document.body.classList.toggle('flat', record.scene.view !== 'bodies');
  try {
    if (!make) throw new Error(`this page has no view '${record.scene.view}'`);
    view = make(byId('view'), { ...record.scene, agents: record.agents }, episodes, byId('follow'));
  } catch (fault) {
    const note = document.createElement('p');
    note.className = 'failure';
    note.textContent = `Nothing can be drawn here: ${fault.message}`;
    byId('stage').append(note);
  }
  draw();
  requestAnimationFrame(tick);

  // For scripts: tests, and the recorder of videos.
  window.replay = {
    ready: view !== null,
    steps: episodes.map(e => e.last),
    stepSeconds: record.scene.step_seconds,
    get episode() { return state.episode; },
    get frame() { return frame(); },
    get playing() { return state.playing; },
    pose: (index, at) => Array.from(episodes[index].pose(at)),
    returnAt: (index, at, agent = 0) => episodes[index].returns[agent][at],
    frequencies: (index, at) => view.frequencies(index, at),
    show(index, position) { setPlaying(false); if (index !== state.episode) choose(index); seek(position); if (view && view.settle) view.settle(); draw(); },
    bare() { document.body.classList.add('bare'); if (view) view.resize(); draw(); },
  };
})();
