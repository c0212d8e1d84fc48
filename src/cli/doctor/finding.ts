/** What one look of the doctor found. */
export interface Finding {
  name: string;
  /** 'missing' is something that can do without; 'broken' is not. */
  state: 'good' | 'missing' | 'broken';
  detail: string;
  /** What to do; only where something is not good. */
  cure?: string;
}
