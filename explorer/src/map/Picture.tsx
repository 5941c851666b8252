import "@xyflow/react/dist/style.css";

import { useGraphiQL } from "@graphiql/react";
import { Controls, MarkerType, ReactFlow } from "@xyflow/react";
import { useMemo, useState } from "react";

import { ArrowEdge } from "./ArrowEdge";
import { BoxNode } from "./BoxNode";
import type { Entity } from "./entities";
import { type Arrow, laidOut } from "./layout";

const BOXES = { box: BoxNode };
const ARROWS = { arrow: ArrowEdge };
const READABLE = { minZoom: innerWidth < 700 ? 0.7 : 0.1 }; // a phone shows a part, to pan from
const WITH_HEAD = { markerEnd: { type: MarkerType.ArrowClosed, color: null, width: 18, height: 18 } };

/** Entities as boxes and their relations as arrows, to pan and zoom. */
export default function Picture({ entities }: { entities: Entity[] }) {
  const theme = useGraphiQL((state) => state.theme);
  const { boxes, arrows } = useMemo(() => laidOut(entities), [entities]);
  const [pointedAt, setPointedAt] = useState<string | null>(null);
  return (
    <ReactFlow
      key={boxes.length} // to fit the view anew
      nodes={boxes}
      edges={arrows.map((arrow) => ({ ...arrow, className: leads(arrow, pointedAt) ? "map-leading" : "" }))}
      onNodeMouseEnter={(_, box) => {
        setPointedAt(box.id);
      }}
      onNodeMouseLeave={() => {
        setPointedAt(null);
      }}
      nodeTypes={BOXES}
      edgeTypes={ARROWS}
      defaultEdgeOptions={WITH_HEAD}
      colorMode={theme ?? "system"}
      minZoom={0.1}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      fitView
      fitViewOptions={READABLE}
    >
      <Controls showInteractive={false} />
    </ReactFlow>
  );
}

/** Whether an arrow leads from or to an entity. */
function leads({ source, target }: Arrow, name: string | null): boolean {
  return source === name || target === name;
}
