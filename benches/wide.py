"""The step of benches/wide.rs in NumPy: prints the seconds of the quickest of many steps."""

import time

import numpy as np

n, widths = 200, [3, 256, 256, 256, 1]
rng = np.random.default_rng(0)
x = rng.standard_normal((n, 3))
y = np.sign(rng.standard_normal(n))
w = [rng.standard_normal((b, a)) * np.sqrt(2 / a) for a, b in zip(widths, widths[1:])]


def step(w, eta):
    h = [x]
    for k in range(3):
        h.append(np.maximum(h[-1] @ w[k].T, 0))
    q = y * (h[3] @ w[3].T)[:, 0]
    g = (-y / (1 + np.exp(q)) / n)[:, None]
    for k in (3, 2, 1, 0):
        gradient = g.T @ h[k]
        if k:
            g = (g @ w[k]) * (h[k] > 0)
        w[k] -= eta * gradient


best = float("inf")
for _ in range(60):
    begun = time.perf_counter()
    step(w, 1e-6)
    best = min(best, time.perf_counter() - begun)
print(best)
