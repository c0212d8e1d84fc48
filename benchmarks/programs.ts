import path from 'node:path';
import process from 'node:process';
import type {MlpKernels} from './contestants/mlp';
import type {OursOptions} from './contestants/ours';
import type {PrepareOptions} from './contestants/prepare';
import type {Program} from './contestant';

/** Where a size of the model finds its rows and start weights. */
export interface SearchInput {
  rows: string;
  weights: string;
  d: number;
  hidden: number[];
}

/** A contestant in Node, of benchmarks/contestants. */
function inNode(name: string, file: string, options: object): Program {
  return {
    name,
    command: process.execPath,
    env: {TF_CPP_MIN_LOG_LEVEL: '3'},
    args: ['--expose-gc', '--import', 'tsx', path.join('benchmarks', 'contestants', file), JSON.stringify(options)],
  };
}

/**
 * A contestant in Python, of benchmarks/peers. Spinning threads would cost it, and the others, most of a busy machine.
 */
function inPython(python: string, name: string, file: string, options: object): Program {
  return {
    name,
    command: python,
    args: [path.join('benchmarks', 'peers', file), JSON.stringify(options)],
    env: {OMP_WAIT_POLICY: 'passive', GOMP_SPINCOUNT: '0', TF_CPP_MIN_LOG_LEVEL: '3', PYTHONDONTWRITEBYTECODE: '1'},
  };
}

export const ours = (name: string, options: OursOptions) => inNode(name, 'ours.ts', options);
export const stock = (input: SearchInput) => inNode('tfjs-node without this library', 'stock.ts', input);
const MLP_NAMES: Record<MlpKernels, string> = {
  stock: 'MLP alone, tfjs-node',
  ours: 'MLP alone, tfjs-node with our kernels',
  'stock in bfloat16': "MLP alone, TensorFlow's products in bfloat16",
  'ours in bfloat16': 'MLP alone, tfjs-node with our kernels, bfloat16',
};
export const mlpAlone = (input: SearchInput, kernels: MlpKernels) =>
  inNode(MLP_NAMES[kernels], 'mlp.ts', {...input, kernels});
export const inference = (options: {rows: string; d: number; hidden: number[]; batch: number}) =>
  inNode('inference', 'inference.ts', options);

export const exported = (options: {rows: string; d: number; hidden: number[]; folder: string}) =>
  inNode('exports', 'exported.ts', options);

export type TorchPeer = 'strong' | 'autocast' | 'authors' | 'mlp' | 'triples' | 'field_aware';
const TORCH_NAMES: Record<TorchPeer, string> = {
  strong: 'PyTorch, as fast as we can',
  autocast: 'PyTorch, as fast as we can, bfloat16 autocast',
  authors: "PyTorch, authors' formulation",
  mlp: 'MLP alone, PyTorch',
  triples: 'PyTorch, gathered pairs and triples',
  field_aware: 'PyTorch, as fast as we can',
};
export const torch = (
  python: string,
  peer: TorchPeer,
  input: Omit<SearchInput, 'weights'> & {weights?: string; limitGB?: number},
) => inPython(python, TORCH_NAMES[peer], 'torch_peer.py', {...input, peer});
export const keras = (python: string, input: SearchInput, mixed = false) =>
  inPython(python, `Keras 3 on TensorFlow${mixed ? ', mixed_bfloat16' : ''}`, 'keras_peer.py', {...input, mixed});

export const preparing = (name: string, options: PrepareOptions) => inNode(name, 'prepare.ts', options);

export type MovieLensPeer = 'sklearn' | 'pandas' | 'polars';
const MOVIELENS_NAMES: Record<MovieLensPeer, string> = {
  sklearn: 'pandas and scikit-learn',
  pandas: 'pandas alone',
  polars: 'polars',
};
export const movieLensPeer = (python: string, options: {peer: MovieLensPeer; file: string; folder: string}) =>
  inPython(python, MOVIELENS_NAMES[options.peer], 'movielens_peer.py', options);
export const fuxictr = (
  python: string,
  options: {source: string; folder: string; minCount: number; blockRows: number},
) => inPython(python, 'FuxiCTR', 'fuxictr_peer.py', options);
