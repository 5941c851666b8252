import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";

/** A type as the map shows it: what it has, and where it leads. */
export interface Entity {
  name: string;
  attributes: { name: string; type: string }[];
  relations: Relation[];
}

export interface Relation {
  field: string;
  to: string;
  count: "one" | "one or none" | "many";
}

type Field = GraphQLField<unknown, unknown>;

/** What reads can reach; a connection is a relation to many of its items. */
export function entities(schema: GraphQLSchema): Entity[] {
  const reached = new Set(roots(schema));
  const found: Entity[] = [];
  for (const type of reached) {
    const entity = entityOf(type, (field) => itemRelation(field) ?? relations(field, schema));
    for (const { to } of entity.relations) reached.add(schema.getType(to) as GraphQLObjectType);
    found.push(entity);
  }
  return found;
}

/** All object types, with connections, payloads and errors. */
export function everything(schema: GraphQLSchema): Entity[] {
  return objectTypes(schema).map((type) => entityOf(type, (field) => relations(field, schema)));
}

function roots(schema: GraphQLSchema): GraphQLObjectType[] {
  const query = schema.getQueryType();
  const nodes = objectTypes(schema).filter((type) => type.getInterfaces().some(isNode));
  return query ? [query, ...nodes] : nodes;
}

function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  return types.filter(({ name }) => !name.startsWith("__"));
}

function entityOf(type: GraphQLObjectType, relationsOf: (field: Field) => Relation[]): Entity {
  const fields = Object.values(type.getFields());
  const attributes = fields.filter(isAttribute).map((field) => ({ name: field.name, type: field.type.toString() }));
  const related = fields.filter((field) => !isAttribute(field)).flatMap(relationsOf);
  return { name: type.name, attributes, relations: related };
}

function isAttribute(field: Field): boolean {
  return isLeafType(getNamedType(field.type));
}

/** Where a field leads: to one type, or to each that an interface or a union may be. */
function relations(field: Field, schema: GraphQLSchema): Relation[] {
  const type = getNamedType(field.type);
  if (isNode(type)) return []; // an arrow to every type tells nothing
  const targets = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  return targets.map(({ name }) => ({ field: field.name, to: name, count: countOf(field) }));
}

function countOf({ type }: Field): Relation["count"] {
  if (isListType(getNullableType(type))) return "many";
  return isNonNullType(type) ? "one" : "one or none";
}

/** Where a connection leads, past itself and its edges; null if the field is none. */
function itemRelation(field: Field): Relation[] | null {
  const connection = getNamedType(field.type);
  if (!isObjectType(connection) || !("pageInfo" in connection.getFields())) return null;
  const edge = getNamedType(connection.getFields().edges?.type);
  const item = isObjectType(edge) ? getNamedType(edge.getFields().node?.type) : undefined;
  return item ? [{ field: field.name, to: item.name, count: "many" }] : null;
}

function isNode({ name }: { name: string }): boolean {
  return name === "Node";
}
