import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {evaluateMetrics, type LabeledRows, type Selection, selectionOf} from 'tfjs-autofis';
import {findGates} from '../../../src/stages/gates';
import type {WhatIf} from '../protocol';
import {alphasOf} from './searching';

/** The gates of a searched model, opened and closed by hand: what it then reaches on the validation rows. */
export class GatesByHand {
  private readonly searched: number[][];
  private readonly open: boolean[][];
  private aucSearched: number | null = null;

  constructor(private readonly model: tfl.LayersModel, private readonly rows: LabeledRows) {
    this.searched = alphasOf(model);
    this.open = this.searched.map(values => values.map(alpha => alpha !== 0));
  }

  async state(): Promise<WhatIf> {
    const {auc: now} = await evaluateMetrics(this.model, {data: this.rows});
    this.aucSearched ??= now;
    return {open: this.open.map(values => [...values]), searched: this.aucSearched, now};
  }

  /** An opened gate that the search has closed gets alpha's start: the search says nothing else of its weight. */
  set(gate: number, interaction: number, open: boolean): void {
    this.open[gate][interaction] = open;
    const {layer} = findGates('the page', this.model)[gate];
    const alpha = this.searched[gate].map((value, p) => !this.open[gate][p] ? 0 : value !== 0 ? value : layer.alphaInit);
    tf.tidy(() => { layer.alpha!.write(tf.tensor1d(alpha)); });
  }

  reset(): void {
    this.searched.forEach((values, gate) => {
      values.forEach((alpha, p) => { this.open[gate][p] = alpha !== 0; });
      if (values.length > 0) this.set(gate, 0, this.open[gate][0]);
    });
  }

  /** The interactions whose gates are open now. */
  selection(): Selection {
    return selectionOf(this.model);
  }
}
