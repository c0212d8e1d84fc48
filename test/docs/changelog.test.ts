import {read} from './markdown';

const [, ...versions] = read('CHANGELOG.md').split(/^## /m);

describe('CHANGELOG.md', () => {
  it('has the form of Keep a Changelog', () => {
    for (const version of versions) {
      expect(version).toMatch(/^\[\d+\.\d+\.\d+\] - (unreleased|\d{4}-\d\d-\d\d)\n/);
      for (const [, kind] of version.matchAll(/^### (.*)$/gm))
        expect(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']).toContain(kind);
    }
  });

  it('describes 0.1.0 in about twenty lines that a user can read', () => {
    const first = versions.find(version => version.startsWith('[0.1.0]'))!;
    const lines = first.split('\n').filter(line => line.startsWith('- '));
    expect(lines.length).toBeGreaterThanOrEqual(15);
    expect(lines.length).toBeLessThanOrEqual(25);
    expect(lines.filter(line => line.split(/\s+/).length > 60)).toEqual([]);
  });
});
