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

/** A path through all points, level at each of them. */
function curveThrough(points: XYPosition[]): string {
  return points.map((point, index) => curveTo(point, points[index - 1])).join(" ");
}

function curveTo({ x, y }: XYPosition, from?: XYPosition): string {
  const end = [x, y];
  if (!from) return `M ${end.join(" ")}`;
  const middle = (from.x + x) / 2;
  return `C ${[middle, from.y, middle, y, ...end].join(" ")}`;
}
