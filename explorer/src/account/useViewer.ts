import { useEffect, useState } from "react";

import { useMutations } from "../runs";
import { type Viewer, viewerOf } from "./operations";

interface Found {
  token: string;
  viewer: Viewer | null;
  problem: string | null;
}

/** Who has a token, or why that is not known; neither while the server is asked first. */
export function useViewer(token: string | null) {
  const [found, setFound] = useState<Found | null>(null);
  const [tries, setTries] = useState(0);
  const mutations = useMutations();
  useEffect(() => {
    if (token === null) return;
    let isLate = false;
    void findViewer(token).then((now) => {
      if (!isLate) setFound(now);
    });
    return () => {
      isLate = true;
    };
  }, [token, tries, mutations]);
  const known = found?.token === token ? found : null;
  const reload = () => {
    setFound(null);
    setTries(tries + 1);
  };
  return { viewer: known?.viewer ?? null, problem: known?.problem ?? null, reload };
}

async function findViewer(token: string): Promise<Found> {
  try {
    return { token, viewer: await viewerOf(token), problem: null };
  } catch (error) {
    return { token, viewer: null, problem: (error as Error).message };
  }
}
