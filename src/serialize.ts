import {serialization} from '@tensorflow/tfjs-core';
import {AutofisError, invalidArgument} from './errors';

/** Initializer, regularizer or optimizer as tfjs writes it into a config. */
export interface SerializedObject {
  className: string;
  config: serialization.ConfigDict;
}

/** The object as a config holds it; null stays null. */
export function toSerialized(object: serialization.Serializable | null): SerializedObject | null {
  return object === null ? null : {className: object.getClassName(), config: object.getConfig()};
}

/**
 * An initializer, regularizer or optimizer from what a user or a config gives: an instance, `{className, config}`, or
 * a name such as 'glorotNormal'. tfjs-layers has the same function but does not export it.
 */
export function fromIdentifier<T extends serialization.Serializable>(
  where: string,
  argument: string,
  identifier: T | SerializedObject | string,
): T {
  if (typeof identifier === 'object' && identifier !== null && 'getClassName' in identifier) return identifier;
  const {className, config} =
    typeof identifier === 'string'
      ? {className: identifier.charAt(0).toUpperCase() + identifier.slice(1), config: {}}
      : ((identifier as SerializedObject) ?? {});
  const entry = serialization.SerializationMap.getMap().classNameMap[className];
  if (entry === undefined) {
    const rule = 'be an object of tfjs, its {className, config} or its name';
    const cure = 'A class of your own must be registered by tf.serialization.registerClass.';
    throw invalidArgument(where, argument, rule, identifier, cure);
  }
  const [cls, fromConfig] = entry;
  return fromConfig(cls, config ?? {}) as T;
}

/** A new object of the same class and configuration, with fresh state. */
export function cloneSerializable<T extends serialization.Serializable>(where: string, object: T): T {
  const serialized = toSerialized(object)!;
  try {
    return fromIdentifier<T>(where, 'optimizer', serialized);
  } catch (error) {
    throw new AutofisError(`${where}: cannot make a fresh ${serialized.className}: ${(error as Error).message}`);
  }
}

/** A config as the class wrote it: tfjs adds `customObjects` to what it read from a file. */
export function writtenConfig({customObjects: _, ...config}: serialization.ConfigDict): serialization.ConfigDict {
  return config;
}
