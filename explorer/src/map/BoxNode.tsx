import { VisuallyHidden } from "@graphiql/react";
import { Handle, type NodeProps, Position, useReactFlow } from "@xyflow/react";
import type { FocusEvent } from "react";

import type { Box } from "./layout";
import { OpenType } from "./OpenType";
import { Relations } from "./TypeList";

/** An entity with its attributes; its arrows, which are drawn, are told to those who do not see them. */
export function BoxNode({ id, data: { entity } }: NodeProps<Box>) {
  const flow = useReactFlow();
  const comeIntoView = ({ target }: FocusEvent) => {
    if (target.matches(":focus-visible")) void flow.fitView({ nodes: [{ id }], maxZoom: 1 });
  };
  return (
    <section className="map-box" aria-label={entity.name}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <OpenType name={entity.name} onFocus={comeIntoView} />
      <dl>
        {entity.attributes.map(({ name, type }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={type}>{type}</dd>
          </div>
        ))}
      </dl>
      <VisuallyHidden>
        <Relations entity={entity} />
      </VisuallyHidden>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </section>
  );
}
