import type {CommandSpec} from '../command';
import {bench} from './bench';
import {doctor} from './doctor';
import {encode} from './encode';
import {evaluate} from './evaluate';
import {exporting} from './export';
import {init} from './init';
import {judge} from './judge';
import {predict} from './predict';
import {report} from './report';
import {retrain} from './retrain';
import {run} from './run';
import {search} from './search';
import {select} from './select';
import {setup} from './setup';
import {update} from './update';

/** The commands, in the order of the list in help. */
export const commands: readonly CommandSpec[] = [
  setup,
  doctor,
  run,
  select,
  init,
  encode,
  search,
  retrain,
  evaluate,
  predict,
  update,
  judge,
  report,
  exporting,
  bench,
];
