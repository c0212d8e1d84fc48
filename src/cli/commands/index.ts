import type {CommandSpec} from '../command';
import {doctorCommand} from './doctor';
import {encodeCommand} from './encode';
import {evaluateCommand} from './evaluate';
import {exportCommand} from './export';
import {predictCommand} from './predict';
import {reportCommand} from './report';
import {runCommand} from './run';
import {selectCommand} from './select';
import {setupCommand} from './setup';
import {updateCommand} from './update';

/** The commands, in the order of the list in help. */
export const commands: readonly CommandSpec[] = [
  setupCommand,
  doctorCommand,
  runCommand,
  encodeCommand,
  selectCommand,
  evaluateCommand,
  predictCommand,
  updateCommand,
  reportCommand,
  exportCommand,
];
