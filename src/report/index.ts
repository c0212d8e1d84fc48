export {report} from './report';
export type {ReportFiles, ReportFormat, ReportOptions} from './report';
export * from './browser/index';
