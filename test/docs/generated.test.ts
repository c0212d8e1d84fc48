import {documents, read} from './markdown';

/** Pages that a command writes as a whole. */
const GENERATED = /^docs\/(benchmarks(\.\w+)?|profile|results\/\w+)\.md$/;

it.each(documents.filter(name => GENERATED.test(name)))('%s says which command made it', document => {
  expect(read(document).split('\n').slice(0, 10).join('\n')).toMatch(/(Generated|made) by `npm run [^`]+`/);
});

it.each(documents.filter(name => read(name).includes('<!-- generated')))(
  '%s names the command of each part',
  document => {
    const marks = [...read(document).matchAll(/<!-- generated(.*?)-->/g)];
    expect(marks.filter(([, by]) => !/^ by npm run \S+/.test(by))).toEqual([]);
    expect([...read(document).matchAll(/<!-- end of generated -->/g)]).toHaveLength(marks.length);
  },
);
