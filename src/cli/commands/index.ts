import type {CommandSpec} from '../command';
import {doctor} from './doctor';
import {evaluate} from './evaluate';
import {judge} from './judge';
import {retrain} from './retrain';
import {search} from './search';
import {setup} from './setup';

/** The commands, in the order of the list in help. */
export const commands: readonly CommandSpec[] = [setup, doctor, search, retrain, evaluate, judge];
