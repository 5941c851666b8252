import { useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";

/** Break long lines of the editor where the window is narrow. */
export function WrapLines() {
  const editor = useGraphiQL((state) => state.queryEditor);
  useEffect(() => {
    editor?.updateOptions({ wordWrap: "on" });
  }, [editor]);
  return null;
}
