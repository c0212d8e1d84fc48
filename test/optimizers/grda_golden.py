"""Writes grda_golden.json: traces of GRDA in float64, which test/optimizers/grda_golden.test.ts compares with.

Run `python grda_golden.py` in this folder, with numpy. From the rule alone (arXiv 2006.09358):
  v_{t+1} = v_t - gamma_t g_t,   w_{t+1} = sign(v_{t+1}) max(|v_{t+1}| - sum_{s <= t} c gamma_s^(1/2 + mu) (s^mu - (s-1)^mu), 0).
"""
import json
import pathlib

import numpy as np

WEIGHTS, STEPS = 4, 40


def trace(start, gradients, rates, c, mu, warmup):
    v, threshold, weights, result = start.copy(), 0.0, start.copy(), []
    for t, (gradient, gamma) in enumerate(zip(gradients, rates), 1 - warmup):
        if t > 0:
            v -= gamma * gradient
            threshold += c * gamma ** (0.5 + mu) * (t ** mu - (t - 1) ** mu)
            weights = np.sign(v) * np.maximum(np.abs(v) - threshold, 0)
        result.append(weights.tolist())
    return result


def case(random, name, c, mu=0.8, warmup=0, rate=lambda t: 1.0):
    # As float32, which the library gets.
    start = random.uniform(-1, 1, WEIGHTS).astype(np.float32).astype(np.float64)
    gradients = random.normal(0, 0.1, (STEPS, WEIGHTS)).astype(np.float32).astype(np.float64)
    rates = [rate(t) for t in range(STEPS)]
    return {
        "name": name, "c": c, "mu": mu, "warmupSteps": warmup, "rates": rates, "start": start.tolist(),
        "gradients": gradients.tolist(), "weights": trace(start, gradients, rates, c, mu, warmup),
    }


def main():
    random = np.random.default_rng(20200616)
    cases = [
        case(random, "the paper's mu", 0.01),
        case(random, "a slow threshold", 0.05, mu=0.51),
        case(random, "a threshold that closes all", 0.5, mu=0.7),
        case(random, "a small step size", 0.3, rate=lambda t: 0.1),
        case(random, "a step size that falls", 0.02, rate=lambda t: 1 / (1 + t / 10)),
        case(random, "a warm-up", 0.02, warmup=7),
        case(random, "no threshold", 0.0),
    ]
    pathlib.Path(__file__).with_name("grda_golden.json").write_text(json.dumps(cases) + "\n")


if __name__ == "__main__":
    main()
