import {useBackend} from 'tfjs-autofis/runtime';
import {LayerProducts} from '../../src/products/layer_products';
import {WasmFieldAwarePasses} from '../../src/products/wasm_field_aware_passes';
import {testFieldAwarePasses} from '../helpers/passes_suite';

beforeAll(() => useBackend('wasm'));

testFieldAwarePasses('on wasm', count => new WasmFieldAwarePasses(count), it);

it('are what layers use on wasm', () => {
  expect(LayerProducts.fieldAware(3).current.groups[0]).toBeInstanceOf(WasmFieldAwarePasses);
  expect(LayerProducts.fieldAware(0).current.groups).toEqual([]);
});
