import type {CommandSpec} from '../command';
import {benchCommand} from './bench';
import {doctorCommand} from './doctor';
import {encodeCommand} from './encode';
import {evaluateCommand} from './evaluate';
import {exportCommand} from './export';
import {initCommand} from './init';
import {judgeCommand} from './judge';
import {predictCommand} from './predict';
import {reportCommand} from './report';
import {retrainCommand} from './retrain';
import {runCommand} from './run';
import {searchCommand} from './search';
import {selectCommand} from './select';
import {setupCommand} from './setup';
import {updateCommand} from './update';

/** The commands, in the order of the list in help. */
export const commands: readonly CommandSpec[] = [
  setupCommand,
  doctorCommand,
  runCommand,
  selectCommand,
  initCommand,
  encodeCommand,
  searchCommand,
  retrainCommand,
  evaluateCommand,
  predictCommand,
  updateCommand,
  judgeCommand,
  reportCommand,
  exportCommand,
  benchCommand,
];
