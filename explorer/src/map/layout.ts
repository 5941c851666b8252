import { Graph, layout } from "@dagrejs/dagre";
import type { Edge, Node, XYPosition } from "@xyflow/react";

import type { Entity, Relation } from "./entities";

/** An entity's box. */
export type Box = Node<{ entity: Entity }, "box">;

/** One arrow for all relations from an entity to another. */
export type Arrow = Edge<{ relations: Relation[]; points: XYPosition[]; label: XYPosition }, "arrow">;

/** From left to right, or from the top down. */
export type Direction = "LR" | "TB";

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

/** Boxes and arrows, placed so that neither hides the other. */
export function laidOut(entities: Entity[], direction: Direction): { boxes: Box[]; arrows: Arrow[] } {
  const graph = graphOf(entities);
  graph.setGraph({ rankdir: direction, nodesep: 30, ranksep: 30, edgesep: 20 });
  layout(graph);
  return {
    boxes: graph.nodes().map((name) => boxOf(graph.node(name))),
    arrows: graph.edges().map(({ v, w }) => arrowOf(v, w, graph.edge(v, w))),
  };
}

/** The label of an arrow, a line for each relation. */
export function lineOf({ field, count }: Relation): string {
  return `${field}: ${count}`;
}

function graphOf(entities: Entity[]) {
  const graph = new Graph<object, BoxLabel, ArrowLabel>();
  for (const entity of entities) {
    graph.setNode(entity.name, { entity, x: 0, y: 0, ...boxSize(entity) });
  }
  for (const { name, relations } of entities) {
    for (const to of new Set(relations.map((relation) => relation.to))) {
      const shared = relations.filter((relation) => relation.to === to);
      graph.setEdge(name, to, { relations: shared, points: [], x: 0, y: 0, ...labelSize(shared) });
    }
  }
  return graph;
}

function boxSize({ attributes }: Entity): Size {
  return { width: BOX_WIDTH, height: LINE_HEIGHT * (attributes.length + 2) };
}

function labelSize(relations: Relation[]): Size {
  const letters = Math.max(...relations.map((relation) => lineOf(relation).length));
  return { width: LETTER_WIDTH * (letters + 2), height: LINE_HEIGHT * relations.length };
}

function boxOf({ entity, x, y, width, height }: BoxLabel): Box {
  const position = { x: x - width / 2, y: y - height / 2 };
  return { id: entity.name, type: "box", data: { entity }, position, width, height };
}

function arrowOf(source: string, target: string, { relations, points, x, y }: ArrowLabel): Arrow {
  const data = { relations, points, label: { x, y } };
  return { id: `${source} ${target}`, type: "arrow", source, target, data };
}
