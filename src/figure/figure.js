// plotly.js comes with every figure; the first one on a page unpacks it for all.
const unpack = async () => {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const script = document.createElement("script");
  script.textContent = await new Response(stream).text();
  // On a page with require.js (nbconvert's) the library would register there.
  const {define} = window;
  window.define = undefined;
  document.head.append(script);
  window.define = define;
  return window.Plotly;
};
window.implicitBiasUnpacked ??= unpack();
// A page that cannot draw in space gets a surface's level lines instead.
const {flat} = spec.layout.meta;
const webgl = () => document.createElement("canvas").getContext("webgl");
const {data, layout} = flat && !webgl() ? flat : spec;
const draw = (Plotly, figure) => {
  figure.dataset.drawn = "";
  const plot = figure.querySelector("div");
  const {wide, narrow} = layout.meta;
  let now = wide;
  // Panels stand side by side on a wide page and one below the other on a phone.
  const fit = () => {
    const next = plot.clientWidth === 0 ? now : plot.clientWidth < 600 ? narrow : wide;
    if (next !== now) Plotly.relayout(plot, (now = next));
  };
  figure.querySelector("p").remove();
  Plotly.newPlot(plot, data, layout, spec.config).then(() => {
    fit();
    new ResizeObserver(fit).observe(plot);
  });
};
// Draws every figure with this mark that is not drawn yet; a page may put it in its place after this script.
window.implicitBiasUnpacked.then((Plotly) => {
  let tries = 0;
  const look = () => {
    const figures = document.querySelectorAll(`figure[data-plotly="${mark}"]:not([data-drawn])`);
    figures.forEach((figure) => draw(Plotly, figure));
    if (figures.length === 0 && ++tries < 50) setTimeout(look, 200);
  };
  look();
});
