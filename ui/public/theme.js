// Sets the chosen theme before the first paint; a file of its own because the CSP allows no inline script.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('metricx.theme');
  } catch {
    // Storage may be forbidden; the system's theme serves.
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
