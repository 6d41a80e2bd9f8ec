/** Why a consent led nowhere, and what to do; `platform` is its name, if known. */
interface Ending {
  title: string;
  remedy: string;
}

const ENDINGS: Record<string, (platform: string) => Ending> = {
  'consent-refused': (platform) => ({
    title: `${platform} was not given leave`,
    remedy:
      'Nothing was connected, and nothing changed. Press Connect again when you are ready, and agree to what the page asks for: metricx reads figures, no more.',
  }),
  'consent-expired': () => ({
    title: 'That consent can no longer be used',
    remedy:
      'It was used already, took longer than ten minutes, or was begun in another browser or by somebody else. Press Connect, and go through it once more.',
  }),
  'other-account': (platform) => ({
    title: `${platform} opened another account`,
    remedy:
      'Whoever agreed there cannot open the account that was to be connected again. Press Reconnect, and agree as somebody who can.',
  }),
  'account-closed': (platform) => ({
    title: `${platform} has closed this account`,
    remedy: 'Settle it there, then press Reconnect.',
  }),
  'platform-refused': (platform) => ({
    title: `${platform} refused`,
    remedy:
      'It did not accept what metricx sent. Try once more; if it refuses again, whoever runs metricx has to check the app’s id, its secret and the address that it leads back to.',
  }),
  'platform-away': (platform) => ({
    title: `${platform} did not answer`,
    remedy: 'Nothing was connected. Try again in a few minutes.',
  }),
};

export function endingOf(code: string, platform = 'The platform'): Ending {
  const known = ENDINGS[code];
  if (known) return known(platform);
  return {
    title: 'The account was not connected',
    remedy: `Press Connect to try again. If it happens again, tell whoever runs metricx this word: ${code}.`,
  };
}
