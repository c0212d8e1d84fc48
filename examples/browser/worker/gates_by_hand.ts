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

  constructor(
    private readonly model: tfl.LayersModel,
    private readonly rows: LabeledRows,
  ) {
    this.searched = alphasOf(model);
    this.open = this.searched.map(values => values.map(alpha => alpha !== 0));
  }

  /** What the gates reach. The first call must be made before a gate is changed. */
  async state(): Promise<WhatIf> {
    const {auc: now} = await evaluateMetrics(this.model, {data: this.rows});
    this.aucSearched ??= now;
    return {
      open: this.open.map(values => [...values]),
      changed: this.changed !== null,
      searched: this.aucSearched,
      now,
    };
  }

  set(gate: number, interaction: number, open: boolean): void {
    this.open[gate][interaction] = open;
    this.apply();
  }

  /** All gates at once; null for as searched. */
  setAll(open: readonly boolean[][] | null): void {
    this.searched.forEach((values, gate) =>
      values.forEach((alpha, p) => {
        this.open[gate][p] = open?.[gate][p] ?? alpha !== 0;
      }),
    );
    this.apply();
  }

  /** The gates as they are; null for as searched. */
  get changed(): boolean[][] | null {
    return this.searched.every((values, gate) => values.every((alpha, p) => this.open[gate][p] === (alpha !== 0)))
      ? null
      : this.open.map(values => [...values]);
  }

  /** An opened gate that the search has closed gets alpha's start: the search says nothing else of its weight. */
  private apply(): void {
    findGates('the page', this.model).forEach(({layer}, gate) => {
      if (this.searched[gate].length === 0) return;
      const alpha = this.searched[gate].map((value, p) =>
        !this.open[gate][p] ? 0 : value !== 0 ? value : layer.alphaInit,
      );
      tf.tidy(() => {
        layer.alpha!.write(tf.tensor1d(alpha));
      });
    });
  }

  /** The interactions whose gates are open now. */
  selection(): Selection {
    return selectionOf(this.model);
  }
}
