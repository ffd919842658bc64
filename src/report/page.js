"use strict";
(() => {
  // One switch for all code; a reader without JavaScript still has every cell's own.
  const toggle = document.getElementById("code-toggle");
  const cells = document.querySelectorAll("details.code");
  toggle.hidden = cells.length === 0;
  toggle.addEventListener("click", () => {
    const hide = document.body.classList.toggle("code-hidden");
    for (const cell of cells) cell.open = !hide;
    toggle.textContent = hide ? "Show code" : "Hide code";
  });

  const contents = document.querySelector(".contents details");
  const narrow = matchMedia("(max-width: 70rem)");
  const fold = () => { if (contents) contents.open = !narrow.matches; };
  narrow.addEventListener("change", fold);
  fold();

  const plots = [];
  const draw = async (figure) => {
    const canvas = figure.querySelector(".canvas");
    const spec = JSON.parse(figure.querySelector("script").textContent);
    // A page that cannot draw in space gets a surface's level lines instead.
    const flat = spec.layout?.meta?.flat;
    const picture = flat && !document.createElement("canvas").getContext("webgl") ? flat : spec;
    const layout = Object.assign({}, picture.layout, { autosize: true });
    delete layout.width;
    // A finger on a figure means to scroll the page.
    const touch = matchMedia("(pointer: coarse)").matches;
    if (touch) layout.dragmode = false;
    const config = Object.assign({}, spec.config, { responsive: false, displaylogo: false, displayModeBar: touch ? false : "hover" });
    await Plotly.newPlot(canvas, picture.data, layout, config);
    // A figure may say how its panels stand on a narrow page and how on a wide one.
    const { wide, narrow } = layout.meta ?? {};
    let now = wide;
    const fit = () => {
      if (canvas.clientWidth === 0) return;
      const next = canvas.clientWidth < 600 ? narrow : wide;
      if (next && next !== now) Plotly.relayout(canvas, (now = next));
      else Plotly.Plots.resize(canvas);
    };
    new ResizeObserver(fit).observe(canvas);
    plots.push(canvas);
  };
  (async () => {
    for (const figure of document.querySelectorAll("figure.plot")) {
      try {
        await draw(figure);
      } catch (error) {
        const words = document.createElement("p");
        words.className = "notice";
        words.textContent = `This figure could not be drawn: ${error}`;
        figure.append(words);
      }
    }
    document.documentElement.dataset.drawn = "";
  })();

  // Paper is narrower than most windows, and cannot be unfolded.
  let opened = [];
  addEventListener("beforeprint", () => {
    for (const plot of plots) Plotly.relayout(plot, { width: 660, autosize: false });
    if (document.body.classList.contains("code-hidden")) return;
    opened = [...cells].filter((cell) => !cell.open);
    for (const cell of opened) cell.open = true;
  });
  addEventListener("afterprint", () => {
    for (const plot of plots) Plotly.relayout(plot, { width: null, autosize: true });
    for (const cell of opened) cell.open = false;
  });
})();
