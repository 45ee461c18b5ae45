// The view in space: the recorded shapes with their poses, drawn by three.js; z points upwards, as in the physics.
window.replayViews = window.replayViews || {};
(() => {
  'use strict';
  const palette = ['#e07b39', '#4c86e0', '#3fa77a', '#c45a8a', '#8a6fd1', '#d1a53b', '#4aa7b5', '#b0604a'];
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function geometry({ kind, size: [a, b, c] }) {
    switch (kind) {
      case 'plane': return new THREE.PlaneGeometry(2 * (a || 500), 2 * (b || 500));
      case 'sphere': return new THREE.SphereGeometry(a, 32, 20);
      case 'capsule': return new THREE.CapsuleGeometry(a, 2 * b, 12, 28).rotateX(Math.PI / 2);
      case 'ellipsoid': return new THREE.SphereGeometry(1, 32, 20).scale(a, b, c);
      case 'cylinder': return new THREE.CylinderGeometry(a, a, 2 * b, 36).rotateX(Math.PI / 2);
      case 'box': return new THREE.BoxGeometry(2 * a, 2 * b, 2 * c);
      default: throw new Error(`unknown shape '${kind}'`);
    }
  }

  // A chequered floor whose squares are a metre wide shows how far the body has come.
  function chequer() {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 128;
    const c = canvas.getContext('2d');
    const paint = texture => {
      c.fillStyle = style('--floor');
      c.fillRect(0, 0, 128, 128);
      c.fillStyle = style('--sky');
      c.fillRect(0, 0, 64, 64);
      c.fillRect(64, 64, 64, 64);
      texture.needsUpdate = true;
    };
    const texture = new THREE.CanvasTexture(canvas);
    texture.colorSpace = THREE.SRGBColorSpace;
    texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
    texture.anisotropy = 8;
    paint(texture);
    return { texture, paint };
  }

  window.replayViews.bodies = (canvas, scene, episodes, followBox) => {
    const renderer = new THREE.WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
    renderer.shadowMap.enabled = true;
    renderer.shadowMap.type = THREE.PCFShadowMap;
    const world = new THREE.Scene();
    const camera = new THREE.PerspectiveCamera(40, 1, 0.01, 400);
    camera.up.set(0, 0, 1);
    const controls = new THREE.OrbitControls(camera, canvas);
    controls.enableDamping = false;
    controls.maxPolarAngle = Math.PI * 0.53;
    const floor = chequer();
    const floorColour = () => new THREE.Color(style('--sky'));

    const meshes = scene.shapes.map(shape => {
      const isFloor = shape.kind === 'plane';
      const given = shape.colour;
      const material = new THREE.MeshStandardMaterial(isFloor
        ? { map: floor.texture, roughness: 0.95, side: THREE.DoubleSide }
        : {
          color: given ? new THREE.Color(given[0], given[1], given[2]).convertSRGBToLinear() : new THREE.Color(shape.body === 0 ? '#8a93a3' : palette[(shape.body - 1) % palette.length]),
          roughness: 0.55, metalness: 0.05, transparent: !!given && given[3] < 1, opacity: given ? given[3] : 1,
        });
      const mesh = new THREE.Mesh(geometry(shape), material);
      if (isFloor) {
        const uv = mesh.geometry.attributes.uv, at = mesh.geometry.attributes.position;
        for (let i = 0; i < uv.count; i++) uv.setXY(i, at.getX(i) / 2, at.getY(i) / 2);
      }
      mesh.castShadow = !isFloor;
      mesh.receiveShadow = true;
      world.add(mesh);
      return mesh;
    });

    const sun = new THREE.DirectionalLight('#ffffff', 2.2);
    sun.castShadow = true;
    sun.shadow.mapSize.set(1024, 1024);
    sun.shadow.bias = -0.0006;
    sun.shadow.normalBias = 0.01;
    world.add(sun, sun.target, new THREE.HemisphereLight('#ffffff', '#8894a8', 1.5));

    const bodies = scene.shapes.map((s, i) => i).filter(i => scene.shapes[i].body > 0);
    const centre = (pose, indices) => {
      const low = new THREE.Vector3(1e9, 1e9, 1e9), high = new THREE.Vector3(-1e9, -1e9, -1e9), point = new THREE.Vector3();
      indices.forEach(i => { point.set(pose[7 * i], pose[7 * i + 1], pose[7 * i + 2]); low.min(point); high.max(point); });
      return { middle: low.clone().add(high).multiplyScalar(0.5), extent: high.distanceTo(low) + 2 * Math.max(...indices.map(i => Math.max(...scene.shapes[i].size))), low, high };
    };
    const shown = bodies.length ? bodies : scene.shapes.map((s, i) => i);
    const start = centre(episodes[0].pose(0), shown);
    const size = Math.max(start.extent, 0.2);
    // What lies on a table is looked at from above.
    const lying = start.high.z - start.low.z < 0.35 * Math.hypot(start.high.x - start.low.x, start.high.y - start.low.y) && start.high.z - start.low.z < 0.7;

    // What stays in one place is looked at from one place.
    const lead = shown[0];
    let travel = 0;
    for (const e of episodes) {
      const from = e.pose(0), to = e.pose(e.last);
      travel = Math.max(travel, Math.hypot(to[7 * lead] - from[7 * lead], to[7 * lead + 1] - from[7 * lead + 1]));
    }
    let follows = travel > 0.5 * size;
    followBox.checked = follows;

    const target = start.middle.clone();
    const aim = new THREE.Vector3();
    const place = () => {
      controls.target.copy(target);
      camera.position.set(target.x + 0.55 * size, target.y - (lying && !follows ? 1.45 : 1.75) * size, target.z + (lying && !follows ? 1.5 : 0.5) * size);
      world.fog = new THREE.Fog(floorColour(), 6 * size, 26 * size);
      sun.shadow.camera.left = sun.shadow.camera.bottom = -1.6 * size;
      sun.shadow.camera.right = sun.shadow.camera.top = 1.6 * size;
      sun.shadow.camera.near = 0.1 * size;
      sun.shadow.camera.far = 9 * size;
      camera.near = size / 200;
      camera.far = 60 * size;
      camera.updateProjectionMatrix();
      sun.shadow.camera.updateProjectionMatrix();
    };

    const light = () => {
      sun.position.set(controls.target.x + 0.9 * size, controls.target.y - 1.3 * size, controls.target.z + 3 * size);
      sun.target.position.copy(controls.target);
    };

    let turned = true;
    controls.addEventListener('change', () => { turned = true; });
    let latest = null;
    let shownEpisode = 0;
    let snap = true;

    const track = rate => {
      const now = centre(latest, shown).middle;
      // the height only by half: hopping is to be seen
      aim.set(now.x, now.y, 0.5 * (now.z + start.middle.z));
      const shift = aim.sub(controls.target).multiplyScalar(rate);
      controls.target.add(shift);
      camera.position.add(shift);
    };

    const resize = () => {
      renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, 2));
      renderer.setSize(canvas.clientWidth || 1, canvas.clientHeight || 1, false);
      camera.aspect = (canvas.clientWidth || 1) / (canvas.clientHeight || 1);
      camera.updateProjectionMatrix();
    };
    const recolour = () => { floor.paint(floor.texture); world.background = floorColour(); world.fog.color = floorColour(); };

    place();
    resize();
    recolour();
    const other = new THREE.Quaternion();
    return {
      resize,
      recolour,
      moving: () => { const was = turned; turned = false; return was; },
      follow(on) { follows = on; snap = on; },
      settle() { snap = true; },
      draw(a, b, t, episode) {
        meshes.forEach((mesh, i) => {
          const j = 7 * i;
          mesh.position.set(a[j] + (b[j] - a[j]) * t, a[j + 1] + (b[j + 1] - a[j + 1]) * t, a[j + 2] + (b[j + 2] - a[j + 2]) * t);
          mesh.quaternion.set(a[j + 4], a[j + 5], a[j + 6], a[j + 3]);
          other.set(b[j + 4], b[j + 5], b[j + 6], b[j + 3]);
          mesh.quaternion.slerp(other, t);
        });
        latest = a;
        if (follows) track(episode === shownEpisode && !snap ? 0.25 : 1);
        shownEpisode = episode;
        snap = false;
        light();
        controls.update();
        renderer.render(world, camera);
      },
    };
  };
})();
