import type { Entity } from "./entities";
import { OpenType } from "./OpenType";

/** The map in words. */
export function TypeList({ entities }: { entities: Entity[] }) {
  return (
    <ul className="map-list">
      {entities.map((entity) => (
        <li key={entity.name}>
          <OpenType name={entity.name} />
          <p>{entity.attributes.map(({ name }) => name).join(", ")}</p>
          <Relations entity={entity} />
        </li>
      ))}
    </ul>
  );
}

/** Where an entity leads. */
export function Relations({ entity }: { entity: Entity }) {
  if (entity.relations.length === 0) return null;
  return (
    <ul aria-label={`Relations of ${entity.name}`}>
      {entity.relations.map(({ field, to, count }) => (
        <li key={`${field} ${to}`}>
          {field}: {count} → {to}
        </li>
      ))}
    </ul>
  );
}
