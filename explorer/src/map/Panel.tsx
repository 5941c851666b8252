import "./map.css";

import { useGraphiQL } from "@graphiql/react";
import type { GraphQLSchema } from "graphql";
import { useMemo, useState } from "react";

import { entities, everything } from "./entities";
import { LargeMap } from "./LargeMap";
import { TypeList } from "./TypeList";

/** The schema's types and where they lead, in words, and as a picture. */
export function Panel() {
  const schema = useGraphiQL((state) => state.schema);
  return schema ? <SchemaMap schema={schema} /> : <p>The map is here once the schema is loaded.</p>;
}

function SchemaMap({ schema }: { schema: GraphQLSchema }) {
  const [isFull, setFull] = useState(false);
  const [isLarge, setLarge] = useState(() => navigator.userActivation.isActive); // not at the page's load
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
