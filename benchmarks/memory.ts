import {readFileSync} from 'node:fs';
import process from 'node:process';

/** Figures of the process's memory in MB (10^6 bytes); undefined where the system does not tell. */
export interface Memory {
  /** The most that was resident at any time. */
  peakMB: number;
  /**
   * What is resident now of mapped files, such as TensorFlow's library: shared, read-only, dropped when memory is
   * short.
   */
  filesMB?: number;
}

/** The memory of this process, from /proc/self/status or, where there is none, from getrusage. */
export function processMemory(): Memory {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return {peakMB: megabytes(status, 'VmHWM'), filesMB: megabytes(status, 'RssFile')};
  } catch {
    return {peakMB: process.resourceUsage().maxRSS * 1.024e-3};
  }
}

/** A line such as "VmHWM:	  123456 kB" of /proc/self/status. */
export function megabytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)![1]) * 1.024e-3;
}
