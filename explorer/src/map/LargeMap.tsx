import { CloseIcon } from "@graphiql/react";
import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";

import type { Entity } from "./entities";

const Picture = lazy(() => import("./Picture").catch(() => ({ default: Missing })));

interface Props {
  entities: Entity[];
  onClose: () => void;
  /** What stands beside the title. */
  children: ReactNode;
}

/** The picture over all of the page, until it is closed. */
export function LargeMap({ entities, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="map-large" aria-labelledby="map-title" onClose={onClose}>
      <header>
        <h2 id="map-title">Schema map</h2>
        {children}
        <button type="button" aria-label="Close" onClick={() => dialog.current?.close()}>
          <CloseIcon />
        </button>
      </header>
      <Suspense fallback={<p>Drawing the map …</p>}>
        <Picture entities={entities} />
      </Suspense>
    </dialog>
  );
}

function Missing() {
  return <p>The picture could not be loaded. Reload the page to try again.</p>;
}
