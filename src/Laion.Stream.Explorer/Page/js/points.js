// Draws points by WebGL 2. Knows places and colours, not rows.

const VERTEX = `#version 300 es
in vec2 place;
in vec4 colour;
uniform vec2 middle;
uniform vec2 scale;
uniform float size;
out vec4 shown;
void main() {
  gl_Position = vec4((place - middle) * scale, 0.0, 1.0);
  gl_PointSize = size;
  shown = colour;
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 shown;
out vec4 pixel;
void main() {
  float edge = length(gl_PointCoord - 0.5) * 2.0;
  float cover = shown.a * (1.0 - smoothstep(0.7, 1.0, edge));
  if (cover <= 0.0) discard;
  pixel = vec4(shown.rgb * cover, cover);
}`;

/** A drawing on a canvas; null where the browser has no WebGL 2. */
export function pointsOn(canvas) {
  const gl = canvas.getContext('webgl2', { antialias: false, alpha: true, premultipliedAlpha: true });
  if (!gl) return null;
  let program;
  let uniforms;
  let count = 0;
  let places = null;
  let colours = null;

  function prepare() {
    program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    uniforms = Object.fromEntries(['middle', 'scale', 'size'].map(name => [name, gl.getUniformLocation(program, name)]));
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    for (const [name, size, type] of [['place', 2, gl.UNSIGNED_SHORT], ['colour', 4, gl.UNSIGNED_BYTE]]) {
      const buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      const at = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, size, type, true, 0, 0);
      if (name === 'place') places = buffer;
      else colours = buffer;
    }
  }

  function fill(buffer, data) {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
  }

  prepare();
  return {
    /** Places as pairs of 16-bit numbers, colours as four bytes each. */
    show(pairs, bytes) {
      count = pairs.length / 2;
      fill(places, pairs);
      fill(colours, bytes);
    },
    paint(bytes) { fill(colours, bytes); },
    /** Draws what lies around a middle (0 to 1); `zoom` is how many pixels the whole map is wide. */
    draw({ x, y, zoom, size }) {
      const ratio = window.devicePixelRatio || 1;
      const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      gl.viewport(0, 0, width, height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.uniform2f(uniforms.middle, x, y);
      gl.uniform2f(uniforms.scale, 2 * zoom * ratio / width, 2 * zoom * ratio / height);
      gl.uniform1f(uniforms.size, size * ratio);
      if (count > 0) gl.drawArrays(gl.POINTS, 0, count);
    },
    /** After the context was lost and given back. */
    again: prepare,
  };
}
