import { useGraphiQL, useGraphiQLActions, useMonaco } from "@graphiql/react";
import { useEffect } from "react";

/** Break long lines where the window is narrow, and bind the shortcuts that GraphiQL lists. */
export function EditorOptions() {
  const monaco = useMonaco((state) => state.monaco);
  const editor = useGraphiQL((state) => state.queryEditor);
  const { copyQuery, mergeQuery, prettifyEditors } = useGraphiQLActions();
  useEffect(() => {
    if (monaco === undefined || editor === undefined) return;
    editor.updateOptions({ wordWrap: "on" });
    const { KeyCode, KeyMod } = monaco;
    const bind = (label: string, key: number, run: () => unknown) =>
      editor.addAction({
        id: `inkwell-${label}`,
        label,
        keybindings: [KeyMod.CtrlCmd | KeyMod.Shift | key], // GraphiQL's own take the Windows key
        run: () => void run(),
      });
    const bound = [
      bind("Prettify", KeyCode.KeyP, prettifyEditors),
      bind("Merge fragments", KeyCode.KeyM, mergeQuery),
      bind("Copy", KeyCode.KeyC, copyQuery),
    ];
    return () => {
      for (const each of bound) each.dispose();
    };
  }, [monaco, editor, copyQuery, mergeQuery, prettifyEditors]);
  return null;
}
