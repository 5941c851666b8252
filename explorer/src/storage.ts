const PREFIX = "graphiql:"; // of all that GraphiQL keeps

/**
 * What GraphiQL keeps in the browser.
 * Clearing it loads the page anew: GraphiQL would soon write again what it still shows.
 */
export function createStorage() {
  let isCleared = false;
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  return {
    getItem: (key: string) => localStorage.getItem(key),
    setItem: (key: string, value: string) => {
      if (!isCleared) localStorage.setItem(key, value);
    },
    removeItem: (key: string) => {
      localStorage.removeItem(key);
    },
    get length() {
      return keys().length;
    },
    clear: () => {
      isCleared = true;
      for (const key of keys()) localStorage.removeItem(key);
      location.reload();
    },
  };
}
