import { Graph, layout } from "@dagrejs/dagre";
import type { Edge, Node, XYPosition } from "@xyflow/react";

import type { Entity, Relation } from "./entities";

/** An entity's box. */
export type Box = Node<{ entity: Entity }, "box">;

/** One arrow for all relations from an entity to another. */
export type Arrow = Edge<{ relations: Relation[]; points: XYPosition[]; label: XYPosition }, "arrow">;

interface Size {
  width: number;
  height: number;
}
type BoxLabel = Size & XYPosition & { entity: Entity };
type ArrowLabel = Size & XYPosition & { relations: Relation[]; points: XYPosition[] };

// as map.css draws them
const BOX_WIDTH = 240;
const LINE_HEIGHT = 20;
const LETTER_WIDTH = 7;

/** Boxes and arrows from left to right, placed so that none hides another. */
export function laidOut(entities: Entity[]): { boxes: Box[]; arrows: Arrow[] } {
  const graph = graphOf(entities);
  layout(graph);
  return {
    boxes: graph.nodes().map((name) => boxOf(graph.node(name))),
    arrows: graph.edges().map(({ v, w }) => arrowOf(graph.node(v), graph.node(w), graph.edge(v, w))),
  };
}

/** The label of an arrow, a line for each relation. */
export function lineOf({ field, count }: Relation): string {
  return `${field}: ${count}`;
}

function graphOf(entities: Entity[]) {
  const graph = new Graph<object, BoxLabel, ArrowLabel>();
  graph.setGraph({ rankdir: "LR", nodesep: 30, ranksep: 30, edgesep: 20 });
  for (const entity of entities) {
    graph.setNode(entity.name, { entity, x: 0, y: 0, ...boxSize(entity) });
  }
  for (const { name, relations } of entities) {
    for (const to of new Set(relations.map((relation) => relation.to))) {
      const shared = relations.filter((relation) => relation.to === to);
      graph.setEdge(name, to, arrowLabel(shared));
    }
  }
  return graph;
}

function boxSize({ attributes }: Entity): Size {
  return { width: BOX_WIDTH, height: LINE_HEIGHT * (attributes.length + 2) };
}

function arrowLabel(relations: Relation[]) {
  const letters = Math.max(...relations.map((relation) => lineOf(relation).length));
  const size = { width: LETTER_WIDTH * (letters + 2), height: LINE_HEIGHT * relations.length };
  return { relations, points: [], x: 0, y: 0, labelpos: "c", ...size };
}

function boxOf({ entity, x, y, width, height }: BoxLabel): Box {
  const position = { x: x - width / 2, y: y - height / 2 };
  return { id: entity.name, type: "box", data: { entity }, position, width, height };
}

function arrowOf(from: BoxLabel, to: BoxLabel, { relations, points, x, y }: ArrowLabel): Arrow {
  const bends = points.slice(1, -1);
  const route = [leaving(from, bends.at(0) ?? to), ...bends, leaving(to, bends.at(-1) ?? from)];
  const [source, target] = [from.entity.name, to.entity.name];
  const data = { relations, points: route, label: { x, y } };
  return { id: `${source} ${target}`, type: "arrow", source, target, data };
}

/** Where an arrow meets the side of a box, as near to where it comes from as can be. */
function leaving({ x, y, width, height }: BoxLabel, towards: XYPosition): XYPosition {
  const reach = height / 2 - LINE_HEIGHT / 2;
  return {
    x: towards.x < x ? x - width / 2 : x + width / 2,
    y: Math.min(Math.max(towards.y, y - reach), y + reach),
  };
}
