import type { GraphiQLPlugin } from "@graphiql/react";

import { Account } from "./Account";
import { AccountIcon } from "./AccountIcon";

export const ACCOUNT_PLUGIN: GraphiQLPlugin = {
  title: "Account",
  icon: AccountIcon,
  content: Account,
};
