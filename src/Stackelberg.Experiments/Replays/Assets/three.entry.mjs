export {
  AmbientLight, BoxGeometry, CapsuleGeometry, Color, CylinderGeometry, DirectionalLight, DoubleSide, Fog, GridHelper, Group, HemisphereLight, Mesh,
  MeshStandardMaterial, PCFShadowMap, PerspectiveCamera, PlaneGeometry, Quaternion, Scene, SphereGeometry, SRGBColorSpace, Vector3, WebGLRenderer,
  CanvasTexture, RepeatWrapping,
} from 'three';
export { OrbitControls } from 'three/addons/controls/OrbitControls.js';
