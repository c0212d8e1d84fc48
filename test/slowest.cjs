/** A reporter of jest: after a run of many files, the ten that took longest. */
const path = require('node:path');

/** Of fewer files jest shows each one's time anyway, in sight. */
const MANY = 50;

module.exports = class Slowest {
  onRunComplete(_contexts, {testResults}) {
    if (testResults.length < MANY) return;
    const lines = testResults
      .map(({testFilePath, displayName, perfStats: {runtime}}) => ({testFilePath, displayName, runtime}))
      .sort((a, b) => b.runtime - a.runtime)
      .slice(0, 10)
      .map(({testFilePath, displayName, runtime}) => {
        const seconds = (runtime / 1000).toFixed(1).padStart(6);
        return `${seconds} s  ${displayName?.name ?? ''} ${path.relative(process.cwd(), testFilePath)}`;
      });
    console.log(`\nThe slowest of ${testResults.length} files:\n${lines.join('\n')}`);
  }
};
