import {fromQuery, SEEDS, type Settings, toQuery} from '../settings';
import {words} from '../strings';
import {byId, write} from './element';

/** The settings of a run, which a link can carry. */
export class SettingsForm {
  private readonly form = byId<HTMLFormElement>('settings');
  /** Names of settings that the link has wrong. */
  readonly wrong: readonly string[];
  /** Whether a link has brought the settings. A page that is loaded again is as it was left. */
  readonly linked: boolean;

  constructor(onStart: (settings: Settings) => void, onChange: (settings: Settings) => void) {
    const {settings, wrong} = fromQuery(location.search);
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    this.linked = toQuery(settings) !== '' && navigation?.type !== 'reload';
    this.wrong = wrong;
    Object.assign(this.input('seed'), SEEDS);
    this.set(settings);
    this.form.addEventListener('submit', event => {
      event.preventDefault();
      onStart(this.get());
    });
    this.form.addEventListener('change', () => {
      if (this.form.checkValidity()) onChange(this.get());
    });
    byId('link').addEventListener('click', () => void this.copyLink());
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

  private async copyLink(): Promise<void> {
    if (!this.form.reportValidity()) return;
    const query = toQuery(this.get());
    history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
    const status = byId('settings-status');
    await navigator.clipboard.writeText(location.href).then(
      () => write(status, words.settings.copied),
      () => write(status, words.settings.notCopied),
    );
  }
}
