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

/** Stores values under their keys, or removes those that are undefined: all or none. They are on the disk when it returns. */
export async function save(values: {[key: string]: unknown}): Promise<void> {
  const database = await open();
  try {
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(STORE, 'readwrite', {durability: 'strict'});
      const store = transaction.objectStore(STORE);
      for (const [key, value] of Object.entries(values)) {
        if (value === undefined) store.delete(key);
        else store.put(value, key);
      }
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB failed'));
    });
  } finally {
    database.close();
  }
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

/** Forgets the run. */
export async function clear(): Promise<void> {
  const database = await open();
  try {
    await asPromise(database.transaction(STORE, 'readwrite').objectStore(STORE).clear());
  } finally {
    database.close();
  }
}
