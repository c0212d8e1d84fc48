export {report} from './report';
export * from './browser/index';
