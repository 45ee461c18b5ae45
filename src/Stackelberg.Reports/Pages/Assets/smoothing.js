'use strict';
/** Means of each value and the k − 1 before it; null where the window is not full or has a gap. Later values never enter. */
report.trailingMean = (values, k) => {
  if (k <= 1) return values;
  const means = [];
  for (let i = 0; i < values.length; i++) {
    let sum = 0, known = i >= k - 1;
    for (let j = i - k + 1; known && j <= i; j++) {
      known = values[j] !== null;
      sum += values[j];
    }

    means.push(known ? sum / k : null);
  }

  return means;
};

/** What the slider does, in words. */
report.smoothingText = k => k <= 1
  ? 'No smoothing: every point as it was recorded.'
  : `Trailing mean of ${k} points: each point is the mean of itself and the ${k - 1} before it, never of later ones; nothing is drawn where ${k} points are not there yet. `
    + 'Ends of bands are averaged in the same way, and are then no intervals of the smoothed line.';

/** Stretches without a gap, as pairs of first and last index. */
report.stretches = known => {
  const found = [];
  for (let i = 0; i < known.length; i++) {
    if (!known[i]) continue;
    if (i > 0 && known[i - 1]) found[found.length - 1][1] = i;
    else found.push([i, i]);
  }

  return found;
};
