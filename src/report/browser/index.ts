/** The part of `tfjs-autofis/report` that needs neither Node nor files. */
export {htmlReport} from '../html';
export {textTable} from '../../text_table';
