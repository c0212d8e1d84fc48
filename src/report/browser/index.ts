/** The part of `tfjs-autofis/report` that needs neither Node nor files. */
export type {EchartsModule} from '../chart';
export {htmlReport} from '../html';
export {headline} from '../headline';
export type {Headline} from '../headline';
export {colorDeclarations} from '../theme';
export {textTable} from '../../text_table';
