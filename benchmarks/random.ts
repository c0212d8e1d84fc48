/** The library's random numbers and hash, without the library: data sets and measured processes load nothing else. */
export {fmix32} from '../src/murmur3';
export {seededRandom, shuffle} from '../src/random';
