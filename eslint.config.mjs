import importX, {createNodeResolver} from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import {docstrings} from './scripts/docstring_rule.mjs';

const library = ['layers/**/*.ts', 'optimizers/**/*.ts', 'src/**/*.ts'];

/** These run in Node only; all else also runs in a browser. */
const nodeOnly = [
  'src/runtime',
  'src/data',
  'src/report',
  'src/export',
  'src/checkpoints',
  'src/cli',
  'src/terminal',
  'src/bundle/node',
  'src/update/node',
];

const backends = {
  regex: '^@tensorflow/(tfjs|tfjs-node|tfjs-node-gpu|tfjs-backend-.*|tfjs-data|tfjs-vis)$',
  message: 'The library imports only tfjs-core and tfjs-layers: the user picks the backend.',
};
const FIELD_TERMS =
  '^(kept|ownOps|isOptimizerOwned|(?!(own|owns|owned|kept|whole|places?|each|said)([A-Z_]|$))' +
  '(?!.*(Own|Owns|Owned|Kept|Whole|Places?|Each|Said)([A-Z]|$)).*)$';
/** Examples and benchmarks are users of the library; the page is a part of it. */
const entries = {
  regex: '^(\\.\\./)+(src|layers|optimizers)(/|$)',
  message: 'Import a public entry, such as tfjs-autofis/data.',
};
const insides = {regex: '(^|/)dist(/|$)', message: 'Import a public entry, not a file of its build.'};
const node = {regex: '^node:', message: 'This runs in a browser too: no module of Node.'};

/** Tensor methods exist only with the union package or a chained-ops import: tf.add(x, y), not x.add(y). */
const chainable = [
  'add',
  'sub',
  'mul',
  'div',
  'matMul',
  'sum',
  'mean',
  'square',
  'sqrt',
  'reshape',
  'gather',
  'cast',
  'exp',
  'neg',
  'transpose',
  'expandDims',
  'squeeze',
  'tile',
  'slice',
  'max',
  'min',
  'abs',
  'sigmoid',
  'greater',
  'less',
  'softmax',
];
const syntax = [
  {selector: 'ExportDefaultDeclaration', message: 'Named exports only.'},
  {
    selector:
      `CallExpression > MemberExpression.callee[property.name=/^(${chainable.join('|')})$/] > ` +
      'CallExpression.object > MemberExpression.callee[object.name="tf"]',
    message: 'Functional ops only: tf.add(x, y), not a chained x.add(y).',
  },
];

export default tseslint.config(
  {ignores: ['dist/', 'runs/', 'coverage/', 'node_modules/']},
  {
    files: ['**/*.{ts,mts,js,mjs,cjs}'],
    extends: [tseslint.configs.recommended],
    plugins: {'import-x': importX},
    settings: {
      'import-x/resolver-next': [createNodeResolver({extensions: ['.ts', '.mjs', '.cjs', '.js', '.json']})],
    },
    linterOptions: {reportUnusedDisableDirectives: 'error'},
    rules: {
      'import-x/no-self-import': 'error',
      'import-x/no-duplicates': 'error',
      '@typescript-eslint/no-unused-vars': ['error', {args: 'all', argsIgnorePattern: '^_', varsIgnorePattern: '^_$'}],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'one-var': ['error', 'never'],
      eqeqeq: ['error', 'always', {null: 'ignore'}],
      'prefer-const': 'error',
    },
  },
  {files: ['**/*.cjs'], rules: {'@typescript-eslint/no-require-imports': 'off'}},
  {
    // Patterns stay whole.
    files: ['**/*.{ts,mts,js,mjs,cjs}'],
    rules: {'no-nested-ternary': 'error', 'max-len': ['error', {code: 120, ignoreRegExpLiterals: true}]},
  },
  {
    // Templates there are data: tables, scripts of other processes, paragraphs of Markdown.
    files: ['test/**', 'benchmarks/**', 'scripts/**'],
    rules: {'max-len': ['error', {code: 120, ignoreRegExpLiterals: true, ignoreTemplateLiterals: true}]},
  },
  {
    // Words of every day that say nothing of what a name stands for; those of saved formats and of tfjs stay.
    files: [...library, 'scripts/**'],
    rules: {'id-match': ['error', FIELD_TERMS, {properties: true}]},
  },
  {
    files: library,
    plugins: {docstrings},
    rules: {
      'docstrings/opening': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-extraneous-dependencies': ['error', {devDependencies: false, peerDependencies: true}],
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', 50],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-restricted-imports': ['error', {patterns: [backends, insides, node]}],
      'no-console': ['error', {allow: ['warn']}],
      'no-restricted-syntax': ['error', ...syntax],
    },
  },
  {
    files: ['examples/**/*.{ts,mts}', 'benchmarks/**/*.ts'],
    ignores: [
      // What experiments and measurements take from inside the library, in one place.
      'benchmarks/internals.ts',
      'benchmarks/random.ts',
      'examples/browser/**',
    ],
    rules: {'@typescript-eslint/no-restricted-imports': ['error', {patterns: [entries]}]},
  },
  {
    files: nodeOnly.map(folder => `${folder}/**/*.ts`),
    ignores: ['src/runtime/kernels/**', 'src/runtime/browser/**', 'src/report/browser/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {patterns: [{...backends, allowTypeImports: true}, insides]},
      ],
    },
  },
);
