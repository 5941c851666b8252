import { useGraphiQL, useGraphiQLActions, useMonaco } from "@graphiql/react";
import { useEffect } from "react";

/** Break long lines, bind the shortcuts that GraphiQL lists, and keep each answer in its tab. */
export function EditorOptions() {
  const monaco = useMonaco((state) => state.monaco);
  const editor = useGraphiQL((state) => state.queryEditor);
  const { copyQuery, mergeQuery, prettifyEditors } = useGraphiQLActions();
  useStopWithTab();
  useEffect(() => {
    if (monaco === undefined || editor === undefined) return;
    editor.updateOptions({ wordWrap: "on" });
    const { KeyCode, KeyMod } = monaco;
    const bind = (label: string, key: number, run: () => unknown) =>
      editor.addAction({
        id: `inkwell-${label}`,
        label,
        keybindings: [KeyMod.CtrlCmd | KeyMod.Shift | key], // GraphiQL binds Ctrl on a Mac alone
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

/** Stop what runs when another tab is turned to: GraphiQL would put its answer there. */
function useStopWithTab() {
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id);
  const actions = useGraphiQLActions();
  useEffect(
    () => () => {
      actions.stop();
    },
    [tab, actions],
  );
}
