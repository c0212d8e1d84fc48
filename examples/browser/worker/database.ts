/** What is kept between visits: one run, in the browser's IndexedDB. */
const DATABASE = 'tfjs-autofis';
const STORE = 'run';

function open(): Promise<IDBDatabase> {
  return asPromise(
    Object.assign(indexedDB.open(DATABASE, 1), {
      onupgradeneeded(this: IDBOpenDBRequest) {
        this.result.createObjectStore(STORE);
      },
    }),
  );
}

function asPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}

/** Makes changes of the store: all or none. They are on the disk when it returns. */
async function change(make: (store: IDBObjectStore) => void): Promise<void> {
  const database = await open();
  try {
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(STORE, 'readwrite', {durability: 'strict'});
      make(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB failed'));
    });
  } finally {
    database.close();
  }
}

/** Stores values under their keys. */
export function save(values: {[key: string]: unknown}): Promise<void> {
  return change(store => Object.entries(values).forEach(([key, value]) => store.put(value, key)));
}

/** Forgets the run, and begins another with these values. */
export function replace(values: {[key: string]: unknown}): Promise<void> {
  return change(store => {
    store.clear();
    Object.entries(values).forEach(([key, value]) => store.put(value, key));
  });
}

/** What was stored under a key; undefined for nothing. */
export async function load<T>(key: string): Promise<T | undefined> {
  const database = await open();
  try {
    return (await asPromise(database.transaction(STORE).objectStore(STORE).get(key))) as T | undefined;
  } finally {
    database.close();
  }
}
