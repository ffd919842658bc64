// Makes plotly.txt: of plotly.js what figures of this crate use, minified, gzipped, in base64. In an empty folder, with this file:
//   npm install --ignore-scripts plotly.js@3.0.1 esbuild@0.25.12 && node build.mjs
import {buildSync} from "esbuild";
import {readFileSync, writeFileSync} from "node:fs";
import {gzipSync} from "node:zlib";

const {version} = JSON.parse(readFileSync("node_modules/plotly.js/package.json"));
const traces = ["contour", "scatter3d", "surface"];
const required = traces.map((trace) => `require("plotly.js/lib/${trace}")`);
const contents = `const core = require("plotly.js/lib/core"); core.register([${required}]); module.exports = core;`;
const {outputFiles} = buildSync({
  stdin: {contents, resolveDir: "."},
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  globalName: "implicitBiasPlotly",
  // A page with require.js has a `define` of its own.
  define: {global: "window", "define.amd": "false"},
  loader: {".css": "empty"},
  legalComments: "eof",
  target: "es2016",
  banner: {js: `/* plotly.js v${version} (scatter, ${traces.join(", ")}), MIT, copyright 2012-2025 Plotly, Inc. */`},
});
writeFileSync("plotly.txt", gzipSync(outputFiles[0].contents, {level: 9}).toString("base64"));
