import { configurationView } from './configuration.js';
import { deadLettersView } from './dead_letters.js';
import { heldView } from './held.js';
import { h } from './element.js';
import { overviewView } from './overview.js';
import { empty, linkButton, pageHead } from './parts.js';
import { passesView } from './passes.js';
import { profileView } from './profile.js';
import { profilesView } from './profiles.js';
import { quarantineView } from './quarantine.js';
import { replaysView } from './replays.js';

const VIEWS = {
  '': { title: 'Overview', make: overviewView },
  profiles: { title: 'Profiles', make: profilesView },
  replays: { title: 'Send again', make: replaysView },
  'dead-letters': { title: 'Dead letters', make: deadLettersView },
  held: { title: 'Held by the brake', make: heldView },
  quarantine: { title: 'Quarantine', make: quarantineView },
  passes: { title: 'Passes', make: passesView },
  configuration: { title: 'Configuration', make: configurationView },
};

function lost() {
  return h('div', {}, pageHead('No such page'),
    empty('search', 'This address leads nowhere', 'It may be mistyped or from another version.', linkButton('To the overview', '#/', { kind: 'primary' })));
}

export function viewFor({ path }) {
  const [section = '', ...rest] = path;
  if (section === 'profiles' && rest.length === 1) return { section, title: rest[0], make: profileView };
  if (rest.length > 0 || !Object.hasOwn(VIEWS, section)) return { section: null, title: 'No such page', make: lost };
  return { section, ...VIEWS[section] };
}
