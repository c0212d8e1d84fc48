/** Runs single jobs of a plan in a process of its own; see workers.ts. */
import {useBackend} from 'tfjs-autofis/runtime';
import {Lab} from './lab';
import type {PlanOptions} from './plan';
import {plans} from './plans';
import {Assignment, timed} from './workers';

const {plan, options, folder} = JSON.parse(process.argv[2]) as Assignment;
const jobs = plans.find(({name}) => name === plan)!.jobs(options as PlanOptions);
const lab = new Lab(folder);
const backend = useBackend();

process.on('disconnect', () => process.exit());
process.on('message', async key => {
  const job = jobs.find(known => known.key === key)!;
  process.send!(await timed(job, lab, (await backend).backend));
});
