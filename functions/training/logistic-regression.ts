/** One labelled comment as the regression sees it. */
export interface Example {
  vector: ReadonlyMap<string, number>;
  isSpam: boolean;
}

/**
 * `signalPenalty` and `wordPenalty` are L2 strengths: how dear it is for a weight to move away from where it starts.
 */
export interface Penalties {
  signalPenalty: number;
  wordPenalty: number;
}

export interface Regression {
  bias: number;
  weights: Map<string, number>;
}

const PASSES = 400;

/**
 * The weight of a signal before any example: above nothing, for each names a thing that spam does. It matters for
 * those that are rare in the examples, or came into fashion after they were collected (2015). `s:short` says the
 * contrary, and starts from nothing as words do.
 */
const SIGNAL_PRIOR = 0.5;
const SIGNAL_PRIORS: Readonly<Record<string, number>> = { "s:contact": 3, "s:scam": 1.5, "s:short": 0 };

/**
 * Fits by accelerated gradient descent over all examples at once, from zero: no randomness, so the same examples in the
 * same order give the same weights. Only `names` get a weight.
 */
export function fitRegression(
  examples: readonly Example[],
  names: readonly string[],
  penalties: Penalties,
): Regression {
  const place = new Map(names.map((name, at) => [name, at]));
  const rows = examples.map(({ vector }) =>
    [...vector].flatMap(([name, value]) => {
      const at = place.get(name);
      return at === undefined ? [] : [{ at, value }];
    }),
  );
  const penalty = names.map((name) => (name.startsWith("s:") ? penalties.signalPenalty : penalties.wordPenalty));
  const prior = names.map((name) => (name.startsWith("s:") ? (SIGNAL_PRIORS[name] ?? SIGNAL_PRIOR) : 0));
  const labels = examples.map(({ isSpam }) => (isSpam ? 1 : 0));
  const widest = Math.max(...rows.map((row) => 1 + row.reduce((sum, { value }) => sum + value * value, 0)));
  const stepSize = 1 / (0.25 * widest * examples.length + Math.max(...penalty));
  return descend(rows, labels, { penalty, prior, names, stepSize });
}

function descend(
  rows: readonly { at: number; value: number }[][],
  labels: readonly number[],
  shape: { penalty: readonly number[]; prior: readonly number[]; names: readonly string[]; stepSize: number },
): Regression {
  const { penalty, prior, names, stepSize } = shape;
  let weights = new Float64Array(names.length + 1);
  let ahead = weights.slice();
  const last = names.length;
  for (let pass = 1; pass <= PASSES; pass += 1) {
    const gradient = new Float64Array(last + 1);
    rows.forEach((row, index) => {
      const logOdds = row.reduce((sum, { at, value }) => sum + value * (ahead[at] ?? 0), ahead[last] ?? 0);
      const miss = 1 / (1 + Math.exp(-logOdds)) - (labels[index] ?? 0);
      for (const { at, value } of row) gradient[at] = (gradient[at] ?? 0) + miss * value;
      gradient[last] = (gradient[last] ?? 0) + miss;
    });
    const next = ahead.map((w, at) => {
      const pull = (penalty[at] ?? 0) * (w - (prior[at] ?? 0));
      return w - stepSize * ((gradient[at] ?? 0) + pull);
    });
    const momentum = (pass - 1) / (pass + 2);
    ahead = next.map((w, at) => w + momentum * (w - (weights[at] ?? 0)));
    weights = next;
  }
  return { bias: weights[last] ?? 0, weights: new Map(names.map((name, at) => [name, weights[at] ?? 0])) };
}
