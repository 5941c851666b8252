import { DOC_EXPLORER_PLUGIN, useDocExplorerActions } from "@graphiql/plugin-doc-explorer";
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import type { FocusEventHandler, MouseEvent } from "react";

/** A type's name, which opens its documentation in the place of the picture. */
export function OpenType({ name, onFocus }: { name: string; onFocus?: FocusEventHandler }) {
  const type = useGraphiQL((state) => state.schema?.getType(name));
  const docs = useDocExplorerActions();
  const graphiql = useGraphiQLActions();
  const open = ({ currentTarget }: MouseEvent) => {
    currentTarget.closest("dialog")?.close();
    if (type) docs.push({ name, def: type });
    graphiql.setVisiblePlugin(DOC_EXPLORER_PLUGIN);
  };
  return (
    <button
      type="button"
      className="map-type nopan"
      title={`Documentation of ${name}`}
      onClick={open}
      onFocus={onFocus}
    >
      {name}
    </button>
  );
}
