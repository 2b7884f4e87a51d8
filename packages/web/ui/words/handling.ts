/** English for handling.json, pap.json, handling-conditions.json; translations in messages/. */
export const handlingWords = {
  H0: /*i18n*/ { id: 'handling.H0', message: 'Crime work only' },
  H1: /*i18n*/ { id: 'handling.H1', message: 'Ask before court' },
  H2: /*i18n*/ { id: 'handling.H2', message: 'Ask before passing on' },
  H3: /*i18n*/ { id: 'handling.H3', message: 'Own terms' },
};
export const handlingMeanings = {
  H0: /*i18n*/ { id: 'handling-meaning.H0', message: 'May serve any lawful work against crime, and nothing else' },
  H1: /*i18n*/ {
    id: 'handling-meaning.H1',
    message: 'Stays out of court files and hearings until the nation that gave it agrees',
  },
  H2: /*i18n*/ {
    id: 'handling-meaning.H2',
    message: 'Stays with those it was addressed to until the nation that gave it agrees to more',
  },
  H3: /*i18n*/ {
    id: 'handling-meaning.H3',
    message: 'The giver sets terms of its own: written out, and put into structured conditions as far as they fit',
  },
};
export const papWords = {
  'PAP:RED': /*i18n*/ { id: 'pap.PAP:RED', message: 'Work in silence at home: own holdings only' },
  'PAP:AMBER': /*i18n*/ { id: 'pap.PAP:AMBER', message: 'Outside help may be asked; no step that reaches the subject' },
  'PAP:GREEN': /*i18n*/ { id: 'pap.PAP:GREEN', message: 'Steps the subject may feel are allowed where law permits' },
  'PAP:CLEAR': /*i18n*/ { id: 'pap.PAP:CLEAR', message: 'The item itself sets no limit to the steps taken' },
};
export const conditionWords = {
  'named-officers-only': /*i18n*/ { id: 'condition.named-officers-only', message: 'Named officers only' },
  'recipients-only': /*i18n*/ { id: 'condition.recipients-only', message: 'Listed nations only' },
  'hide-recipients': /*i18n*/ { id: 'condition.hide-recipients', message: 'Recipients not told of each other' },
  'no-third-nation': /*i18n*/ { id: 'condition.no-third-nation', message: 'No transfer to a non-member' },
  onward: /*i18n*/ { id: 'condition.onward', message: 'Onward rule' },
  'sanitise-before-onward': /*i18n*/ { id: 'condition.sanitise-before-onward', message: 'Sanitise before onward use' },
  'purpose-limit': /*i18n*/ { id: 'condition.purpose-limit', message: 'Purpose limit' },
  expires: /*i18n*/ { id: 'condition.expires', message: 'Expires' },
  'no-death-penalty-use': /*i18n*/ {
    id: 'condition.no-death-penalty-use',
    message: 'Not in proceedings that can lead to a death sentence',
  },
  'no-contact': /*i18n*/ { id: 'condition.no-contact', message: 'No contact with subject or source' },
  'no-copy': /*i18n*/ { id: 'condition.no-copy', message: 'No local copy or print' },
  acknowledge: /*i18n*/ { id: 'condition.acknowledge', message: 'Acknowledgement required' },
  'read-receipt': /*i18n*/ { id: 'condition.read-receipt', message: 'Opened receipt asked' },
  'step-up': /*i18n*/ { id: 'condition.step-up', message: 'Fresh passkey assertion to send' },
  'second-person': /*i18n*/ { id: 'condition.second-person', message: 'Second officer before release' },
};
export const onwardWords = {
  members: /*i18n*/ { id: 'onward.members', message: 'To other members named by the holder' },
  ask: /*i18n*/ { id: 'onward.ask', message: 'Only after asking the originator' },
  never: /*i18n*/ { id: 'onward.never', message: 'Never' },
};
