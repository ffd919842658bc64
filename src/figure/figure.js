// A page that cannot draw in space gets a surface's level lines instead.
const {flat} = spec.layout.meta;
const webgl = () => document.createElement("canvas").getContext("webgl");
const {data, layout} = flat && !webgl() ? flat : spec;
// Draws every figure with this mark that is not drawn yet, as soon as plotly.js is there.
const start = () => {
  for (const figure of document.querySelectorAll(`figure[data-plotly="${mark}"]:not([data-drawn])`)) {
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
  }
};
if (window.Plotly) start();
else {
  let tries = 0;
  const timer = setInterval(() => {
    if (window.Plotly) start();
    if (window.Plotly || ++tries > 300) clearInterval(timer);
  }, 200);
}
