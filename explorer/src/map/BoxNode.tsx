import { Handle, type NodeProps, Position } from "@xyflow/react";
import { VisuallyHidden } from "@graphiql/react";

import type { Box } from "./layout";
import { OpenType } from "./OpenType";
import { Relations } from "./TypeList";

/** An entity with its attributes; its arrows, which are drawn, are told to those who do not see them. */
export function BoxNode({ data: { entity } }: NodeProps<Box>) {
  return (
    <section className="map-box" aria-label={entity.name}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <OpenType name={entity.name} />
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
