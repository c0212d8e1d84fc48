import {megabytes, processMemory} from '../../benchmarks/memory';

const status = 'Name:\tnode\nVmPeak:\t  999999 kB\nVmHWM:\t  500000 kB\nRssAnon:\t  300000 kB\nRssFile:\t  100000 kB\n';

describe('memory of a process', () => {
  it('is read in units of 10^6 bytes', () => {
    expect(megabytes(status, 'VmHWM')).toBeCloseTo(512, 9);
    expect(megabytes(status, 'RssFile')).toBeCloseTo(102.4, 9);
  });

  it('of this one is known, and files are a part of it', () => {
    const {peakMB, filesMB} = processMemory();
    expect(peakMB).toBeGreaterThan(10);
    if (process.platform === 'linux') expect(filesMB).toBeLessThan(peakMB);
  });
});
