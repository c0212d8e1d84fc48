import type {Candidate, SearchRun} from 'tfjs-autofis';
import {Moment, phases, secondsByPhase} from '../../../benchmarks/experiments/phases';

const moment = (wall: number, processor: number): Moment => ({wall, processor});
const candidate = (form: Candidate['form'], strength: number | null, seconds: number) => ({form, strength, seconds}) as Candidate;

describe('secondsByPhase', () => {
  it('gives each phase its share of the processor between two candidates, and all of them the whole', () => {
    // The processor works at half speed at first, then at full speed.
    const moments = [moment(0, 0), moment(40, 20), moment(50, 30), moment(60, 40), moment(70, 50), moment(100, 80), moment(120, 100)];
    const candidates = [
      candidate('searched', 2, 6), candidate('gated', 2, 10), candidate('gated', null, 8), candidate('plain', null, 10), candidate('plain', 2, 12),
    ];
    const seconds = secondsByPhase(moments, {candidates, searches: [{strength: 2, seconds: 30} as SearchRun]});
    expect(seconds).toEqual({
      'searches': 15, 'searched models trained on': 3, 'gated retrains': 10, 'all interactions, gated': 8, 'plain retrains': 22,
      // 4 of 40 s at half speed, 2 behind all interactions, 18 before and 20 after the last one.
      'cross-validation, scores': 2 + 2 + 18 + 20,
    });
    expect(phases.reduce((sum, phase) => sum + seconds[phase], 0)).toBe(100);
  });

  it('leaves the time of a search that closed every gate to the rest', () => {
    const seconds = secondsByPhase([moment(0, 0), moment(10, 10), moment(11, 11)],
        {candidates: [candidate('gated', null, 4)], searches: [{strength: 2, seconds: 5} as SearchRun]});
    expect(seconds['searches']).toBe(0);
    expect(seconds['cross-validation, scores']).toBe(7);
  });
});
