/** Result of one check of the doctor. */
export interface Finding {
  name: string;
  /** 'missing' is something that can do without; 'broken' is not. */
  state: 'good' | 'missing' | 'broken';
  detail: string;
  /** Cure; absent where the state is good. */
  cure?: string;
}
