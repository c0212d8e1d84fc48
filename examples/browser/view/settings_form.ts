import {DEFAULTS, SEEDS, type Settings} from '../settings';
import {byId} from './element';

/** The settings of a run. */
export class SettingsForm {
  private readonly form = byId<HTMLFormElement>('settings');

  constructor(onStart: (settings: Settings) => void, onChange: (settings: Settings) => void) {
    Object.assign(this.input('seed'), SEEDS);
    this.set(DEFAULTS);
    this.form.addEventListener('submit', event => {
      event.preventDefault();
      onStart(this.get());
    });
    this.form.addEventListener('change', () => {
      if (this.form.checkValidity()) onChange(this.get());
    });
  }

  /** Starts as the button does. */
  start(): void {
    this.form.requestSubmit();
  }

  get(): Settings {
    return {effort: this.input('effort').value as Settings['effort'], seed: Number(this.input('seed').value)};
  }

  set(settings: Settings): void {
    for (const [name, value] of Object.entries(settings)) this.input(name).value = String(value);
  }

  private input(name: string): HTMLInputElement | HTMLSelectElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }
}
