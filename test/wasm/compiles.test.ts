import {compiles} from '../../src/wasm/compiles';
import {hasShallowModule} from '../../src/wasm/shallow';

afterEach(() => jest.restoreAllMocks());

it('is true of a module and false of anything else', () => {
  expect(compiles(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toBe(true);
  expect(compiles(Uint8Array.of(1, 2, 3))).toBe(false);
});

it('is false where nothing may be compiled, so that trainings do not begin with modules', () => {
  expect(hasShallowModule()).toBe(true);
  jest.spyOn(WebAssembly, 'Module').mockImplementation(() => {
    throw new WebAssembly.CompileError('the policy forbids it');
  });
  expect(hasShallowModule()).toBe(false);
});
