/** Fractions of the roots of the first primes: 64 cube roots for the rounds, eight square roots for the start. */
const PRIMES = Array.from({length: 312}, (_, n) => n).filter(
  n => n > 1 && ![2, 3, 5, 7, 11, 13, 17].some(p => n > p && n % p === 0),
);
const fraction = (root: number) => ((root - Math.floor(root)) * 2 ** 32) | 0;
const ROUNDS = Int32Array.from(PRIMES.slice(0, 64), prime => fraction(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), prime => fraction(Math.sqrt(prime)));

/**
 * SHA-256 (FIPS 180-4) of the pieces one after another, texts as UTF-8, in hexadecimal. The platform's own digest is
 * asynchronous, takes one buffer, and is absent from pages without TLS.
 */
export function sha256(pieces: Iterable<string | Uint8Array>): string {
  const state = START.slice();
  const block = new Uint8Array(64);
  let length = 0;
  const take = (bytes: Uint8Array) => {
    for (let i = 0; i < bytes.length;) {
      const at = length % 64;
      const count = Math.min(64 - at, bytes.length - i);
      block.set(bytes.subarray(i, i + count), at);
      i += count;
      length += count;
      if (length % 64 === 0) compress(state, block);
    }
  };
  const encoder = new TextEncoder();
  for (const piece of pieces) take(typeof piece === 'string' ? encoder.encode(piece) : piece);
  const bits = length * 8;
  take(Uint8Array.of(0x80));
  take(new Uint8Array((120 - (length % 64)) % 64));
  const end = new DataView(new ArrayBuffer(8));
  end.setUint32(0, Math.floor(bits / 2 ** 32));
  end.setUint32(4, bits >>> 0);
  take(new Uint8Array(end.buffer));
  return Array.from(state, word => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

const schedule = new Int32Array(64);
const rotate = (x: number, n: number) => (x >>> n) | (x << (32 - n));

function compress(state: Int32Array, block: Uint8Array): void {
  for (let t = 0; t < 16; t++) {
    schedule[t] = (block[4 * t] << 24) | (block[4 * t + 1] << 16) | (block[4 * t + 2] << 8) | block[4 * t + 3];
  }
  for (let t = 16; t < 64; t++) {
    const x = schedule[t - 15];
    const y = schedule[t - 2];
    schedule[t] =
      schedule[t - 16] +
      (rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)) +
      schedule[t - 7] +
      (rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t++) {
    const first =
      (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[t] + schedule[t]) | 0;
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] += word;
  });
}
