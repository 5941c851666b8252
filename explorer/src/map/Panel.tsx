import "./map.css";

import { useGraphiQL } from "@graphiql/react";
import type { GraphQLSchema } from "graphql";
import { useMemo, useState } from "react";

import { entities, everything } from "./entities";
import { LargeMap } from "./LargeMap";
import { TypeList } from "./TypeList";

/**
 * The schema's types and where they lead, in words, and as a picture.
 * The picture opens with the panel if that was asked for, and not with the page, which has no editor yet.
 */
export function Panel() {
  const schema = useGraphiQL((state) => state.schema);
  const isPageThere = useGraphiQL((state) => state.queryEditor !== undefined);
  const [isAskedFor] = useState(isPageThere && Boolean(schema));
  if (!schema) return <p>The map is here once the schema is loaded.</p>;
  return <SchemaMap schema={schema} isOpenAtFirst={isAskedFor} />;
}

function SchemaMap({ schema, isOpenAtFirst }: { schema: GraphQLSchema; isOpenAtFirst: boolean }) {
  const [isFull, setFull] = useState(false);
  const [isLarge, setLarge] = useState(isOpenAtFirst);
  const shown = useMemo(() => (isFull ? everything(schema) : entities(schema)), [schema, isFull]);
  const fullness = <Fullness isFull={isFull} onChange={setFull} />;
  const open = () => {
    setLarge(true);
  };
  const close = () => {
    setLarge(false);
  };
  return (
    <div className="map">
      <h2>Schema map</h2>
      <button type="button" className="graphiql-button" onClick={open}>
        Open the picture
      </button>
      {fullness}
      <TypeList entities={shown} />
      {isLarge && (
        <LargeMap entities={shown} onClose={close}>
          {fullness}
        </LargeMap>
      )}
    </div>
  );
}

function Fullness({ isFull, onChange }: { isFull: boolean; onChange: (isFull: boolean) => void }) {
  return (
    <label className="map-fullness">
      <input
        type="checkbox"
        checked={isFull}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      Show connections, payloads and errors
    </label>
  );
}
