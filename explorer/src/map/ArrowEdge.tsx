import { BaseEdge, EdgeLabelRenderer, type EdgeProps, type XYPosition } from "@xyflow/react";

import { type Arrow, lineOf } from "./layout";

/** An arrow along the points that the layout chose, with its relations in words. */
export function ArrowEdge({ data, markerEnd }: EdgeProps<Arrow>) {
  if (!data) return null;
  const { relations, points, label } = data;
  return (
    <>
      <BaseEdge path={curveThrough(points)} {...(markerEnd && { markerEnd })} />
      <EdgeLabelRenderer>
        <div
          className="map-label"
          aria-hidden="true"
          style={{ transform: `translate(-50%, -50%) translate(${label.x.toString()}px, ${label.y.toString()}px)` }}
        >
          {relations.map((relation) => (
            <div key={relation.field}>{lineOf(relation)}</div>
          ))}
        </div>
      </EdgeLabelRenderer>
    </>
  );
}

/** A path from the first point to the last, drawn towards each of those between. */
function curveThrough(points: XYPosition[]): string {
  const [start, ...others] = points;
  const bends = others.slice(0, -1).map((bend, index) => {
    const next = others[index + 1] ?? bend;
    return `Q ${at(bend)} ${at(index === others.length - 2 ? next : middle(bend, next))}`;
  });
  return start ? [`M ${at(start)}`, ...bends].join(" ") : "";
}

function at({ x, y }: XYPosition): string {
  return `${x.toString()} ${y.toString()}`;
}

function middle(one: XYPosition, other: XYPosition): XYPosition {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
